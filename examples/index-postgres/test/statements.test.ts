import { readFileSync } from 'node:fs'
import { beforeAll, expect, inject, test } from 'vitest'
import type { Index } from '@registry/core'
import { placeOf } from '../src/place.js'
import { placeOfCase } from './place-of-case.js'
import type { PlaceOfCase } from './place-of-case.js'
import { withAdministrator } from './postgres-harness.js'

/** A user whose statements and plans are logged. */
const url = inject('trigramsUrl').replace('postgres:secret', 'watched:secret')

beforeAll(() =>
  withAdministrator(inject('trigramsUrl'), async (client) => {
    await client.query(`CREATE ROLE watched LOGIN SUPERUSER;
      ALTER ROLE watched SET log_statement = 'all';
      ALTER ROLE watched SET session_preload_libraries = 'auto_explain';
      ALTER ROLE watched SET auto_explain.log_min_duration = 0;
      ALTER ROLE watched SET auto_explain.log_analyze = on;
      ALTER ROLE watched SET auto_explain.log_nested_statements = on`)
  }))

async function logOf(work: () => Promise<unknown>): Promise<string> {
  const before = readFileSync(inject('logFile')).length
  await work()
  return readFileSync(inject('logFile')).subarray(before).toString()
}

/** Twenty thousand entries in one partition, and as many in another. */
async function fill({ schema }: PlaceOfCase): Promise<void> {
  await withAdministrator(inject('trigramsUrl'), async (client) => {
    for (const partition of ['large', 'other']) {
      await client.query(`INSERT INTO ${schema}.entries (place, partition, sort, revision, value, text)
        SELECT $1, $2, 'entry ' || lpad(n::text, 6, '0'), n::text, '1', 'text ' || md5(n::text) FROM generate_series(1, 20000) AS n`,
      [placeOf(partition), partition])
    }
    await client.query(`VACUUM ANALYZE ${schema}.entries`)
  })
}

async function filled(): Promise<Index> {
  const place = placeOfCase()
  const index = await place.open({ url })
  await fill(place)
  return index
}

test('a commit is one statement, and so are reads', async () => {
  const index = await placeOfCase().open({ url })
  const keys = Array.from({ length: 500 }, (_, number) => ({ partition: `p${number % 7}`, sort: `s${number}` }))
  const calls: readonly (() => Promise<unknown>)[] = [
    () => index.commit(keys.map((key) => ({ op: 'put', key, value: 1, expect: 'absent' }))),
    () => index.commit(keys.map((key) => ({ op: 'delete', key, expect: 'present' })), { durable: false }),
    () => index.get(keys),
    () => index.scan('p1'),
    () => index.search({ partition: 'p1', text: 'a bc def' }),
  ]
  for (const call of calls) expect((await logOf(call)).match(/LOG: {2}(execute|statement)/g)).toHaveLength(1)
})

test('a page reads no more of an index than it has, however large its partition is', async () => {
  const index = await filled()
  const bounds = { after: 'entry 005000', before: 'entry 015000', prefix: 'entry 0', limit: 10 }
  for (const options of [bounds, { ...bounds, reverse: true }, { limit: 10 }, { limit: 10, reverse: true }, { prefix: 'entry 01', limit: 10 }]) {
    const log = await logOf(() => index.scan('large', options))
    expect(log).toMatch(/Index Scan( Backward)? using entries_pkey .*\(actual time=\S+ rows=11 /)
    expect(log).not.toMatch(/Sort|Seq Scan|Rows Removed/)
  }
})

test('keys are looked up', async () => {
  const index = await filled()
  const log = await logOf(() => index.get([{ partition: 'large', sort: 'entry 000007' }, { partition: 'other', sort: 'entry 010000' }]))
  expect(log).toContain('using entries_pkey')
  expect(log).not.toContain('Seq Scan on entries')
})

test('a commit looks its keys up', async () => {
  const index = await filled()
  const keys = Array.from({ length: 100 }, (_, number) => ({ partition: 'large', sort: `entry ${String(number * 150 + 1).padStart(6, '0')}` }))
  const log = await logOf(() => index.commit(keys.map((key, number) => ({ op: number % 2 ? 'delete' : 'check', key, expect: 'present' }))))
  expect(log).toContain('using entries_pkey')
  expect(log).not.toMatch(/Seq Scan on entries/)
})

test('a long term is looked up among trigrams', async () => {
  const index = await filled()
  const log = await logOf(() => index.search({ partition: 'large', text: 'c4ca4238a0b9' }))
  expect(log).toContain('Bitmap Index Scan on entries_trigrams')
})

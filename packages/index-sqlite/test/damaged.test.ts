import { open, readFile, truncate } from 'node:fs/promises'
import path from 'node:path'
import type { Index, PutChange } from '@registry/core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openDatabase } from '../src/database.js'
import { sqliteIndex } from '../src/index.js'
import { expectTrouble } from './expect-trouble.js'
import { temporaryDirectory } from './temporary-directory.js'

const pageSize = 4096
const aside = 'put it aside with its -wal and -shm files, and restore it or let the registry rebuild it'
const put = (sort: string, value = 'x'.repeat(100)): PutChange => ({ op: 'put', key: { partition: 'p', sort }, value, text: sort })

/** A file with some thousand entries, which nobody has open. */
async function filled(): Promise<string> {
  const file = path.join(await temporaryDirectory(), 'index.sqlite')
  const index = await sqliteIndex({ file })
  await index.commit(Array.from({ length: 2000 }, (_, number) => put(`n${String(number).padStart(4, '0')}`)))
  await index.close()
  return file
}

async function overwrite(file: string, bytes: Uint8Array, ...offsets: readonly number[]): Promise<void> {
  const handle = await open(file, 'r+')
  for (const offset of offsets) await handle.write(bytes, 0, bytes.byteLength, offset)
  await handle.close()
}

const garbage = Buffer.alloc(512, 0xff)

/** Where the pages of these tables begin, in the order of what is in them. */
function pagesOf(file: string, ...tables: readonly string[]): readonly number[] {
  const database = openDatabase(file, 0)
  const pages = database.prepare<{ pgoffset: number }>(`SELECT pgoffset FROM dbstat WHERE name IN (${tables.map((table) => `'${table}'`).join()}) ORDER BY name, path`)
  const offsets = pages.all().map(({ pgoffset }) => pgoffset)
  database.close()
  return offsets
}

/** Fails where `use` changes a byte of the file. */
async function unwritten(file: string, use: () => Promise<void>): Promise<void> {
  const before = await readFile(file)
  await use()
  expect((await readFile(file)).equals(before), 'whether the file has the same bytes').toBe(true)
}

describe('a damaged file', () => {
  it('is refused at the start where its beginning is damaged, and not written', async () => {
    const [header, schemaPage, cut] = [await filled(), await filled(), await filled()]
    await overwrite(header, garbage, 0)
    await overwrite(schemaPage, garbage, 100)
    await truncate(cut, 5 * pageSize)
    for (const [file, todo] of [[header, 'put it aside, or choose another file'], [schemaPage, aside], [cut, aside]] as const) {
      await unwritten(file, async () => {
        expect(await expectTrouble(sqliteIndex({ file }), 'CORRUPT', file, todo)).toMatchObject({ operation: 'open', retryable: false })
      })
    }
  })

  it('is refused at the start where its tables are not ours', async () => {
    const file = await filled()
    const database = openDatabase(file, 0)
    database.exec('ALTER TABLE entries RENAME COLUMN revision TO version')
    database.close()
    await unwritten(file, async () => {
      await expectTrouble(sqliteIndex({ file }), 'CORRUPT', file, aside)
    })
  })

  it('makes every method answer CORRUPT that meets the damage, and is not written', async () => {
    const file = await filled()
    await overwrite(file, garbage, ...pagesOf(file, 'entries', 'searchable', 'trigrams_data'))
    await unwritten(file, async () => {
      const calls: readonly ((index: Index) => Promise<unknown>)[] = [
        async (index) => index.get([put('n0001').key]),
        async (index) => index.scan('p'),
        async (index) => index.scan('p', { reverse: true }),
        async (index) => index.search({ partition: 'p', text: 'n0001' }),
        async (index) => index.search({ partition: 'p', text: 'n' }),
        async (index) => index.commit([put('n0001')]),
        async (index) => index.commit([put('n0001')], { durable: false }),
        async (index) => index.commit([{ op: 'check', key: put('n0001').key, expect: 'present' }]),
      ]
      for (const call of calls) {
        const index = await sqliteIndex({ file })
        await expectTrouble(call(index), 'CORRUPT', file, aside)
        await index.close()
      }
    })
  })

  it('is not written any more after damage was seen anywhere, though it is read where it is whole', async () => {
    const file = await filled()
    await overwrite(file, garbage, pagesOf(file, 'entries').at(-1)!)
    const index = await sqliteIndex({ file })
    await index.commit([put('a')])
    await expectTrouble(index.scan('p', { reverse: true }), 'CORRUPT', file, aside)
    expect(await expectTrouble(index.commit([put('b')]), 'CORRUPT', file, aside)).toMatchObject({ operation: 'commit' })
    expect((await index.get([put('a').key, put('b').key])).map((entry) => entry?.key.sort)).toEqual(['a', undefined])
    await index.close()
  })

  it('is noticed while it is in use', async () => {
    const file = await filled()
    const index = await sqliteIndex({ file })
    onTestFinished(() => index.close())
    await overwrite(file, garbage, ...pagesOf(file, 'entries'))
    await expectTrouble(index.scan('p'), 'CORRUPT', file, aside)
  })

  it('is noticed where SQLite notices nothing, as soon as what it holds cannot have been put', async () => {
    const file = await filled()
    const database = openDatabase(file, 0)
    database.exec(`
      UPDATE entries SET value = substr(value, 1, 50) WHERE sort = 'n0001';
      UPDATE entries SET value = x'31' WHERE sort = 'n0002';
      INSERT OR REPLACE INTO entries (partition, sort, value, revision) VALUES ('p', 'n' || char(10), '{', 'r');
    `)
    database.close()
    for (const sort of ['n0001', 'n0002', 'n\n']) {
      const index = await sqliteIndex({ file })
      await expectTrouble(index.get([put(sort).key]), 'CORRUPT', file, aside)
      await expectTrouble(index.commit([put('c')]), 'CORRUPT', file, aside)
      await index.close()
    }
  })
})

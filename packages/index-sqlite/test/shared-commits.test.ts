import { setTimeout } from 'node:timers/promises'
import type { Expectation, PutChange } from '@registry/core'
import Sqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { CommitError } from '../src/database.js'
import { sqliteIndex } from '../src/index.js'
import { watchedIndex } from './watched-index.js'

const full = 2
const key = (sort: string): PutChange['key'] => ({ partition: 'p', sort })
const put = (sort: string, expect?: Expectation): PutChange => ({ op: 'put', key: key(sort), value: 1, expect })
const codes = (results: readonly PromiseSettledResult<unknown>[]): readonly unknown[] =>
  results.map((result) => (result.status === 'fulfilled' ? 'done' : (result.reason as { code?: string }).code))

describe('commits of one turn', () => {
  it('share one transaction, see each other in the order in which they came, and are each all or nothing', async () => {
    const { index, writes } = await watchedIndex()
    const results = await Promise.allSettled([
      index.commit([put('a', 'absent')]),
      index.commit([put('left out'), put('a', 'absent')]),
      index.commit([put('b'), { op: 'check', key: key('a'), expect: 'present' }]),
    ])
    expect(codes(results)).toEqual(['done', 'CONFLICT', 'done'])
    expect(writes).toEqual([full])
    expect((await index.scan('p')).entries.map((entry) => entry.key.sort)).toEqual(['a', 'b'])
  })

  it('wait for the disk where one of them is to be durable, and do not where none is', async () => {
    const { index, writes } = await watchedIndex()
    await Promise.all([index.commit([put('a')], { durable: false }), index.commit([put('b')])])
    await Promise.all([index.commit([put('c')], { durable: false }), index.commit([put('d')], { durable: false })])
    expect(writes).toEqual([full, 1])
  })

  it('are a hundred at most', async () => {
    const { index, writes } = await watchedIndex()
    await Promise.all(Array.from({ length: 101 }, (_, n) => index.commit([put(String(n))])))
    expect(writes).toHaveLength(2)
  })

  it('do not fail with one that the database refuses', async () => {
    const { index, writes } = await watchedIndex({
      onPut: ([, sort]) => {
        if (sort === 'bad') throw new Error('the database does not want this one')
      },
    })
    const results = await Promise.allSettled([index.commit([put('a')]), index.commit([put('b'), put('bad')]), index.commit([put('c')])])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(writes).toHaveLength(4)
    expect((await index.scan('p')).entries.map((entry) => entry.key.sort)).toEqual(['a', 'c'])
  })

  it('are not tried again where nobody knows what became of them', async () => {
    const cause = new Sqlite.SqliteError('disk I/O error', 'SQLITE_IOERR_FSYNC')
    const { index, writes } = await watchedIndex({
      beforeCommit: () => {
        throw new CommitError('COMMIT failed', { cause })
      },
    })
    expect(codes(await Promise.allSettled([index.commit([put('a')]), index.commit([put('a', 'present')])]))).toEqual(['UNAVAILABLE', 'UNAVAILABLE'])
    expect(writes).toHaveLength(1)
  })

  it('are applied before the index is closed', async () => {
    const { index, file } = await watchedIndex()
    const committed = index.commit([put('a')])
    await index.close()
    await expect(committed).resolves.toHaveLength(1)
    const again = await sqliteIndex({ file })
    expect(await again.get([key('a')])).toMatchObject([{ value: 1 }])
    await again.close()
  })

  it('leave nothing behind that a later turn would apply again', async () => {
    const { index, writes } = await watchedIndex()
    await index.commit([put('a')])
    await setTimeout(5)
    expect(writes).toHaveLength(1)
  })
})

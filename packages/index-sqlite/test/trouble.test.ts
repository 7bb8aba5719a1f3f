import { open } from 'node:fs/promises'
import path from 'node:path'
import type { Change } from '@registry/core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openDatabase } from '../src/database.js'
import { sqliteIndex } from '../src/index.js'
import { connect } from '../src/connection.js'
import { defaultLimits } from '../src/options.js'
import { indexOver } from '../src/sqlite-index.js'
import { temporaryDirectory } from './temporary-directory.js'

const put = (sort: string, value: string): Change => ({ op: 'put', key: { partition: 'p', sort }, value })

describe('trouble with the file', () => {
  it('says UNAVAILABLE while another process keeps it locked, and goes on after it; reads go on meanwhile', async () => {
    const file = path.join(await temporaryDirectory(), 'index.sqlite')
    const index = await sqliteIndex({ file, busyTimeout: 20 })
    onTestFinished(() => index.close())
    await index.commit([put('a', '1')])
    const other = openDatabase(file, 0)
    other.exec('BEGIN IMMEDIATE')
    for (const durable of [true, false]) {
      await expect(index.commit([put('a', '2')], { durable })).rejects.toMatchObject({ code: 'UNAVAILABLE', retryable: true, outcome: undefined, operation: 'commit' })
    }
    await expect(sqliteIndex({ file, busyTimeout: 20 })).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect((await index.scan('p')).entries.map(({ value }) => value)).toEqual(['1'])
    other.exec('ROLLBACK')
    other.close()
    await index.commit([put('a', '3')])
    expect((await index.scan('p')).entries.map(({ value }) => value)).toEqual(['3'])
  })

  it('says NO_SPACE where there is no room, changes nothing, and goes on when there is', async () => {
    const file = path.join(await temporaryDirectory(), 'index.sqlite')
    const database = await connect(file, 20)
    const index = indexOver(database, file, defaultLimits)
    onTestFinished(() => index.close())
    await index.commit([put('a', '1')])
    // The database may not grow: SQLite answers as it does for a full disk.
    const pages = Number(database.pragma('page_count'))
    database.pragma(`max_page_count = ${pages}`)
    await expect(index.commit([put('a', '2'), put('b', 'x'.repeat(1_000_000))])).rejects.toMatchObject({ code: 'NO_SPACE', outcome: undefined })
    expect((await index.scan('p')).entries.map(({ value }) => value)).toEqual(['1'])
    database.pragma('max_page_count = 1000000')
    await index.commit([put('b', 'x'.repeat(1_000_000))])
    expect((await index.scan('p')).entries.map(({ key }) => key.sort)).toEqual(['a', 'b'])
  })

  it('says CORRUPT and names the file where a page is damaged', async () => {
    const file = path.join(await temporaryDirectory(), 'index.sqlite')
    const index = await sqliteIndex({ file })
    await index.commit(Array.from({ length: 2000 }, (_, number) => put(`n${number}`, 'x'.repeat(100))))
    await index.close()
    const handle = await open(file, 'r+')
    const { size } = await handle.stat()
    for (let page = 4096 * 2; page < size; page += 4096) await handle.write(Buffer.alloc(512, 0xff), 0, 512, page)
    await handle.close()
    const read = async (): Promise<unknown> => {
      const damaged = await sqliteIndex({ file })
      try {
        return await damaged.scan('p')
      } finally {
        await damaged.close()
      }
    }
    await expect(read()).rejects.toMatchObject({ code: 'CORRUPT', message: expect.stringContaining(file) as string })
  })
})

import { type FileHandle, open, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { PutChange } from '@registry/core'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { connect } from '../src/connection.js'
import { temporaryDirectory } from './temporary-directory.js'
import { watchedIndex } from './watched-index.js'

const full = 2
const put = (sort: string, value = 1): PutChange => ({ op: 'put', key: { partition: 'p', sort }, value })

describe('durability', () => {
  it('keeps a log, waits for the disk, and for other processes as long as it was told, and looks at what it reads', async () => {
    const { database } = await watchedIndex()
    const settings = ['journal_mode', 'synchronous', 'busy_timeout', 'cell_size_check'].map((name) => database.pragma(name))
    expect(settings).toEqual(['wal', full, 50, 1])
  })

  it('waits for the directory of a file and for each above it, which may be as new as the file', async () => {
    const directory = await temporaryDirectory()
    const handle = await open(directory)
    const sync = vi.spyOn(Object.getPrototypeOf(handle) as FileHandle, 'sync')
    onTestFinished(async () => {
      sync.mockRestore()
      await handle.close()
    })
    for (const name of ['index.sqlite', 'index.sqlite', 'a/b/index.sqlite']) {
      sync.mockClear()
      const file = path.join(directory, name)
      const database = await connect(file, 50)
      database.close()
      expect(sync, name).toHaveBeenCalledTimes(path.dirname(file).split(path.sep).length)
    }
  })

  it('does not wait for a commit that need not be durable, and for the next one again', async () => {
    const { index, database, writes } = await watchedIndex()
    await index.commit([put('a')])
    await index.commit([put('b')], { durable: false })
    expect(database.pragma('synchronous')).toBe(full)
    await index.commit([put('c')])
    expect(writes).toEqual([full, 1, full])
  })

  it('waits again after a commit that need not be durable and failed', async () => {
    const { index, database } = await watchedIndex()
    await expect(index.commit([put('a'), { op: 'check', key: { partition: 'p', sort: 'b' }, expect: 'present' }], { durable: false })).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(database.pragma('synchronous')).toBe(full)
    const other = await connect((database.prepare<{ file: string }>('PRAGMA database_list').all()[0]!).file, 50)
    other.transaction('BEGIN IMMEDIATE', () => {
      // A commit that finds the file locked: it fails before it begins.
      expect(() => database.prepare('BEGIN IMMEDIATE').run()).toThrow('locked')
    })
    other.close()
    expect(database.pragma('synchronous')).toBe(full)
  })

  it('writes to the log for a durable commit of checks alone, so that what it saw is on the disk', async () => {
    const { index, file } = await watchedIndex()
    await index.commit([put('a')], { durable: false })
    const log = async (): Promise<number> => (await readFile(`${file}-wal`)).byteLength
    const before = await log()
    await index.commit([{ op: 'check', key: { partition: 'p', sort: 'a' }, expect: 'present' }], { durable: false })
    expect(await log()).toBe(before)
    await index.commit([{ op: 'check', key: { partition: 'p', sort: 'a' }, expect: 'present' }])
    const afterCheck = await log()
    expect(afterCheck).toBeGreaterThan(before)
    await index.commit([{ op: 'delete', key: { partition: 'p', sort: 'absent' } }])
    expect(await log()).toBeGreaterThan(afterCheck)
  })
})

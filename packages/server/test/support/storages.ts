import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Driver, Index } from '@registry/core'
import { memoryDriver, memoryIndex, MemoryIndexStorage, type MemoryStorage } from '@registry/core/memory'
import { fileDriver } from '@registry/driver-file'
import { sqliteIndex } from '@registry/index-sqlite'

/** What one registry keeps its data in, to be opened again and again. */
export interface Storages extends AsyncDisposable {
  open(): Promise<{ readonly driver: Driver; readonly index: Index }>
  /** The index is gone for who opens it from now on. */
  loseIndex(): Promise<void>
}

/** A kind of driver and a kind of index. */
export interface Pair {
  readonly name: string
  make(): Promise<Storages>
}

export const memory: Pair = {
  name: 'memory + memory',
  async make(): Promise<Storages> {
    const objects: MemoryStorage = new Map()
    let rows = new MemoryIndexStorage()
    return {
      open: async () => ({ driver: memoryDriver({ storage: objects }), index: memoryIndex({ storage: rows }) }),
      async loseIndex(): Promise<void> {
        rows = new MemoryIndexStorage()
      },
      async [Symbol.asyncDispose](): Promise<void> {},
    }
  },
}

const fileAndSqlite: Pair = {
  name: 'file + SQLite',
  async make(): Promise<Storages> {
    const folder = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'registry-pair-'))
    const file = join(folder, 'index.sqlite')
    return {
      open: async () => ({ driver: await fileDriver({ root: join(folder, 'storage') }), index: await sqliteIndex({ file }) }),
      async loseIndex(): Promise<void> {
        for (const suffix of ['', '-wal', '-shm']) await rm(file + suffix, { force: true })
      },
      async [Symbol.asyncDispose](): Promise<void> {
        await rm(folder, { recursive: true })
      },
    }
  },
}

/** Every pair that has to give the same answers: a further one is one more line here. */
export const pairs: readonly Pair[] = [memory, fileAndSqlite]

import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Driver, Index } from '@registry/core'
import { memoryDriver, memoryIndex, MemoryIndexStorage, type MemoryStorage } from '@registry/core/memory'
import { fileDriver } from '@registry/driver-file'
import { sqliteIndex } from '@registry/index-sqlite'

/** The storages of one registry: what is put through one driver or index is seen through every other that is opened here. */
export interface Storages extends AsyncDisposable {
  driver(): Promise<Driver>
  index(): Promise<Index>
  /** What the index held is gone for those who open it from now on. */
  loseIndex(): Promise<void>
}

/** A driver and an index that the engine's tests run on. */
export interface Pair {
  readonly name: string
  open(): Promise<Storages>
}

const memory: Pair = {
  name: 'memory + memory',
  async open(): Promise<Storages> {
    const objects: MemoryStorage = new Map()
    let rows = new MemoryIndexStorage()
    return {
      driver: async () => memoryDriver({ storage: objects }),
      index: async () => memoryIndex({ storage: rows }),
      async loseIndex(): Promise<void> {
        rows = new MemoryIndexStorage()
      },
      async [Symbol.asyncDispose](): Promise<void> {},
    }
  },
}

/** What the engine's tests find out is not about disks, so that they need not wait for one. */
const memoryDisk = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

const fileAndSqlite: Pair = {
  name: 'file + SQLite',
  async open(): Promise<Storages> {
    const folder = await mkdtemp(join(memoryDisk, 'registry-engine-'))
    let lost = 0
    return {
      driver: () => fileDriver({ root: join(folder, 'storage') }),
      // Limits of other indexes, so that the engine splits its commits and puts large texts aside here too.
      index: () => sqliteIndex({ file: join(folder, `index-${lost}.sqlite`), limits: memoryIndex().capabilities.limits }),
      async loseIndex(): Promise<void> {
        lost++
      },
      async [Symbol.asyncDispose](): Promise<void> {
        await rm(folder, { recursive: true })
      },
    }
  },
}

/** Every pair that the tests run on: a further one is one more line here. */
export const pairs: readonly Pair[] = [memory, fileAndSqlite]

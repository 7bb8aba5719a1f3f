import type { Driver, Index } from '@registry/core'
import { memoryDriver, memoryIndex, MemoryIndexStorage, type MemoryStorage } from '@registry/core/memory'

/** The storages of one registry: what is put through one driver or index is seen through every other that is opened here. */
export interface Storages extends AsyncDisposable {
  driver(): Promise<Driver>
  index(): Promise<Index>
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
    const rows = new MemoryIndexStorage()
    return {
      driver: async () => memoryDriver({ storage: objects }),
      index: async () => memoryIndex({ storage: rows }),
      async [Symbol.asyncDispose](): Promise<void> {},
    }
  },
}

/** Every pair that the tests run on: a further one is one more line here. */
export const pairs: readonly Pair[] = [memory]

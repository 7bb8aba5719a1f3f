import { setImmediate } from 'node:timers/promises'
import { memoryIndex, MemoryIndexStorage } from '../../src/memory/index.js'
import { type IndexMutant, limits } from './mutant.js'

/** A mutant that does something wrong to its data when it is opened. */
function opening(id: string, breaks: string, prepare: (storage: MemoryIndexStorage) => Promise<void>): IndexMutant {
  return {
    id,
    breaks,
    harness: async () => {
      const storage = new MemoryIndexStorage()
      return {
        async open() {
          await prepare(storage)
          return memoryIndex({ storage, limits })
        },
        destroy: async () => {},
      }
    },
  }
}

const created = new WeakSet<MemoryIndexStorage>()

export const openingMutants: readonly IndexMutant[] = [
  opening('created-by-each', 'each of those that find nothing begins anew, whatever another one has put meanwhile', async (storage) => {
    if (created.has(storage)) return
    await setImmediate()
    storage.partitions.clear()
    created.add(storage)
  }),
  opening('recovers-what-is-whole', 'who opens it puts everything back to what it has read, though another one goes on writing', async (storage) => {
    const read = structuredClone(storage.partitions)
    await Promise.resolve()
    for (const [name, entries] of read) storage.partitions.set(name, entries)
  }),
]

import type { Index } from '../../src/index-store.js'
import type { MemoryIndexStorage } from '../../src/memory/index.js'
import { memoryIndex } from '../../src/memory/index.js'
import { harnessOf, type IndexMutant, limits, mutant } from './mutant.js'

type Stored = NonNullable<ReturnType<NonNullable<ReturnType<MemoryIndexStorage['partitions']['get']>>['get']>>

/** A mutant that gives out revisions of its own, in each instance as `start` says. */
function revising(id: string, breaks: string, start: () => (stored: Stored, old: string | undefined) => string): IndexMutant {
  return mutant(id, breaks, (index, storage) => {
    const revise = start()
    const commit: Index['commit'] = async (changes, options) => {
      const old = changes.map(({ key }) => storage.partitions.get(key.partition)?.get(key.sort)?.revision)
      const answer = await index.commit(changes, options)
      return changes.map(({ op, key: { partition, sort } }, number) => {
        const entries = storage.partitions.get(partition)
        const stored = entries?.get(sort)
        if (op !== 'put' || stored === undefined) return answer[number]
        const revision = revise(stored, old[number])
        entries?.set(sort, { ...stored, revision })
        return revision
      })
    }
    return { commit }
  })
}

export const revisionMutants: readonly IndexMutant[] = [
  revising('revision-of-value', 'a revision is the value itself', () => ({ json }) => json),
  revising('revision-counts', 'a revision counts the puts since the entry was absent', () => (_, old) => String(Number(old ?? 0) + 1)),
  revising('revision-per-instance', 'each instance counts its own puts', () => {
    let puts = 0
    return () => String(++puts)
  }),
  {
    id: 'revision-restarts',
    breaks: 'revisions begin again with every instance',
    harness: harnessOf((storage) => {
      storage.revision = 0
      return memoryIndex({ storage, limits })
    }),
  },
]

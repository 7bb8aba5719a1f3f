import type { Index } from '../../src/index-store.js'
import { memoryIndex } from '../../src/memory/index.js'
import { harnessOf, type IndexMutant, limits, mutant, store, storedAt, type Stored } from './mutant.js'

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
  mutant('idle-puts', 'of several puts those of the same value are passed over', (index, storage) => ({
    commit: async (changes, options) => {
      const old = changes.map(({ key }) => storedAt(storage, key))
      const answer = await index.commit(changes, options)
      return changes.map((change, number) => {
        const before = old[number]
        const now = storedAt(storage, change.key)
        if (changes.length < 2 || change.op !== 'put' || before?.json !== now?.json || before?.text !== now?.text) return answer[number]
        store(storage, change.key, before)
        return before?.revision
      })
    },
  })),
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

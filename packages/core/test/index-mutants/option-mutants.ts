import type { CommitOptions, EntryPage, Index } from '../../src/index-store.js'
import type { Json } from '../../src/json.js'
import { memoryIndex, type MemoryIndexStorage } from '../../src/memory/index.js'
import { harnessOf, type IndexMutant, limits, mutant, store, storedAt } from './mutant.js'

/** A mutant that does not look at the signal of some commits. */
function deaf(id: string, breaks: string, when: (options: CommitOptions) => boolean): IndexMutant {
  return mutant(id, breaks, (index) => ({
    commit: async (changes, options = {}) => index.commit(changes, when(options) ? { ...options, signal: undefined } : options),
  }))
}

/** What was put by commits that need not be atomic, by revision. */
const references = new WeakMap<MemoryIndexStorage, Map<string, Json>>()

function byReference(index: Index, storage: MemoryIndexStorage): Partial<Index> {
  const values = references.get(storage) ?? new Map<string, Json>()
  references.set(storage, values)
  const page = ({ entries, more }: EntryPage): EntryPage => ({
    entries: entries.map((entry) => ({ ...entry, value: values.get(entry.revision) ?? entry.value })),
    more,
  })
  return {
    commit: async (changes, options) => {
      const answer = await index.commit(changes, options)
      if (options?.atomic !== false) return answer
      for (const [number, change] of changes.entries()) if (change.op === 'put') values.set(String(answer[number]), change.value)
      return answer
    },
    scan: async (partition, options) => page(await index.scan(partition, options)),
  }
}

/** How many instances are open, and the revision that the last durable commit noted. */
const counters = new WeakMap<MemoryIndexStorage, { open: number; saved: number }>()

export const optionMutants: readonly IndexMutant[] = [
  deaf('deaf-not-atomic', 'a commit that need not be atomic does not look at its signal', ({ atomic }) => atomic === false),
  deaf('deaf-not-durable', 'a commit that need not be durable does not look at its signal', ({ durable }) => durable === false),
  mutant('open-not-atomic', 'a commit that need not be atomic lands after close, too', (index, storage) => {
    const other = memoryIndex({ storage, limits: limits })
    return { commit: async (changes, options) => (options?.atomic === false ? other : index).commit(changes, options) }
  }),
  mutant('reference-not-atomic', 'what a commit that need not be atomic puts is kept as the object of the caller', byReference),
  mutant('hashed-not-atomic', 'a put of a commit that need not be atomic has a revision made of its value', (index, storage) => ({
    commit: async (changes, options) => {
      const answer = await index.commit(changes, options)
      if (options?.atomic !== false) return answer
      return changes.map(({ op, key }, number) => {
        const stored = storedAt(storage, key)
        if (op !== 'put' || stored === undefined) return answer[number]
        const revision = `${stored.json.slice(0, 40)} ${key.sort}`
        store(storage, key, { ...stored, revision })
        return revision
      })
    },
  })),
  {
    id: 'counter-not-durable',
    breaks: 'the counter of revisions is noted by durable commits alone, and begins there after a restart',
    harness: harnessOf((storage) => {
      const counter = counters.get(storage) ?? { open: 0, saved: 0 }
      counters.set(storage, counter)
      if (counter.open++ === 0) storage.revision = counter.saved
      const index = memoryIndex({ storage, limits: limits })
      let closed = false
      return {
        ...index,
        commit: async (changes, options) => {
          const answer = await index.commit(changes, options)
          if (options?.durable !== false) counter.saved = storage.revision
          return answer
        },
        close: async () => {
          if (!closed) counter.open--
          closed = true
          await index.close()
        },
      }
    }),
  },
]

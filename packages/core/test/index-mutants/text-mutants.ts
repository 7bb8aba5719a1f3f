import type { Change, CommitOptions, EntryKey } from '../../src/index-store.js'
import type { MemoryIndexStorage } from '../../src/memory/index.js'
import { type IndexMutant, limits, mutant, type Stored, store, storedAt } from './mutant.js'
import { pageOf } from './search-page.js'

type When = (change: Change, options: CommitOptions) => boolean

/** A mutant some of whose puts leave the text as it was. */
function keepingText(id: string, breaks: string, when: When, its = limits): IndexMutant {
  return mutant(id, breaks, (index, storage) => ({
    commit: async (changes, options = {}) => {
      const old = changes.map(({ key }) => storedAt(storage, key)?.text)
      const answer = await index.commit(changes, options)
      for (const [number, change] of changes.entries()) {
        const stored = storedAt(storage, change.key)
        if (change.op === 'put' && stored !== undefined && when(change, options)) store(storage, change.key, { ...stored, text: old[number] })
      }
      return answer
    },
  }), its)
}

type Ghosts = Map<string, Stored & EntryKey>

const ghosts = new WeakMap<MemoryIndexStorage, Ghosts>()

function ghostsOf(storage: MemoryIndexStorage): Ghosts {
  const known: Ghosts = ghosts.get(storage) ?? new Map<string, Stored & EntryKey>()
  ghosts.set(storage, known)
  return known
}

/** A mutant that keeps of some of the deleted entries what search looks at. */
function haunted(id: string, breaks: string, when: When, isFound: boolean): IndexMutant {
  return mutant(id, breaks, (index, storage) => ({
    commit: async (changes, options = {}) => {
      const known = ghostsOf(storage)
      const old = changes.map(({ key }) => storedAt(storage, key))
      const answer = await index.commit(changes, options)
      for (const [number, change] of changes.entries()) {
        const { op, key } = change
        const [name, before, stored] = [JSON.stringify([key.partition, key.sort]), old[number], storedAt(storage, key)]
        if (op === 'delete' && before?.text !== undefined && when(change, options)) known.set(name, { ...before, ...key })
        if (op !== 'put') continue
        if (!isFound && change.text === undefined && stored !== undefined) store(storage, key, { ...stored, text: known.get(name)?.text })
        known.delete(name)
      }
      return answer
    },
    search: async (query, options) => {
      const page = await index.search(query, options)
      if (!isFound) return page
      const seen = structuredClone(storage)
      for (const { partition, sort, ...stored } of ghostsOf(storage).values()) store(seen, { partition, sort }, stored)
      const found = new Set(page.entries.map(({ key }) => key.sort))
      const isGhost = (sort: string): boolean => ghostsOf(storage).has(JSON.stringify([query.partition, sort]))
      return pageOf(seen, query.partition, options, ({ sort }) => found.has(sort) || isGhost(sort))
    },
  }))
}

const large = { ...limits, commitBytes: 200_000, valueBytes: 40_000 }

export const textMutants: readonly IndexMutant[] = [
  keepingText('text-kept-expecting', 'a put that expects something leaves the text as it was', ({ expect }) => expect !== undefined),
  keepingText('text-kept-not-atomic', 'a commit that need not be atomic leaves texts as they were', (_, { atomic }) => atomic === false),
  keepingText('text-kept-not-durable', 'a commit that need not be durable leaves texts as they were', (_, { durable }) => durable === false),
  keepingText(
    'text-too-large',
    'a text that has more than 36,000 bytes together with its value is forgotten',
    (change) => change.op === 'put' && JSON.stringify(change.value).length + (change.text ?? '').length > 36_000,
    large,
  ),
  haunted('ghosts-expecting', 'a delete that expects something leaves its text to the next put', ({ expect }) => expect !== undefined, false),
  haunted('ghosts-not-atomic', 'what is deleted by a commit that need not be atomic is still found', (_, { atomic }) => atomic === false, true),
  mutant('text-of-32766', 'of a text the first 32,766 bytes are searched', (index) => ({
    commit: async (changes, options) => {
      // What is too large has to be refused as it is.
      const sized = (text = ''): string => (text.length < large.valueBytes - 50 ? text.slice(0, 32_766) : text)
      const cut = (change: Change): Change => (change.op === 'put' && change.text !== undefined ? { ...change, text: sized(change.text) } : change)
      return index.commit(changes.map(cut), options)
    },
  }), large),
]

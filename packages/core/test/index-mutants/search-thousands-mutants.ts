import type { Change } from '../../src/index-store.js'
import type { MemoryIndexStorage } from '../../src/memory/index.js'
import { changing, type IndexMutant, limits, mutant, type Stored, store, storedAt } from './mutant.js'
import { pageOf } from './search-page.js'

/** A mutant that does something to the texts of a partition that has more than a thousand entries already. */
function amongThousands(id: string, breaks: string, text: (change: Change, old: Stored | undefined) => boolean): IndexMutant {
  return mutant(id, breaks, (index, storage) => ({
    commit: async (changes, options) => {
      const old = changes.map(({ key }) => storedAt(storage, key))
      const answer = await index.commit(changes, options)
      for (const [number, change] of changes.entries()) {
        const stored = storedAt(storage, change.key)
        if (stored === undefined || sizeOf(storage, change) <= 1000 || !text(change, old[number])) continue
        store(storage, change.key, { ...stored, text: old[number]?.text })
      }
      return answer
    },
  }))
}

function sizeOf(storage: MemoryIndexStorage, { key }: Change): number {
  return storage.partitions.get(key.partition)?.size ?? 0
}

export const searchThousandsMutants: readonly IndexMutant[] = [
  mutant('search-1500', 'search looks at the first 1,500 entries', (index, storage) => ({
    search: async (query, options) => {
      const page = await index.search(query, options)
      const entries = storage.partitions.get(query.partition)
      if (entries === undefined || entries.size <= 1500) return page
      const sorts = new Set([...entries.keys()].sort().slice(0, 1500))
      return { ...page, entries: page.entries.filter(({ key }) => sorts.has(key.sort)) }
    },
  })),
  mutant('search-more-at-thousand', 'a full page of matches says more', (index) => ({
    search: async (query, options) => {
      const page = await index.search(query, options)
      return page.entries.length === 1000 ? { ...page, more: true } : page
    },
  })),
  mutant('search-revisions', 'behind two hundred matches search answers with the revision of the one before', (index) => ({
    search: async (query, options) => {
      const page = await index.search(query, options)
      return { ...page, entries: page.entries.map((entry, number) => ({ ...entry, revision: (number > 200 ? page.entries[number - 1]! : entry).revision })) }
    },
  })),
  mutant('search-second-page', 'a page of matches that begins after something is taken for the last', (index) => ({
    search: async (query, options) => {
      const page = await index.search(query, options)
      return page.entries.length === 1000 && options?.after !== undefined ? { ...page, more: false } : page
    },
  })),
  mutant('thousand-candidates', 'search looks at a thousand texts for each page', (index, storage) => ({
    search: async (query, options) => {
      const { after } = options ?? {}
      await index.search(query, options)
      const candidates = new Set(pageOf(storage, query.partition, { after }, () => true).entries.map(({ key }) => key.sort))
      const page = await index.search(query, options)
      return { ...page, entries: page.entries.filter(({ key }) => candidates.has(key.sort)) }
    },
  })),
  amongThousands('text-kept-among-thousands', 'among more than a thousand entries a text is not changed', ({ op }, old) => op === 'put' && old !== undefined),
  amongThousands('text-stays-among-thousands', 'among more than a thousand entries a text is not taken away', (change, old) => change.op === 'put' && change.text === undefined && old?.text !== undefined),
  mutant('matches-of-bytes', 'a page of matches ends where ten large values are full', (index) => ({
    search: async (query, options) => {
      let bytes = 0
      const { entries, more } = await index.search(query, options)
      const fitting = entries.filter(({ value }) => (bytes += JSON.stringify(value).length) < 10 * limits.valueBytes)
      return { entries: fitting, more: more || fitting.length < entries.length }
    },
  })),
  changing('empty-text', 'an empty text is taken for none', (change) => (change.op === 'put' && change.text === '' ? { ...change, text: undefined } : change)),
]

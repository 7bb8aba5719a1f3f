import { searchTerms } from '../../src/fold-text.js'
import type { Entry, EntryPage, SearchQuery } from '../../src/index-store.js'
import type { Json } from '../../src/json.js'
import { type IndexMutant, mutant } from './mutant.js'

const nothing: EntryPage = { entries: [], more: false }

/** A mutant that takes entries for one whose names are alike. */
function collapsing(id: string, breaks: string, nameOf: (sort: string) => string): IndexMutant {
  return mutant(id, breaks, (index) => ({
    search: async (query, options) => {
      const { entries, more } = await index.search(query, options)
      const names = entries.map(({ key }) => nameOf(key.sort))
      return { entries: entries.filter((_, number) => names.indexOf(names[number]!) === number), more }
    },
  }))
}

/** A mutant some of whose searches find nothing. */
function blind(id: string, breaks: string, when: (query: SearchQuery) => boolean): IndexMutant {
  return mutant(id, breaks, (index) => ({
    search: async (query, options) => {
      const page = await index.search(query, options)
      return when(query) ? nothing : page
    },
  }))
}

export const oddNameMutants: readonly IndexMutant[] = [
  collapsing('alike-in-512', 'search takes sort keys for one that are alike in their first 512 bytes', (sort) =>
    Buffer.from(sort).toString('hex', 0, 512),
  ),
  collapsing('alike-in-nfc', 'search takes sort keys for one that are the same in NFC', (sort) => sort.normalize('NFC')),
  blind('partition-of-255', 'search finds nothing in a partition of more than 255 bytes', ({ partition }) => Buffer.byteLength(partition) > 255),
  blind('term-of-object', 'search finds nothing for what is a member of an object', ({ text }) => searchTerms(text).some((term) => term in {})),
  mutant('search-shares', 'values from search are one object for all callers', (index) => {
    const shared = new Map<string, Entry>()
    return {
      search: async (query, options) => {
        const { entries, more } = await index.search(query, options)
        for (const entry of entries) if (!shared.has(entry.revision)) shared.set(entry.revision, entry)
        return { entries: entries.map(({ revision }) => shared.get(revision)!), more }
      },
    }
  }),
  mutant('search-ascii', 'values from search have no characters beyond ASCII', (index) => ({
    search: async (query, options) => {
      const { entries, more } = await index.search(query, options)
      const ascii = (value: Json): Json => JSON.parse(JSON.stringify(value).replace(/[^ -~]/gu, '?')) as Json
      return { entries: entries.map((entry) => ({ ...entry, value: ascii(entry.value) })), more }
    },
  })),
]

import { searchTerms } from '../../src/fold-text.js'
import type { EntryPage, ScanOptions, SearchOptions, SearchQuery } from '../../src/index-store.js'
import { type IndexMutant, mutant } from './mutant.js'

/** Pages as an instance remembers them. */
function memory(): { readonly clear: () => void; readonly of: (id: unknown, page: EntryPage) => EntryPage } {
  const pages = new Map<string, string>()
  return {
    clear: () => { pages.clear() },
    of: (id, page) => {
      const name = JSON.stringify(id)
      const remembered = pages.get(name) ?? JSON.stringify(page)
      pages.set(name, remembered)
      return JSON.parse(remembered) as EntryPage
    },
  }
}

/** A mutant whose instances remember some searches until they commit something themselves. */
function rememberedSearch(id: string, breaks: string, which: (query: SearchQuery, options: SearchOptions) => boolean): IndexMutant {
  return mutant(id, breaks, (index) => {
    const pages = memory()
    return {
      commit: async (changes, options) => {
        pages.clear()
        return index.commit(changes, options)
      },
      search: async (query, options = {}) => {
        const page = await index.search(query, options)
        return which(query, options) ? pages.of([query, options.after, options.limit], page) : page
      },
    }
  })
}

/** The same for scans. */
function rememberedScan(id: string, breaks: string, which: (options: ScanOptions) => boolean): IndexMutant {
  return mutant(id, breaks, (index) => {
    const pages = memory()
    return {
      commit: async (changes, options) => {
        pages.clear()
        return index.commit(changes, options)
      },
      scan: async (partition, options = {}) => {
        const page = await index.scan(partition, options)
        const { after, before, prefix, limit, reverse } = options
        return which(options) ? pages.of([partition, after, before, prefix, limit, reverse], page) : page
      },
    }
  })
}

export const staleMutants: readonly IndexMutant[] = [
  rememberedSearch('stale-search-all', 'an instance remembers searches without terms', ({ text }) => searchTerms(text).length === 0),
  rememberedSearch('stale-search-short', 'an instance remembers searches for short terms', ({ text }) => {
    const terms = searchTerms(text)
    return terms.length > 0 && terms.every((term) => term.length <= 2)
  }),
  rememberedSearch('stale-search-after', 'an instance remembers searches behind a sort key', (_, { after }) => after !== undefined),
  rememberedScan('stale-before', 'an instance remembers scans with before', ({ before }) => before !== undefined),
  rememberedScan('stale-prefix', 'an instance remembers scans with a prefix and after or limit', ({ after, prefix, limit }) =>
    prefix !== undefined && (after !== undefined || limit !== undefined),
  ),
  mutant('absent-alone', 'an instance remembers what a get of one key did not find until it puts it', (index) => {
    const absent = new Set<string>()
    return {
      commit: async (changes, options) => {
        for (const { key } of changes) absent.delete(JSON.stringify(key))
        return index.commit(changes, options)
      },
      get: async (keys, options) => {
        const found = await index.get(keys, options)
        const name = JSON.stringify(keys[0])
        if (keys.length !== 1) return found
        if (found[0] === undefined) absent.add(name)
        return absent.has(name) ? [undefined] : found
      },
    }
  }),
]

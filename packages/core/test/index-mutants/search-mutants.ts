import { setImmediate } from 'node:timers/promises'
import { foldText, searchTerms } from '../../src/fold-text.js'
import { memoryIndex } from '../../src/memory/index.js'
import { changing, harnessOf, type IndexMutant, limits, mutant, store, storedAt } from './mutant.js'
import { matching } from './search-page.js'

const every = (query: string, holds: (term: string) => boolean): boolean => searchTerms(query).every(holds)
const words = (text: string): readonly string[] => text.split(/[^\p{L}\p{N}\p{So}]+/u).filter((word) => word !== '')
const withoutAccents = (text: string): string => text.normalize('NFD').replace(/\p{Mn}/gu, '')
const caseOfAscii = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

/** Texts as their callers wrote them. */
function unfolding(id: string, breaks: string, fold: (text: string) => string): IndexMutant {
  return mutant(id, breaks, (index) => {
    const texts = new Map<string, string>()
    return {
      commit: async (changes, options) => {
        const answer = await index.commit(changes, options)
        for (const change of changes) if (change.op === 'put' && change.text !== undefined) texts.set(change.key.sort, fold(change.text))
        return answer
      },
      search: async (query, options) => {
        const page = await index.search({ ...query, text: '' }, options)
        const terms = fold(query.text).split(/\s+/).filter((term) => term !== '')
        return { ...page, entries: page.entries.filter(({ key }) => terms.every((term) => texts.get(key.sort)?.includes(term))) }
      },
    }
  })
}

export const searchMutants: readonly IndexMutant[] = [
  matching('any-term', 'one term in the text is enough', ({ text }, query) => {
    const terms = searchTerms(query)
    return text !== undefined && (terms.length === 0 || terms.some((term) => text.includes(term)))
  }),
  matching('as-written', 'terms have to follow each other as in the query', ({ text }, query) => text?.includes(foldText(query).trim()) === true),
  matching('whole-words', 'a term is a whole word', ({ text }, query) => text !== undefined && every(query, (term) => words(text).includes(term))),
  matching('beginnings', 'a term is the beginning of a word', ({ text }, query) => text !== undefined && every(query, (term) => words(text).some((word) => word.startsWith(term)))),
  matching('three-letters', 'terms of one and two letters match everything', ({ text }, query) => text !== undefined && every(query, (term) => term.length < 3 || text.includes(term))),
  matching('keys-and-values', 'keys and values are searched too', ({ text, sort, json }, query) => text !== undefined && every(query, (term) => `${text}\n${sort}\n${json}`.includes(term))),
  matching('nothing-for-nothing', 'a query without terms finds nothing', ({ text }, query) => text !== undefined && searchTerms(query).length > 0 && every(query, (term) => text.includes(term))),
  matching('all-for-nothing', 'a query without terms finds entries without a text too', ({ text }, query) => every(query, (term) => text?.includes(term) === true)),
  matching('hundred-terms', 'the first hundred terms count', ({ text }, query) => text !== undefined && searchTerms(query).slice(0, 100).every((term) => text.includes(term))),
  matching('thousand-characters', 'the first thousand characters of a text count', ({ text }, query) => text !== undefined && every(query, (term) => text.slice(0, 1000).includes(term))),
  matching('accents-ignored', 'accents do not matter', ({ text }, query) => text !== undefined && every(query, (term) => withoutAccents(text).includes(withoutAccents(term)))),
  matching('wildcards-in-terms', 'per cent and underscore are wildcards in a term', ({ text }, query) =>
    text !== undefined && every(query, (term) => new RegExp(term.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('%', '.*').replaceAll('_', '.'), 'su').test(text)),
  ),
  matching('words-alone', 'signs in a query are left out', ({ text }, query) => text !== undefined && every(query, (term) => words(term).every((word) => text.includes(word)))),
  matching('operators', 'AND, OR and NOT are operators', ({ text }, query) => {
    if (text === undefined) return false
    return query.split(' OR ').some((part) => every(part.replaceAll(' AND ', ' '), (term) => (term.startsWith('-') ? !text.includes(term.slice(1)) : text.includes(term))))
  }),
  matching('text-to-nul', 'a text and a term end at their first NUL', ({ text }, query) => text !== undefined && every(query, (term) => text.split('\0', 1)[0]!.includes(term.split('\0', 1)[0]!))),
  matching('fullest', 'search finds everything that has a text', ({ text }) => text !== undefined),
  unfolding('ascii-case', 'only ASCII letters are folded', caseOfAscii),
  unfolding('case-sensitive', 'case matters', (text) => text),
  unfolding('one-case', 'letters whose upper case is two letters, or that have two lower cases, are left alone', (text) => text.normalize('NFKC').toLowerCase()),
  unfolding('lower-case', 'width and composition matter', (text) => text.toLowerCase()),
  mutant('every-partition', 'search sees every partition', (index, storage) => ({
    search: async (query, options) => {
      const pages = await Promise.all([query.partition, ...storage.partitions.keys()].map((partition) => index.search({ ...query, partition }, options)))
      const entries = new Map(pages.flatMap((page) => page.entries).map((entry) => [`${entry.key.partition}\0${entry.key.sort}`, entry]))
      return { entries: [...entries.values()].slice(0, options?.limit), more: pages.some(({ more }) => more) || entries.size > (options?.limit ?? 1000) }
    },
  })),
  mutant('any-partition', 'search does not look at its partition', (index) => ({
    search: async (query, options) => index.search({ ...query, partition: query.partition.replace(/[\0\ud800]/g, '').slice(0, 1000) || 'facts' }, options),
  })),
  mutant('first-values', 'search answers with the values that first had the text', (index) => {
    const first = new Map<string, Awaited<ReturnType<typeof index.get>>[number]>()
    return {
      search: async (query, options) => {
        const page = await index.search(query, options)
        return { ...page, entries: page.entries.map((entry) => first.get(entry.key.sort) ?? entry) }
      },
      commit: async (changes, options) => {
        const answer = await index.commit(changes, options)
        const found = await index.get(changes.map(({ key }) => key))
        for (const entry of found) if (entry !== undefined && !first.has(entry.key.sort)) first.set(entry.key.sort, entry)
        return answer
      },
    }
  }),
  mutant('eager-search', 'search sees the texts of a commit that failed', (index, storage) => ({
    commit: async (changes, options) => {
      const before = structuredClone(storage.partitions)
      try {
        return await index.commit(changes, options)
      } catch (error) {
        for (const change of changes) {
          const stored = before.get(change.key.partition)?.get(change.key.sort)
          if (change.op === 'put' && stored !== undefined) storage.partitions.get(change.key.partition)!.set(change.key.sort, { ...stored, text: change.text })
        }
        throw error
      }
    },
  })),
  mutant('texts-pile-up', 'an earlier text is found too', (index, storage) => {
    const old = new Map<string, string>()
    return {
      commit: async (changes, options) => {
        const answer = await index.commit(changes, options)
        for (const { key } of changes) {
          const entries = storage.partitions.get(key.partition)
          const stored = entries?.get(key.sort)
          if (stored?.text === undefined) continue
          const text = `${old.get(key.sort) ?? ''} ${stored.text}`
          entries?.set(key.sort, { ...stored, text })
          old.set(key.sort, text)
        }
        return answer
      },
    }
  }),
  mutant('text-stays', 'a put without a text leaves the text as it was', (index, storage) => ({
    commit: async (changes, options) => {
      const texts = changes.map(({ key }) => storage.partitions.get(key.partition)?.get(key.sort)?.text)
      const answer = await index.commit(changes, options)
      for (const [number, change] of changes.entries()) {
        const entries = storage.partitions.get(change.key.partition)
        const stored = entries?.get(change.key.sort)
        if (change.op === 'put' && change.text === undefined && stored !== undefined) entries?.set(change.key.sort, { ...stored, text: texts[number] })
      }
      return answer
    },
  })),
  mutant('deleted-found', 'search finds deleted entries', (index) => {
    const gone: { sort: string; page: Awaited<ReturnType<typeof index.search>> }[] = []
    return {
      commit: async (changes, options) => {
        const [first] = changes
        if (changes.length === 1 && first?.op === 'delete') gone.push({ sort: first.key.sort, page: await index.search({ partition: first.key.partition, text: '' }) })
        return index.commit(changes, options)
      },
      search: async (query, options) => {
        const page = await index.search(query, options)
        return { ...page, entries: [...gone.flatMap((old) => old.page.entries.filter(({ key }) => key.sort === old.sort)), ...page.entries] }
      },
    }
  }),
  mutant('texts-apart', 'texts are put a moment after their entries, whatever was put there meanwhile', (index, storage) => ({
    commit: async (changes, options) => {
      const [change] = changes
      const answer = await index.commit(changes, options)
      if (changes.length !== 1 || change?.op !== 'put' || change.text === undefined || change.expect !== undefined) return answer
      await setImmediate()
      const stored = storedAt(storage, change.key)
      if (stored !== undefined) store(storage, change.key, { ...stored, text: foldText(change.text) })
      return answer
    },
  })),
  changing('search-of-long', 'texts of more than a hundred characters are not searched', (change) =>
    change.op === 'put' && (change.text?.length ?? 0) > 100 ? { ...change, text: undefined } : change,
  ),
  mutant('search-as-put', 'search answers in the order in which entries were put', (index, storage) => ({
    search: async (query, options) => {
      const page = await index.search(query, options)
      const order = [...(storage.partitions.get(query.partition)?.keys() ?? [])]
      return { ...page, entries: [...page.entries].sort((a, b) => order.indexOf(a.key.sort) - order.indexOf(b.key.sort)) }
    },
  })),
  mutant('matches-more-when-full', 'a full page of matches says more', (index) => ({
    search: async (query, options) => {
      const page = await index.search(query, options)
      return { ...page, more: page.entries.length === (options?.limit ?? 1000) }
    },
  })),
  mutant('candidates', 'the limit is of candidates, before terms are looked at', (index) => ({
    search: async (query, options) => {
      const candidates = await index.search({ ...query, text: '' }, options)
      const matches = await index.search(query)
      return { entries: candidates.entries.filter(({ key }) => matches.entries.some((entry) => entry.key.sort === key.sort)), more: candidates.more }
    },
  })),
  mutant('search-from-start', 'search does not look at after', (index) => ({
    search: async (query, options) => index.search(query, { ...options, after: undefined }),
  })),
  mutant('search-after-inclusive', 'after is inclusive in a search', (index) => ({
    search: async (query, options = {}) => {
      const page = await index.search(query, options)
      const all = (await index.search(query)).entries
      const from = all.find(({ key }) => key.sort === options.after)
      return from === undefined ? page : { ...page, entries: [from, ...page.entries].slice(0, options.limit) }
    },
  })),
  mutant('matches-of-hundred', 'a page has a hundred matches unless asked for more', (index) => ({
    search: async (query, options) => index.search(query, { limit: 100, ...options }),
  })),
  mutant('search-limit-clamped', 'an invalid limit of a search is taken for a valid one', (index) => ({
    search: async (query, options) => index.search(query, { ...options, limit: Math.trunc(Math.min(Math.max((options?.limit ?? 1000) || 1, 1), 1000)) }),
  })),
  {
    id: 'search-in-process',
    breaks: 'search finds what this instance put',
    harness: harnessOf((storage) => {
      const index = memoryIndex({ storage, limits })
      const mine = new Set<string>()
      return {
        ...index,
        commit: async (changes, options) => {
          const answer = await index.commit(changes, options)
          for (const { key } of changes) mine.add(key.sort)
          return answer
        },
        search: async (query, options) => {
          const page = await index.search(query, options)
          return { ...page, entries: page.entries.filter(({ key }) => mine.has(key.sort)) }
        },
      }
    }),
  },
]

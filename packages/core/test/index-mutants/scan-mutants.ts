import { RegistryError } from '../../src/errors.js'
import type { MemoryIndexStorage } from '../../src/memory/index.js'
import { type IndexMutant, limits, mutant, rescanning, scanning } from './mutant.js'

const deletions = new WeakMap<MemoryIndexStorage, number>()

export const scanMutants: readonly IndexMutant[] = [
  rescanning('utf16-order', 'scan answers in the order of UTF-16 units', (entries, { reverse }) => {
    const sorted = [...entries].sort((a, b) => (a.key.sort < b.key.sort ? -1 : 1))
    return reverse === true ? sorted.reverse() : sorted
  }),
  rescanning('language-order', 'scan answers in the order of a language', (entries, { reverse }) => {
    const sorted = [...entries].sort((a, b) => a.key.sort.localeCompare(b.key.sort))
    return reverse === true ? sorted.reverse() : sorted
  }),
  scanning('reverse-ignored', 'scan does not look at reverse', (options) => ({ ...options, reverse: false })),
  mutant('reversed-page', 'reverse turns the first page round', (index) => ({
    scan: async (partition, options) => {
      const page = await index.scan(partition, { ...options, reverse: false })
      return options?.reverse === true ? { ...page, entries: [...page.entries].reverse() } : page
    },
  })),
  mutant('after-inclusive', 'after is inclusive', (index) => ({
    scan: async (partition, options = {}) => {
      const page = await index.scan(partition, options)
      if (options.after === undefined || options.reverse === true) return page
      const [entry] = (await index.get([{ partition, sort: options.after }])).filter((found) => found?.key.sort.startsWith(options.prefix ?? ''))
      return entry === undefined ? page : { ...page, entries: [entry, ...page.entries].slice(0, options.limit) }
    },
  })),
  mutant('after-exists', 'an after that does not exist is behind everything', (index) => ({
    scan: async (partition, options = {}) => {
      const page = await index.scan(partition, options)
      if (options.after === undefined) return page
      const [entry] = await index.get([{ partition, sort: options.after }])
      return entry === undefined ? { entries: [], more: false } : page
    },
  })),
  mutant('before-inclusive', 'before is inclusive', (index) => ({
    scan: async (partition, options = {}) =>
      index.scan(partition, { ...options, before: options.before === undefined ? undefined : `${options.before}\u0001` }),
  })),
  scanning('swapped-bounds', 'in reverse after and before change places', (options) =>
    options.reverse === true ? { ...options, after: options.before, before: options.after } : options,
  ),
  scanning('before-or-after', 'before is not looked at beside after', (options) => (options.after === undefined ? options : { ...options, before: undefined })),
  scanning('prefix-or-after', 'prefix is not looked at beside after', (options) => (options.after === undefined ? options : { ...options, prefix: undefined })),
  mutant('wildcards', 'per cent and underscore are wildcards in a prefix', (index) => ({
    scan: async (partition, options = {}) => {
      const { prefix = '', limit = 1000 } = options
      if (!/[%_]/.test(prefix)) return index.scan(partition, options)
      const pattern = new RegExp(`^${prefix.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('%', '.*').replaceAll('_', '.')}`, 'su')
      const entries = (await index.scan(partition, { ...options, prefix: undefined })).entries.filter(({ key }) => pattern.test(key.sort))
      return { entries: entries.slice(0, limit), more: entries.length > limit }
    },
  })),
  mutant('prefix-any-case', 'a prefix matches in any case', (index) => ({
    scan: async (partition, options = {}) => {
      const { prefix = '', limit = 1000 } = options
      const all = (await index.scan(partition, { ...options, prefix: undefined, limit: undefined })).entries
      const entries = all.filter(({ key }) => key.sort.toLowerCase().startsWith(prefix.toLowerCase()))
      return { entries: entries.slice(0, limit), more: entries.length > limit }
    },
  })),
  rescanning('prefix-to-ffff', 'a prefix ends at U+FFFF', (entries, { prefix }) =>
    prefix === undefined ? entries : entries.filter(({ key }) => key.sort < `${prefix}\uffff`),
  ),
  mutant('more-when-full', 'a full page says more', (index) => ({
    scan: async (partition, options = {}) => {
      const page = await index.scan(partition, options)
      return { ...page, more: page.entries.length === (options.limit ?? 1000) }
    },
  })),
  mutant('more-never', 'no page says more', (index) => ({ scan: async (partition, options) => ({ ...(await index.scan(partition, options)), more: false }) })),
  mutant('more-deleted', 'deleted entries count as more', (index, storage) => ({
    scan: async (partition, options = {}) => {
      const page = await index.scan(partition, options)
      return { ...page, more: page.more || (page.entries.length === options.limit && (deletions.get(storage) ?? 0) > 0) }
    },
    commit: async (changes, options) => {
      const answer = await index.commit(changes, options)
      deletions.set(storage, (deletions.get(storage) ?? 0) + changes.filter(({ op }) => op === 'delete').length)
      return answer
    },
  })),
  mutant('page-of-bytes', 'a page ends where ten large values are full', (index) => ({
    scan: async (partition, options) => {
      let bytes = 0
      const { entries, more } = await index.scan(partition, options)
      const fitting = entries.filter(({ value }) => (bytes += JSON.stringify(value).length) < 10 * limits.valueBytes)
      return { entries: fitting, more: more || fitting.length < entries.length }
    },
  })),
  scanning('page-of-hundred', 'a page has a hundred entries unless asked for more', ({ limit = 100, ...options }) => ({ ...options, limit })),
  scanning('limit-clamped', 'an invalid limit is taken for the nearest valid one', ({ limit, ...options }) => ({
    ...options,
    limit: limit === undefined ? undefined : Math.trunc(Math.min(Math.max(limit || 1, 1), 1000)),
  })),
  mutant('scan-beginning', 'scan sees every partition whose name begins so', (index, storage) => ({
    scan: async (partition, options = {}) => {
      const names = [...storage.partitions.keys()].filter((name) => name.startsWith(partition))
      const pages = await Promise.all(names.map((name) => index.scan(name, options)))
      if (pages.length === 0) return index.scan(partition, options)
      return { entries: pages.flatMap(({ entries }) => entries), more: pages.some(({ more }) => more) }
    },
  })),
  mutant('scan-not-found', 'scan of a partition without entries fails', (index) => ({
    scan: async (partition, options = {}) => {
      const page = await index.scan(partition, options)
      if (page.entries.length === 0 && Object.keys(options).length === 0) throw new RegistryError('NOT_FOUND', 'no such partition')
      return page
    },
  })),
  mutant('keys-only', 'scan answers with keys alone', (index) => ({
    scan: async (partition, options) => {
      const { entries, more } = await index.scan(partition, options)
      return { entries: entries.map(({ key }) => ({ key, value: null, revision: '' })), more }
    },
  })),
  mutant('scan-cached', 'scan remembers what it read', (index) => {
    const cache = new Map<string, Awaited<ReturnType<typeof index.scan>>>()
    return {
      scan: async (partition, options) => {
        const page = await index.scan(partition, options)
        const id = JSON.stringify([partition, options])
        if (!cache.has(id)) cache.set(id, page)
        return cache.get(id) ?? page
      },
    }
  }),
]

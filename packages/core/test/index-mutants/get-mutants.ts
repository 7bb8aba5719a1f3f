import { memoryIndex } from '../../src/memory/index.js'
import { type IndexMutant, limits, mutant, reading, sameKey } from './mutant.js'

export const getMutants: readonly IndexMutant[] = [
  mutant('get-sorted', 'get answers in the order of the keys in the index', (index) => ({
    get: async (keys, options) => index.get([...keys].sort((a, b) => (a.sort < b.sort ? -1 : 1)), options),
  })),
  mutant('get-without-gaps', 'get leaves absent entries out', (index) => ({
    get: async (keys, options) => (await index.get(keys, options)).filter((entry) => entry !== undefined),
  })),
  mutant('get-null', 'get answers null for an absent entry', (index) => ({
    get: async (keys, options) => (await index.get(keys, options)).map((entry) => entry ?? (null as unknown as undefined)),
  })),
  mutant('get-hundred', 'get answers for the first hundred keys', (index) => ({
    get: async (keys, options) => (await index.get(keys, options)).map((entry, number) => (number < 100 ? entry : undefined)),
  })),
  mutant('get-together', 'gets at the same time of as many keys are answered as one', (index) => {
    const under = new Map<number, ReturnType<typeof index.get>>()
    return {
      get: async (keys, options) => {
        const answer = under.get(keys.length) ?? index.get(keys, options)
        under.set(keys.length, answer)
        return answer.finally(() => under.delete(keys.length))
      },
    }
  }),
  mutant('get-distinct', 'get answers a repeated key once', (index) => ({
    get: async (keys, options) => index.get(keys.filter((key, number) => keys.findIndex((other) => sameKey(key, other)) === number), options),
  })),
  mutant('get-none', 'get of no keys answers with the first entry', (index) => ({
    get: async (keys, options) => (keys.length > 0 ? index.get(keys, options) : (await index.scan('facts', options)).entries.slice(0, 1)),
  })),
  mutant('get-one-partition', 'get takes every key from the partition of the first', (index) => ({
    get: async (keys, options) => index.get(keys.map((key) => ({ ...key, partition: keys[0]!.partition })), options),
  })),
  mutant('get-any-case', 'get takes keys for the same that differ in case', (index) => ({
    get: async (keys, options) => {
      const found = await index.get(keys, options)
      const upper = await index.get(keys.map((key) => ({ ...key, sort: key.sort.toUpperCase() })), options).catch(() => [])
      return found.map((entry, number) => entry ?? upper[number])
    },
  })),
  mutant('get-stops', 'get answers with as many entries as fit in ten large values', (index) => ({
    get: async (keys, options) => {
      let bytes = 0
      return (await index.get(keys, options)).map((entry) => {
        bytes += JSON.stringify(entry?.value ?? null).length
        return bytes > 10 * limits.valueBytes ? undefined : entry
      })
    },
  })),
  reading('blank-revision', 'entries that are read have no revision', (entry) => ({ ...entry, revision: '' })),
  mutant('sloppy-get', 'get does not look at its keys', (index, storage) => ({
    get: async (keys, options) => {
      await index.get([], options)
      return Promise.all(keys.map((key) => memoryIndex({ storage }).get([key]).then(([entry]) => entry, () => undefined)))
    },
  })),
  mutant('get-cached', 'get remembers what it read', (index) => {
    const cache = new Map<string, Awaited<ReturnType<typeof index.get>>[number]>()
    return {
      get: async (keys, options) => {
        const found = await index.get(keys, options)
        return keys.map(({ partition, sort }, number) => {
          const id = `${partition}\0${sort}`
          if (!cache.has(id)) cache.set(id, found[number])
          return cache.get(id)
        })
      },
    }
  }),
]

import { compareUtf8 } from '../../src/byte-order.js'
import type { Entry, EntryKey, Index } from '../../src/index-store.js'
import { memoryIndex, type MemoryIndexStorage } from '../../src/memory/index.js'
import { everything, harnessOf, type IndexMutant, limits, mutant, sameKey, type Stored, store, storedAt } from './mutant.js'

/** A mutant whose `more` is another where a page is full that `isMeant` names. */
function thousand(id: string, breaks: string, more: boolean, isMeant: (options: Parameters<Index['scan']>[1]) => boolean): IndexMutant {
  return mutant(id, breaks, (index) => ({
    scan: async (partition, options) => {
      const page = await index.scan(partition, options)
      return page.entries.length === 1000 && isMeant(options) ? { ...page, more } : page
    },
  }))
}

const deleted = new WeakMap<MemoryIndexStorage, readonly EntryKey[]>()

/** Storages whose index was closed once, so that who opens one now begins again. */
const closed = new WeakSet<MemoryIndexStorage>()

/** A mutant that loses something when it is closed, or when it is opened again. */
function restarting(id: string, breaks: string, restart: (storage: MemoryIndexStorage) => void): IndexMutant {
  return {
    id,
    breaks,
    harness: harnessOf((storage) => {
      if (closed.delete(storage)) restart(storage)
      const index = memoryIndex({ storage, limits })
      return {
        ...index,
        close: async () => {
          closed.add(storage)
          await index.close()
        },
      }
    }),
  }
}

export const thousandsMutants: readonly IndexMutant[] = [
  mutant('get-thousand', 'get answers for the first thousand keys', (index) => ({
    get: async (keys, options) => (await index.get(keys, options)).map((entry, number) => (number < 1000 ? entry : undefined)),
  })),
  mutant('get-thousand-sorted', 'get answers in the order of the keys where there are more than a thousand', (index) => ({
    get: async (keys, options) => index.get(keys.length > 1000 ? [...keys].sort((a, b) => compareUtf8(a.sort, b.sort)) : keys, options),
  })),
  mutant('get-repeated-far', 'get answers a key that is repeated a thousand keys later once', (index) => ({
    get: async (keys, options) =>
      (await index.get(keys, options)).map((entry, number) => (number > 1000 && keys.findIndex((key) => sameKey(key, keys[number]!)) < number - 1000 ? undefined : entry)),
  })),
  mutant('get-revisions', 'behind a thousand entries get answers with the revision of the one before', (index) => ({
    get: async (keys, options) => {
      const found = await index.get(keys, options)
      return found.map((entry, number) => entry && { ...entry, revision: (number > 1000 ? found[number - 1] : entry)?.revision ?? entry.revision })
    },
  })),
  mutant('scan-revisions', 'behind two hundred entries a scan answers with the revision of the one before', (index) => ({
    scan: async (partition, options) => {
      const page = await index.scan(partition, options)
      return { ...page, entries: page.entries.map((entry, number) => ({ ...entry, revision: (number > 200 ? page.entries[number - 1]! : entry).revision })) }
    },
  })),
  mutant('get-of-partitions', 'get answers for the first hundred partitions', (index) => ({
    get: async (keys, options) => {
      const names = new Set([...new Set(keys.map(({ partition }) => partition))].slice(0, 100))
      return (await index.get(keys, options)).map((entry) => (entry !== undefined && names.has(entry.key.partition) ? entry : undefined))
    },
  })),
  thousand('reverse-thousand', 'a full page in reverse is taken for the last', false, (options) => options?.reverse === true),
  thousand('prefix-thousand', 'a full page with a prefix is taken for the last', false, (options) => options?.prefix !== undefined),
  thousand('range-thousand', 'a full page between after and before says more', true, (options) => options?.after !== undefined && options.before !== undefined),
  thousand('second-thousand', 'a full second page is taken for the last', false, (options) => options?.after !== undefined && options.prefix === undefined),
  mutant('two-thousand', 'scan sees the first two thousand entries of a partition', (index, storage) => ({
    scan: async (partition, options) => {
      const page = await index.scan(partition, options)
      const sorts = [...(storage.partitions.get(partition)?.keys() ?? [])]
      if (sorts.length <= 2000) return page
      const seen = new Set(sorts.sort(compareUtf8).slice(0, 2000))
      return { ...page, entries: page.entries.filter(({ key }) => seen.has(key.sort)) }
    },
  })),
  mutant('prefix-hundred', 'a prefix is not looked at behind a hundred matches', (index) => ({
    scan: async (partition, options = {}) => {
      const page = await index.scan(partition, options)
      if (options.prefix === undefined || options.reverse === true || options.limit !== undefined || page.entries.length < 100 || page.more) return page
      const beyond = await index.scan(partition, { after: page.entries.at(-1)!.key.sort, limit: 100 })
      return { entries: [...page.entries, ...beyond.entries], more: beyond.more }
    },
  })),
  mutant('tombstones', 'a scan looks at a thousand entries beyond its limit, deleted ones too', (index, storage) => ({
    commit: async (changes, options) => {
      const answer = await index.commit(changes, options)
      const keys = changes.filter(({ op }) => op === 'delete').map(({ key }) => key)
      deleted.set(storage, [...(deleted.get(storage) ?? []), ...keys])
      return answer
    },
    scan: async (partition, options = {}) => {
      const page = await index.scan(partition, options)
      const gone = (deleted.get(storage) ?? []).filter((key) => key.partition === partition && storedAt(storage, key) === undefined)
      if (gone.length < 1000) return page
      const sorts = [...gone, ...(await everything(index, partition, {})).map(({ key }) => key)].map(({ sort }) => sort).sort(compareUtf8)
      const looked = new Set((options.reverse === true ? sorts.reverse() : sorts).slice(0, 1000))
      const entries = page.entries.filter(({ key }) => looked.has(key.sort))
      return { entries, more: page.more && entries.length === page.entries.length }
    },
  })),
  mutant('counted-pages', 'a page begins behind as many entries as those before it had', (index) => {
    const counts = new Map<string, number>()
    return {
      scan: async (partition, options = {}) => {
        const { after, before, reverse = false, ...others } = options
        const page = await index.scan(partition, options)
        const id = (sort: string | undefined): string => JSON.stringify([partition, reverse, others, sort])
        const from = reverse ? before : after
        const count = from === undefined ? 0 : counts.get(id(from))
        if (count === undefined || others.limit === undefined || others.prefix === undefined) return page
        const all: readonly Entry[] = await everything(index, partition, { reverse, prefix: others.prefix })
        const entries = all.slice(count, count + others.limit)
        if (entries.length > 0) counts.set(id(entries.at(-1)!.key.sort), count + entries.length)
        return { entries, more: all.length > count + entries.length }
      },
    }
  }),
  restarting('restart-thousand', 'a restart finds the first thousand entries of a partition', (storage) => {
    for (const [name, entries] of storage.partitions) storage.partitions.set(name, new Map([...entries].slice(0, 1000)))
  }),
  restarting('restart-partitions', 'a restart finds the first twenty partitions', (storage) => {
    for (const name of [...storage.partitions.keys()].slice(20)) storage.partitions.delete(name)
  }),
  restarting('restart-texts', 'a restart finds the texts of the first thousand entries', (storage) => {
    for (const entries of storage.partitions.values()) {
      for (const [sort, stored] of [...entries].slice(1000)) entries.set(sort, { ...stored, text: undefined })
    }
  }),
  mutant('close-forgets', 'what need not be durable is lost when its index is closed', (index, storage) => {
    const soft: [EntryKey, Stored][] = []
    return {
      commit: async (changes, options) => {
        const answer = await index.commit(changes, options)
        if (options?.durable !== false) soft.length = 0
        else for (const { op, key } of changes) if (op === 'put') soft.push([key, storedAt(storage, key)!])
        return answer
      },
      close: async () => {
        for (const [key, stored] of soft.splice(0)) if (storedAt(storage, key) === stored) store(storage, key, undefined)
        await index.close()
      },
    }
  }),
]

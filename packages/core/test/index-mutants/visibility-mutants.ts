import { setImmediate } from 'node:timers/promises'
import { RegistryError } from '../../src/errors.js'
import type { Change, EntryKey, EntryPage, Index } from '../../src/index-store.js'
import { memoryIndex, type MemoryIndexStorage } from '../../src/memory/index.js'
import { type IndexMutant, limits, mutant, type Stored, store, storedAt, unexpecting } from './mutant.js'

/** What others than the writer do not see yet, and what they see in its place. */
interface Lag {
  /** Sees everything at once. */
  readonly writer: Index | undefined
  readonly hidden: readonly { readonly key: EntryKey; readonly old: Stored | undefined }[]
}

const lags = new WeakMap<MemoryIndexStorage, Lag>()

/** The index that another instance than the writer reads while it lags behind. */
function behind(storage: MemoryIndexStorage, reader: Index): Index {
  const lag = lags.get(storage)
  if (lag === undefined || lag.writer === reader) return reader
  const seen = structuredClone(storage)
  for (const { key, old } of lag.hidden) store(seen, key, old)
  return memoryIndex({ storage: seen, limits })
}

/** A mutant some of whose changes other instances see a moment after the answer. */
function late(id: string, breaks: string, isLate: (change: Change, number: number, changes: readonly Change[]) => boolean, methods: readonly ('get' | 'scan' | 'search')[]): IndexMutant {
  return mutant(id, breaks, (index, storage) => ({
    commit: async (changes, options) => {
      const old = changes.map(({ key }) => storedAt(storage, key))
      const answer = await index.commit(changes, options)
      const hidden = changes.flatMap((change, number) => (isLate(change, number, changes) ? [{ key: change.key, old: old[number] }] : []))
      const lag = { writer: index, hidden }
      lags.set(storage, lag)
      void setImmediate().then(() => {
        if (lags.get(storage) === lag) lags.delete(storage)
      })
      return answer
    },
    ...(methods.includes('get') ? { get: async (keys, options) => behind(storage, index).get(keys, options) } : {}),
    ...(methods.includes('scan') ? { scan: async (partition, options) => behind(storage, index).scan(partition, options) } : {}),
    ...(methods.includes('search') ? { search: async (query, options) => behind(storage, index).search(query, options) } : {}),
  } satisfies Partial<Index>))
}

/** A mutant that shows, for a moment, something else in the place of each entry that is replaced. */
function replacing(id: string, breaks: string, between: (old: Stored, replaced: Stored) => Stored | undefined): IndexMutant {
  return mutant(id, breaks, (index, storage) => ({
    commit: async (changes, options) => {
      const old = changes.map(({ key }) => storedAt(storage, key))
      const answer = await index.commit(changes, options)
      if (changes.length > 1 || changes[0]?.op !== 'put' || old[0] === undefined || changes[0].expect !== undefined) return answer
      const { key } = changes[0]
      const replaced = storedAt(storage, key)!
      const shown = between(old[0], replaced)
      store(storage, key, shown)
      await setImmediate()
      if (storedAt(storage, key) === shown) store(storage, key, replaced)
      return answer
    },
  }))
}

/** A mutant that applies a commit that fails, and takes it back a moment later, where `shows` says so. */
function dirty(id: string, breaks: string, shows: (change: Change) => Change | undefined): IndexMutant {
  return mutant(id, breaks, (index, storage) => ({
    commit: async (changes, options) =>
      index.commit(changes, options).catch(async (error: unknown) => {
        if (!RegistryError.is(error, 'CONFLICT')) throw error
        const shown = changes.flatMap(unexpecting).flatMap((change) => shows(change) ?? [])
        const old = shown.map(({ key }) => storedAt(storage, key))
        await index.commit(shown)
        const written = shown.map(({ key }) => storedAt(storage, key))
        await setImmediate()
        for (const [number, { key }] of shown.entries()) if (storedAt(storage, key) === written[number]) store(storage, key, old[number])
        throw error
      }),
  }))
}

export const visibilityMutants: readonly IndexMutant[] = [
  late('late-partitions', 'other instances see a moment later what a commit changed beyond its first partition', ({ key }, _, changes) => key.partition !== changes[0]?.key.partition, ['get', 'scan', 'search']),
  late('late-tail', 'other instances see a moment later what a commit changed beyond its first ten changes', (_, number) => number >= 10, ['get', 'scan']),
  late('late-deletes', 'other instances see the deletes of a large commit a moment later', ({ op }, _, changes) => op === 'delete' && changes.length > 10, ['scan']),
  late('late-texts', 'other instances find the texts of a large commit a moment later', (_, number) => number >= 10, ['search']),
  mutant('ranges-cached', 'an instance remembers scans in reverse until it commits something', (index) => {
    const cache = new Map<string, EntryPage>()
    return {
      commit: async (changes, options) => {
        cache.clear()
        return index.commit(changes, options)
      },
      scan: async (partition, options) => {
        const page = await index.scan(partition, options)
        const id = JSON.stringify([partition, options])
        if (options?.reverse !== true) return page
        const remembered = cache.get(id) ?? page
        cache.set(id, remembered)
        return remembered
      },
    }
  }),
  mutant('absent-cached', 'an instance remembers what get did not find until it commits something', (index) => {
    const absent = new Set<string>()
    return {
      commit: async (changes, options) => {
        absent.clear()
        return index.commit(changes, options)
      },
      get: async (keys, options) =>
        (await index.get(keys, options)).map((entry, number) => {
          const id = JSON.stringify(keys[number])
          if (entry === undefined) absent.add(id)
          return absent.has(id) ? undefined : entry
        }),
    }
  }),
  dirty('dirty-puts', 'the puts of a commit that fails are there for a moment', (change) => (change.op === 'put' ? change : undefined)),
  dirty('dirty-deletes', 'the deletes of a commit that fails are there for a moment', (change) => (change.op === 'delete' ? change : undefined)),
  replacing('torn', 'an entry that is replaced has its new revision before its new value', ({ json }, replaced) => ({ ...replaced, json })),
  replacing('gone-between', 'an entry that is replaced is not there for a moment', () => undefined),
  mutant('get-behind-scan', 'while an entry is put get finds the one before, though a scan has found the new one', (index, storage) => ({
    commit: async (changes, options) => {
      const old = changes.map(({ key }) => storedAt(storage, key))
      const answer = await index.commit(changes, options)
      const [change] = changes
      if (changes.length !== 1 || change?.op !== 'put' || change.expect !== undefined) return answer
      const lag = { writer: undefined, hidden: [{ key: change.key, old: old[0] }] }
      lags.set(storage, lag)
      await setImmediate()
      if (lags.get(storage) === lag) lags.delete(storage)
      return answer
    },
    get: async (keys, options) => behind(storage, index).get(keys, options),
  })),
]

import { compareUtf8 } from '../byte-order.js'
import type { IndexLimits } from '../capabilities.js'
import { assertEntryKey, assertPartition, checkChanges } from '../changes.js'
import type { CallOptions } from '../driver.js'
import { RegistryError } from '../errors.js'
import { isAsExpected } from '../expectation.js'
import { foldText, searchTerms } from '../fold-text.js'
import type {
  Change,
  CommitOptions,
  Entry,
  EntryKey,
  EntryPage,
  Index,
  ScanOptions,
  SearchOptions,
  SearchQuery,
} from '../index-store.js'
import type { Json } from '../json.js'
import { pageLimit } from '../page-limit.js'
import { isInRange } from '../sort-range.js'

interface StoredEntry {
  readonly json: string
  readonly revision: string
  /** Folded. */
  readonly text: string | undefined
}

/** Where memory indexes keep their entries. Two indexes on one storage see the same data. */
export class MemoryIndexStorage {
  /** Entries by partition, then by sort key, in no order. Values are kept as JSON. */
  readonly partitions: Map<string, Map<string, StoredEntry>> = new Map()
  /** The revision of the latest put, counted over all partitions. */
  revision = 0
}

/** What an index in memory may be told. */
export interface MemoryIndexOptions {
  /** Default: a new, empty one. */
  readonly storage?: MemoryIndexStorage
  /** Default: those of the strictest index that there is, so that what works here works everywhere. */
  readonly limits?: Partial<IndexLimits>
}

const strictest: IndexLimits = { changes: 100, commitBytes: 4_000_000, valueBytes: 390_000, spread: 4 }

/** An index that keeps facts in this process: the reference of the contract, for tests and for trying things out. */
export function memoryIndex({ storage = new MemoryIndexStorage(), limits: chosen }: MemoryIndexOptions = {}): Index {
  const limits = Object.freeze({ ...strictest, ...chosen })
  let closed = false
  const enter = (options: CallOptions | undefined): void => {
    if (closed) throw new RegistryError('CLOSED', 'this memory index was closed', { driver: 'memory' })
    options?.signal?.throwIfAborted()
  }
  const stored = (key: EntryKey): StoredEntry | undefined => storage.partitions.get(key.partition)?.get(key.sort)
  const sorted = (partition: string): readonly (readonly [string, StoredEntry])[] =>
    [...(storage.partitions.get(partition) ?? [])].sort(([a], [b]) => compareUtf8(a, b))

  const apply = (change: Change, json: string): string | undefined => {
    const { partition, sort } = change.key
    const entries = storage.partitions.get(partition) ?? new Map<string, StoredEntry>()
    if (change.op === 'put') {
      const revision = String(++storage.revision)
      entries.set(sort, { json, revision, text: change.text === undefined ? undefined : foldText(change.text) })
      storage.partitions.set(partition, entries)
      return revision
    }
    if (change.op === 'delete') entries.delete(sort)
    return undefined
  }

  return {
    contract: 1,
    name: 'memory',
    capabilities: Object.freeze({ search: true, limits }),

    async get(keys: readonly EntryKey[], options?: CallOptions): Promise<readonly (Entry | undefined)[]> {
      enter(options)
      keys.forEach(assertEntryKey)
      return keys.map((key) => {
        const found = stored(key)
        return found && entry(key.partition, key.sort, found)
      })
    },

    async scan(partition: string, options?: ScanOptions): Promise<EntryPage> {
      enter(options)
      assertPartition(partition)
      const matches = sorted(partition).filter(([sort]) => isInRange(sort, options ?? {}))
      return page(partition, options?.reverse === true ? matches.reverse() : matches, options?.limit)
    },

    async commit(changes: readonly Change[], options?: CommitOptions): Promise<readonly (string | undefined)[]> {
      enter(options)
      const sized = checkChanges(changes, limits, options)
      for (const { key, expect } of changes) {
        if (!isAsExpected(expect, stored(key))) {
          throw new RegistryError('CONFLICT', `${key.partition} ${key.sort} is not as expected`, { driver: 'memory', operation: 'commit', key })
        }
      }
      return sized.map(({ change, json }) => apply(change, json))
    },

    async search({ partition, text }: SearchQuery, options?: SearchOptions): Promise<EntryPage> {
      enter(options)
      assertPartition(partition)
      const terms = searchTerms(text)
      const matches = sorted(partition).filter(
        ([sort, found]) => found.text !== undefined && isInRange(sort, { after: options?.after }) && terms.every((term) => found.text!.includes(term)),
      )
      return page(partition, matches, options?.limit)
    },

    async close(): Promise<void> {
      closed = true
    },
  }
}

function page(partition: string, matches: readonly (readonly [string, StoredEntry])[], limit: number | undefined): EntryPage {
  const count = pageLimit(limit)
  return {
    entries: matches.slice(0, count).map(([sort, found]) => entry(partition, sort, found)),
    more: matches.length > count,
  }
}

/** A copy: what a caller does to a value that it read changes nothing here. */
function entry(partition: string, sort: string, { json, revision }: StoredEntry): Entry {
  return { key: { partition, sort }, value: JSON.parse(json) as Json, revision }
}

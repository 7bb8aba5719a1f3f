import type { Entry, EntryKey, Json } from '@registry/core'
import { LRUCache } from 'lru-cache'
import { entryOf } from './entry.js'
import type { EntryRow } from './statements.js'

/** UTF-16 units of keys and values that are kept. */
const size = 4 * 2 ** 20
/** One row takes the place of no more than 15 others. */
const largestRow = size / 16

type FlatValue = Readonly<Record<string, Json | undefined>>

/** A value of which a copy has no part in common with it is kept as it is: to copy it is faster than to parse it again. */
type Kept = { readonly flat: FlatValue; readonly revision: string } | EntryRow

/**
 * Rows as they are in the database, so that what is read again and again is not looked up again. SQLite counts what other
 * connections commit, and is asked for that count at each read; whoever commits here says what is as it is now.
 */
export class RecentRows {
  private readonly rows = new LRUCache<string, Kept>({ maxSize: size, maxEntrySize: largestRow })
  private version: number | undefined

  /** @param version - the data version that the reader sees */
  enter(version: number): void {
    if (version === this.version) return
    this.clear()
    this.version = version
  }

  clear(): void {
    this.rows.clear()
  }

  /** An entry of the caller's own. */
  get({ partition, sort }: EntryKey): Entry | undefined {
    const name = nameOf(partition, sort)
    const kept = this.rows.get(name)
    if (kept === undefined) return undefined
    if ('flat' in kept) return { key: { partition, sort }, value: { ...kept.flat }, revision: kept.revision }
    const entry = entryOf(partition, kept)
    if (isFlat(entry.value)) this.rows.set(name, { flat: { ...entry.value }, revision: kept.revision }, { size: sizeOf(name, kept) })
    return entry
  }

  set(partition: string, row: EntryRow): void {
    const name = nameOf(partition, row.sort)
    this.rows.set(name, row, { size: sizeOf(name, row) })
  }

  forget({ partition, sort }: EntryKey): void {
    this.rows.delete(nameOf(partition, sort))
  }
}

/** No key has a NUL. */
function nameOf(partition: string, sort: string): string {
  return `${partition}\0${sort}`
}

function sizeOf(name: string, { value }: EntryRow): number {
  return name.length + value.length
}

function isFlat(value: Json): value is FlatValue {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every((part) => typeof part !== 'object' || part === null)
}

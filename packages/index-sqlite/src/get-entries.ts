import type { Entry, EntryKey } from '@registry/core'
import type { Database } from './database.js'
import { entryOf } from './entry.js'
import type { RecentRows } from './recent-rows.js'
import type { Statements } from './statements.js'

/** Entries as all of them were at one moment. */
export function getEntries(database: Database, statements: Statements, recent: RecentRows, keys: readonly EntryKey[]): readonly (Entry | undefined)[] {
  const look = (): readonly (Entry | undefined)[] => {
    recent.enter(statements.dataVersion.get()!.data_version)
    return keys.map((key) => recent.get(key))
  }
  const kept = look()
  if (kept.every((entry) => entry !== undefined)) return kept
  // One row is of one moment anyway. Where it is newer than the version that was asked for, that version is gone by the next read.
  if (keys.length === 1) return [read(statements, recent, keys[0]!)]
  return database.transaction('BEGIN', () => look().map((entry, n) => entry ?? read(statements, recent, keys[n]!)))
}

function read(statements: Statements, recent: RecentRows, { partition, sort }: EntryKey): Entry | undefined {
  const row = statements.get.get(partition, sort)
  if (row === undefined) return undefined
  const entry = entryOf(partition, row)
  recent.set(partition, row)
  return entry
}

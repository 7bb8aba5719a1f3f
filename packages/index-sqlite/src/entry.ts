import type { Entry, EntryPage, Json } from '@registry/core'
import type { EntryRow } from './statements.js'

/** A row that no commit wrote: SQLite does not see it when bytes inside of a value are damaged. */
export class DamagedRowError extends Error {
  override readonly name = 'DamagedRowError'
}

/** @throws DamagedRowError */
export function entryOf(partition: string, { sort, value, revision }: EntryRow): Entry {
  if ([sort, value, revision].some((column) => typeof column !== 'string')) throw new DamagedRowError(`${name(partition, sort)} has columns of other types`)
  return { key: { partition, sort }, value: parsed(partition, sort, value), revision }
}

/** Rows as a page of `limit` entries; one row more says that there are more. */
export function pageOf(partition: string, rows: readonly EntryRow[], limit: number): EntryPage {
  return { entries: rows.slice(0, limit).map((row) => entryOf(partition, row)), more: rows.length > limit }
}

function parsed(partition: string, sort: string, value: string): Json {
  try {
    return JSON.parse(value) as Json
  } catch (cause) {
    throw new DamagedRowError(`the value of ${name(partition, sort)} is no JSON`, { cause })
  }
}

/** In one line, whatever is in it. */
function name(partition: string, sort: unknown): string {
  return JSON.stringify([partition, sort])
}

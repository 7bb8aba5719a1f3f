import type { Entry, EntryPage } from '@registry/core'

/** A row as it is stored. */
export interface StoredRow {
  readonly sort: string
  readonly revision: string
  readonly value: string
}

/** A page from the rows of a statement that asked for one more than `limit`. */
export function pageOf(partition: string, rows: readonly StoredRow[], limit: number): EntryPage {
  return { entries: rows.slice(0, limit).map((row) => entryOf(partition, row)), more: rows.length > limit }
}

export function entryOf(partition: string, { sort, revision, value }: StoredRow): Entry {
  return { key: { partition, sort }, value: JSON.parse(value) as Entry['value'], revision }
}

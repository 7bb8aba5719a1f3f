import type { CallOptions, Change, CommitOptions, Expectation, Index, Json, ScanOptions } from '@registry/core'
import type { RowKey } from './keyspace.js'
import { isLive, type Tombstone } from './rows.js'

/** A row as it was read. It is an expectation of its own revision. */
export interface Row<Value> {
  readonly value: Value
  readonly revision: string
}

/** Whether a row that has a version was read, and it is no tombstone. */
export function isLiveRow<Value extends { readonly version: number }>(row: Row<Value | Tombstone> | undefined): row is Row<Value> {
  return row !== undefined && isLive(row.value)
}

type RowsOf<Keys extends readonly RowKey<unknown>[]> = {
  -readonly [N in keyof Keys]: (Keys[N] extends RowKey<infer Value> ? Row<Value> : never) | undefined
}

/** Reads the rows under `keys`, each with the type that its key gives it. */
export async function readRows<const Keys extends readonly RowKey<unknown>[]>(index: Index, keys: Keys, options?: CallOptions): Promise<RowsOf<Keys>> {
  return (await index.get(keys, options)) as unknown as RowsOf<Keys>
}

/** Reads one row. */
export async function readRow<Value>(index: Index, key: RowKey<Value>, options?: CallOptions): Promise<Row<Value> | undefined> {
  return (await readRows(index, [key], options))[0]
}

/** Every row of a partition, in order, page by page. */
export async function* scanRows<Value>(index: Index, partition: string, options: ScanOptions = {}): AsyncGenerator<Row<Value> & { readonly sort: string }, void> {
  for (let { after } = options, more = true; more; ) {
    const page = await index.scan(partition, { ...options, after })
    for (const { key, value, revision } of page.entries) yield { sort: key.sort, value: value as unknown as Value, revision }
    after = page.entries.at(-1)?.key.sort
    more = page.more
  }
}

/** The change that puts a row. */
export function putRow<Value>(key: RowKey<Value>, value: Value, expect?: Expectation): Change {
  return { op: 'put', key, value: value as unknown as Json, expect }
}

/** The change that deletes a row. */
export function deleteRow(key: RowKey<unknown>, expect?: Expectation): Change {
  return { op: 'delete', key, expect }
}

/** The condition that a row is as it was read. */
export function checkRow(key: RowKey<unknown>, expect: Expectation): Change {
  return { op: 'check', key, expect }
}

/** Commits changes that need not go together, in as many commits as the limits ask for. */
export async function commitInBatches(index: Index, changes: readonly Change[], options?: CommitOptions): Promise<void> {
  for (let start = 0; start < changes.length; start += index.capabilities.limits.changes) {
    await index.commit(changes.slice(start, start + index.capabilities.limits.changes), options)
  }
}

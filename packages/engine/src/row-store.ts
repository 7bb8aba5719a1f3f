import type { CallOptions, Change, CommitOptions, Expectation, Index, Json } from '@registry/core'
import type { RowKey } from './keyspace.js'

/** A row as it was read. It is an expectation of its own revision. */
export interface Row<Value> {
  readonly value: Value
  readonly revision: string
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

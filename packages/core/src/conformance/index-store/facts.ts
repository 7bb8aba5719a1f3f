import type { Entry, EntryKey, EntryPage, Index, PutChange } from '../../index-store.js'
import type { Json } from '../../json.js'
import { expectEqual } from '../expectations.js'

/** The partition of every case that needs one only. */
export const partition = 'facts'

export function at(sort: string, where: string = partition): EntryKey {
  return { partition: where, sort }
}

/** A put under `sort`, of `sort` itself unless something else matters. */
export function put(sort: string, value: Json = sort, more: Partial<Omit<PutChange, 'op' | 'value'>> = {}): PutChange {
  return { op: 'put', key: at(sort), value, ...more }
}

/** Puts any number of entries, in commits that the index takes, and returns their revisions. */
export async function fill(index: Index, changes: readonly PutChange[]): Promise<readonly string[]> {
  const { changes: maxChanges, commitBytes } = index.capabilities.limits
  const revisions: string[] = []
  let batch: PutChange[] = []
  let bytes = 0
  const flush = async (): Promise<void> => {
    if (batch.length > 0) revisions.push(...(await index.commit(batch)).map(String))
    batch = []
    bytes = 0
  }
  for (const change of changes) {
    const size = sizeOf(change)
    if (batch.length === maxChanges || bytes + size > commitBytes) await flush()
    batch.push(change)
    bytes += size
  }
  await flush()
  return revisions
}

/** Bytes of a put, as `limits.commitBytes` counts them. */
export function sizeOf({ key, value, text = '' }: PutChange): number {
  return [key.partition, key.sort, JSON.stringify(value), text].reduce((sum, part) => sum + Buffer.byteLength(part), 0)
}

/** `count` sort keys of equal length, in order. */
export function numbered(count: number, begin = 'n'): readonly string[] {
  return Array.from({ length: count }, (_, number) => `${begin}${String(number).padStart(6, '0')}`)
}

/** What `get` finds under these sort keys: each value, or the words `no entry`. */
export async function valuesAt(index: Index, sorts: readonly string[]): Promise<readonly Json[]> {
  return (await index.get(sorts.map((sort) => at(sort)))).map(valueOf)
}

/** The value of an entry, or the words `no entry`. */
export function valueOf(entry: Entry | undefined): Json {
  return entry === undefined ? 'no entry' : entry.value
}

/** The entry under `sort`, which has to be there. */
export async function entryAt(index: Index, sort: string): Promise<Entry> {
  const [entry] = await index.get([at(sort)])
  if (entry === undefined) throw new Error(`get(${sort}): expected an entry, got undefined`)
  return entry
}

/** Characters of a value that is text, and -1 of any other. */
export function lengthOf(value: Json | undefined): number {
  return typeof value === 'string' ? value.length : -1
}

/** Fails unless the page has exactly these sort keys, in this order, and this `more`. */
export function expectPage(what: string, page: EntryPage, sorts: readonly string[], more: boolean): void {
  expectEqual(`${what}, sort keys`, page.entries.map((entry) => entry.key.sort), sorts)
  expectEqual(`${what}, more`, page.more, more)
}

/** Everything that a partition holds, revisions too, to see whether a call changed anything. */
export async function snapshot(index: Index, where: string = partition): Promise<readonly Entry[]> {
  return (await index.scan(where)).entries
}

import type { IndexLimits } from '../../src/capabilities.js'
import type { Harness } from '../../src/conformance/index.js'
import type { Change, CommitOptions, Entry, EntryKey, EntryPage, Index, ScanOptions } from '../../src/index-store.js'
import { memoryIndex, MemoryIndexStorage } from '../../src/memory/index.js'

/** An index that breaks one sentence of the contract. */
export interface IndexMutant {
  readonly id: string
  readonly breaks: string
  readonly harness: Harness<Index>
}

/** Namespaces of indexes that keep their entries in one storage each. */
export function harnessOf(make: (storage: MemoryIndexStorage) => Index): Harness<Index> {
  return async () => {
    const storage = new MemoryIndexStorage()
    return { open: async () => make(storage), destroy: async () => {} }
  }
}

/** Small, so that every case can run on every mutant in seconds. */
export const limits: IndexLimits = { changes: 20, commitBytes: 40_000, valueBytes: 8_000, spread: 1 }

/** Large enough for what breaks in long commits alone. */
export const roomy: IndexLimits = { changes: 100, commitBytes: 400_000, valueBytes: 8_000, spread: 1 }

/** What a memory index keeps of an entry. */
export type Stored = NonNullable<ReturnType<NonNullable<ReturnType<MemoryIndexStorage['partitions']['get']>>['get']>>

export function storedAt(storage: MemoryIndexStorage, { partition, sort }: EntryKey): Stored | undefined {
  return storage.partitions.get(partition)?.get(sort)
}

/** Sets or deletes an entry behind the back of every index. */
export function store(storage: MemoryIndexStorage, { partition, sort }: EntryKey, stored: Stored | undefined): void {
  const entries = storage.partitions.get(partition) ?? new Map<string, Stored>()
  storage.partitions.set(partition, entries)
  if (stored === undefined) entries.delete(sort)
  else entries.set(sort, stored)
}

/** The change without its expectation: a check then has nothing left to do. */
export function unexpecting(change: Change): readonly Change[] {
  return change.op === 'check' ? [] : [{ ...change, expect: undefined }]
}

/** Commits fewer or other changes, and answers as if it had committed all of them. */
export async function commitInstead(
  index: Index,
  changes: readonly Change[],
  instead: readonly Change[],
  options?: CommitOptions,
): Promise<readonly (string | undefined)[]> {
  const answer = new Map((await index.commit(instead, options)).map((revision, number) => [keyOf(instead[number]!), revision]))
  return changes.map((change) => answer.get(keyOf(change)))
}

function keyOf({ key: { partition, sort } }: Change): string {
  return `${partition}\0${sort}`
}

/** The memory index with some members replaced. */
export function mutant(
  id: string,
  breaks: string,
  change: (index: Index, storage: MemoryIndexStorage) => Partial<Index>,
  its: IndexLimits = limits,
): IndexMutant {
  return {
    id,
    breaks,
    harness: harnessOf((storage) => {
      const index = memoryIndex({ storage, limits: its })
      return { ...index, ...change(index, storage) }
    }),
  }
}

/** A mutant whose commits are of other changes. */
export function changing(id: string, breaks: string, change: (change: Change, storage: MemoryIndexStorage) => Change): IndexMutant {
  return mutant(id, breaks, (index, storage) => ({
    commit: async (changes, options) => index.commit(changes.map((each) => change(each, storage)), options),
  }))
}

/** A mutant whose entries are read as others. */
export function reading(id: string, breaks: string, read: (entry: Entry) => Entry): IndexMutant {
  const readPage = ({ entries, more }: EntryPage): EntryPage => ({ entries: entries.map(read), more })
  return mutant(id, breaks, (index) => ({
    get: async (keys, options) => (await index.get(keys, options)).map((entry) => entry && read(entry)),
    scan: async (partition, options) => readPage(await index.scan(partition, options)),
    search: async (query, options) => readPage(await index.search(query, options)),
  }))
}

/** A mutant whose scans have other options. */
export function scanning(id: string, breaks: string, change: (options: ScanOptions) => ScanOptions): IndexMutant {
  return mutant(id, breaks, (index) => ({ scan: async (partition, options) => index.scan(partition, change(options ?? {})) }))
}

/** A mutant that goes on with what a scan found, as long as no limit is in the way. */
export function rescanning(id: string, breaks: string, change: (entries: readonly Entry[], options: ScanOptions) => readonly Entry[]): IndexMutant {
  return mutant(id, breaks, (index) => ({
    scan: async (partition, options = {}) => {
      const { limit = 1000 } = options
      await index.scan(partition, options)
      const entries = change(await everything(index, partition, options), options)
      return { entries: entries.slice(0, limit), more: entries.length > limit }
    },
  }))
}

/** Every entry that a scan without a limit would find. */
export async function everything(index: Index, partition: string, options: ScanOptions): Promise<readonly Entry[]> {
  const entries: Entry[] = []
  for (;;) {
    const last = entries.at(-1)?.key.sort
    const from = options.reverse === true ? { before: last ?? options.before } : { after: last ?? options.after }
    const page = await index.scan(partition, { ...options, limit: 1000, ...from })
    entries.push(...page.entries)
    if (!page.more || page.entries.length === 0) return entries
  }
}

export function sameKey(a: EntryKey, b: EntryKey): boolean {
  return a.partition === b.partition && a.sort === b.sort
}

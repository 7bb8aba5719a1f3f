import type { Change, Json } from '@registry/core'
import { type RowKey, rowKeys } from '../keyspace.js'
import { deleteRow, putRow } from '../row-store.js'
import type { Rebuild, RebuildCounts, RebuildProblem } from '../rows.js'
import type { Hold } from './hold.js'
import type { RebuildContext } from './rebuild-context.js'
import type { UnansweredPush } from './unanswered.js'

/** Rows on their way into the index, which reads as if they were there already. */
export interface Batch {
  /** Reads rows ahead, all at once. */
  load(keys: readonly RowKey<unknown>[]): Promise<void>
  /** A row that was loaded, or put or removed since. */
  row<Value>(key: RowKey<Value>): Value | undefined
  /** @param counts - what it counts as, where the index has no such row that counts yet */
  put(change: Change, counts?: keyof RebuildCounts): void
  remove(key: RowKey<unknown>): void
  /** Counts one more. */
  count(what: keyof RebuildCounts): void
  /** Something is left out. */
  report(key: string, reason: string): void
  /** So is this, which is no problem. */
  reportUnanswered(push: UnansweredPush): void
  /** Whether something is left out, of this rebuild, whose key begins with `prefix`. */
  hasReported(prefix: string): Promise<boolean>
  /** Commits everything, and at last that records are in up to `cursor`. */
  commit(hold: Hold, progress: Pick<Rebuild, 'cursor' | 'done'>, beforeLast: () => Promise<void>): Promise<void>
}

interface Pending {
  readonly change: Change
  readonly counts?: keyof RebuildCounts | undefined
}

/** Room for the rebuild's own row, which goes with each commit. */
const ownBytes = 8192

export function startBatch({ index }: Pick<RebuildContext, 'index'>): Batch {
  const stored = new Map<string, Json | undefined>()
  const pending = new Map<string, Pending>()
  const counted: Record<keyof RebuildCounts, number> = { repositories: 0, manifests: 0, tags: 0, blobs: 0 }
  const idOf = ({ partition, sort }: RowKey<unknown>): string => `${partition}\0${sort}`
  const leaveOut = (problem: RebuildProblem): void => {
    const change = putRow(rowKeys.rebuildProblem(problem), problem)
    pending.set(idOf(change.key), { change })
  }

  return {
    async load(keys: readonly RowKey<unknown>[]): Promise<void> {
      const missing = new Map(keys.filter((key) => !stored.has(idOf(key))).map((key) => [idOf(key), key]))
      const entries = await index.get([...missing.values()])
      for (const [n, id] of [...missing.keys()].entries()) stored.set(id, entries[n]?.value)
    },

    row<Value>(key: RowKey<Value>): Value | undefined {
      const change = pending.get(idOf(key))?.change
      if (change?.op === 'delete') return undefined
      return (change?.op === 'put' ? change.value : stored.get(idOf(key))) as Value | undefined
    },

    put(change: Change, counts?: keyof RebuildCounts): void {
      pending.set(idOf(change.key), { change, counts })
    },

    remove(key: RowKey<unknown>): void {
      pending.set(idOf(key), { change: deleteRow(key) })
    },

    count(what: keyof RebuildCounts): void {
      counted[what]++
    },

    report(key: string, reason: string): void {
      leaveOut({ key, reason })
    },

    reportUnanswered: leaveOut,

    async hasReported(prefix: string): Promise<boolean> {
      const partition = rowKeys.rebuildProblems()
      if ([...pending.values()].some(({ change: { key } }) => key.partition === partition && key.sort.startsWith(prefix))) return true
      return (await index.scan(partition, { prefix, limit: 1 })).entries.length > 0
    },

    async commit(hold: Hold, progress: Pick<Rebuild, 'cursor' | 'done'>, beforeLast: () => Promise<void>): Promise<void> {
      const parts = partsOf([...pending.values()], index.capabilities.limits)
      // What a row that was not there counts goes with the row: whoever does the batch again finds it, and counts it no more.
      const countsOf = (part: readonly Pending[]): RebuildCounts => {
        const counts = { ...hold.state.counts }
        for (const { change, counts: what } of part) if (what && !isCounted(stored.get(idOf(change.key)))) counts[what]++
        return counts
      }
      const last = parts.pop() ?? []
      for (const part of parts) await hold.commit(part.map(({ change }) => change), { counts: countsOf(part) }, { durable: false })
      await beforeLast()
      const counts = { ...countsOf(last) }
      for (const what of Object.keys(counted) as (keyof RebuildCounts)[]) counts[what] += counted[what]
      await hold.commit(last.map(({ change }) => change), { ...progress, counts })
    },
  }
}

/** Whether a row is one that counts: a blob that is whole, or a repository that is no tombstone. */
function isCounted(value: Json | undefined): boolean {
  if (typeof value !== 'object' || value === null) return false
  return !('deleted' in value) && !('state' in value && value.state === 'corrupt')
}

function partsOf(pending: readonly Pending[], limits: { readonly changes: number; readonly commitBytes: number }): Pending[][] {
  const parts: Pending[][] = []
  let bytes = Infinity
  for (const each of pending) {
    const size = sizeOf(each.change)
    let part = parts.at(-1)
    if (part === undefined || part.length + 1 >= limits.changes || bytes + size > limits.commitBytes - ownBytes) {
      parts.push((part = []))
      bytes = 0
    }
    part.push(each)
    bytes += size
  }
  return parts
}

/** Bytes of a change, as the limits count them. */
function sizeOf(change: Change): number {
  const { partition, sort } = change.key
  const own = change.op === 'put' ? Buffer.byteLength(JSON.stringify(change.value)) + Buffer.byteLength(change.text ?? '') : 0
  return own + Buffer.byteLength(partition) + Buffer.byteLength(sort)
}

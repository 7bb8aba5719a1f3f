import type { IndexLimits, Json } from '@registry/core'
import { MemoryIndexStorage, type MemoryStorage } from '@registry/core/memory'
import type { RowKey } from '../../src/keyspace.js'
import type { World as Stored } from '../support/bench.js'
import type { Twin } from './twin.js'

/** When the clock of every run begins. */
const start = Date.UTC(2026, 0, 1)

export interface WorldRow<Value> {
  readonly partition: string
  readonly sort: string
  readonly value: Value
}

export interface WorldOptions {
  readonly limits?: Partial<IndexLimits>
  /** Begins as this one is. */
  readonly like?: World
  readonly revisionsRepeat?: boolean
  /** Descriptions follow what is pushed. Default: they do not, which is fewer calls to put in order. */
  readonly search?: boolean
}

/** The storages that all processes of a run share, and the clock. */
export class World {
  /** Milliseconds since 1970. */
  now: number
  readonly objects: MemoryStorage
  readonly rows: MemoryIndexStorage
  readonly limits: Partial<IndexLimits>
  readonly backgroundErrors: unknown[] = []
  /** Other storages that have to answer as these do. */
  twin: Twin | undefined
  /** Keys of objects whose bytes went wrong by themselves, and those of which that was found out. */
  readonly damaged: Set<string>
  readonly known: Set<string>
  /** How many writes there were: whether something may have changed since. */
  changes = 0
  /** A variant in which revisions repeat. */
  readonly revisionsRepeat: boolean
  readonly search: boolean
  /** The last revision of each row and object. */
  private readonly writers: Map<string, string>
  private readonly written: Map<string, number>
  private readonly processes: Map<string, number>
  private readonly puts: Map<string, number>
  private fingerprinted: { readonly changes: number; readonly text: string } | undefined

  constructor({ limits = {}, like, revisionsRepeat = like?.revisionsRepeat ?? false, search = like?.search ?? false }: WorldOptions = {}) {
    this.limits = like?.limits ?? limits
    this.now = like?.now ?? start
    this.revisionsRepeat = revisionsRepeat
    this.search = search
    this.objects = new Map(like?.objects)
    this.rows = new MemoryIndexStorage()
    for (const [partition, entries] of like?.rows.partitions ?? []) this.rows.partitions.set(partition, new Map(entries))
    this.damaged = new Set(like?.damaged)
    this.known = new Set(like?.known)
    this.writers = new Map(like?.writers)
    this.written = new Map(like?.written)
    this.processes = new Map(like?.processes)
    this.puts = new Map(like?.puts)
  }

  /** A number for each process, by the order in which they began. */
  numberOf(process: string): number {
    if (!this.processes.has(process)) this.processes.set(process, this.processes.size)
    return this.processes.get(process)!
  }

  /**
   * Gives what a process wrote under a key a revision, which tells whose it is and how often that one wrote there before,
   * and nothing of what others did meanwhile: two orders of calls that come to the same give the same storages.
   */
  wrote(process: string, key: string): string {
    const writer = `${this.numberOf(process)}.${key}`
    const count = (this.written.get(writer) ?? 0) + 1
    this.written.set(writer, count)
    const revision = this.revisionsRepeat ? this.repeatedRevision(key) : `${this.numberOf(process)}.${count}`
    this.writers.set(key, revision)
    this.changes++
    return revision
  }

  /** That of an index that breaks its contract: it counts the puts of a key, from the beginning after each delete. */
  private repeatedRevision(key: string): string {
    const puts = (this.puts.get(key) ?? 0) + 1
    this.puts.set(key, puts)
    return String(puts)
  }

  removed(key: string): void {
    this.puts.delete(key)
    this.writers.delete(key)
    this.changes++
  }

  /** Everything that is stored, as the rest of the engine's tests see it. */
  stored(): Stored {
    const objects = Object.fromEntries([...this.objects].map(([key, { bytes }]) => [key, Buffer.from(bytes).toString()]))
    const rows: Record<string, Json> = {}
    for (const [partition, entries] of this.rows.partitions) {
      for (const [sort, { json }] of entries) rows[`${partition} ${sort}`] = JSON.parse(json) as Json
    }
    return { objects, rows }
  }

  /** The rows of the partitions that begin with `prefix`. */
  *rowsOf<Value>(prefix: string): Generator<WorldRow<Value>, void> {
    for (const [partition, entries] of this.rows.partitions) {
      if (!partition.startsWith(prefix)) continue
      for (const [sort, { json }] of entries) yield { partition, sort, value: JSON.parse(json) as Value }
    }
  }

  row<Value>({ partition, sort }: RowKey<Value>): Value | undefined {
    const entry = this.rows.partitions.get(partition)?.get(sort)
    return entry && (JSON.parse(entry.json) as Value)
  }

  /** Equal where the storages are, to whoever read something of them before: whatever was written has a revision. */
  fingerprint(): string {
    if (this.fingerprinted?.changes !== this.changes) {
      const text = [...this.writers].map(([key, revision]) => `${key} ${revision}`).sort().join('\n')
      this.fingerprinted = { changes: this.changes, text }
    }
    return `${this.now}\n${this.fingerprinted.text}`
  }
}

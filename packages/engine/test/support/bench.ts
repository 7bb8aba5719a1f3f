import { inspect } from 'node:util'
import type { Driver, Index, Json } from '@registry/core'
import { RegistryError } from '@registry/core'
import { createRegistry, type Policy, type Registry } from '../../src/index.js'
import { bodyOf, readObject } from '../../src/body.js'
import type { RowKey } from '../../src/keyspace.js'
import { sealRecord } from '../../src/record-checksum.js'
import { readRow, type Row } from '../../src/row-store.js'
import { Faults } from './faults.js'
import { findUntidy } from './tidy.js'
import { describeEachPair, describePairsAtHand, type Pair, type Storages } from './pairs.js'

export interface BenchOptions {
  readonly objectBytes?: number
  /** Of one commit at most. */
  readonly changes?: number
  readonly policy?: Partial<Policy>
  /** The test leaves something behind on purpose, and says why. Otherwise storage and index have to be in order at its end. */
  readonly untidy?: string
  /** Background work fails on purpose. */
  readonly failsInBackground?: boolean
  /** Whether a process may take it that no other has the storage open. Default: it may. */
  readonly exclusive?: boolean
  /** Milliseconds of a clock of its own that never goes back. Default: the machine's, and as far ahead as the bench says. */
  readonly monotonic?: () => number
  /** Prepares faults for the start itself, once the storage is claimed. */
  readonly arrange?: (faults: Faults) => void
}

/** A process that works on the storages. */
export interface Process {
  readonly registry: Registry
  readonly faults: Faults
  /** It ends as `kill -9` ends it. */
  kill(): void
}

/** Everything that is stored. */
export interface World {
  /** Bytes as text, by key. */
  readonly objects: Readonly<Record<string, string>>
  /** Values by partition and sort key. */
  readonly rows: Readonly<Record<string, Json>>
}

/** When the clock of every bench begins. */
const start = Date.UTC(2026, 0, 1)

/** The `n`th version of a row that was first put when the clock began. */
export function nthVersion(n: number): number {
  return start + n - 1
}

export type OpenBench = (options?: BenchOptions) => Promise<Bench>

/** Runs the tests on every pair. */
export function onEachPair(title: string, tests: (open: OpenBench) => void): void {
  describeEachPair(title, (pair) => {
    tests((options) => Bench.open(pair, options))
  })
}

/**
 * Runs the tests on the pairs that need no network: for those that start a registry hundreds of times, or put thousands of objects,
 * which would take a minute each elsewhere, and find out what the engine makes of objects and not what a store does.
 */
export function onPairsAtHand(title: string, tests: (open: OpenBench) => void): void {
  describePairsAtHand(title, (pair) => {
    tests((options) => Bench.open(pair, options))
  })
}

/** A registry on fresh storages, whatever else works on them, and a look past it at what is stored. */
export class Bench implements AsyncDisposable {
  /** Milliseconds since 1970, for every process. */
  now: number = start
  /** Milliseconds by which the clock that never goes back is ahead, for every process. */
  elapsed = 0
  readonly backgroundErrors: unknown[] = []
  /** The storages themselves. */
  readonly driver: Driver
  index: Index
  registry!: Registry
  faults!: Faults
  readonly storages: Storages
  private readonly options: BenchOptions
  private readonly processes = new Set<Process>()
  /** What the system would release of processes that ended. */
  private readonly killed: (Driver | Index)[] = []
  private readonly partitions = new Set<string>()

  private constructor(storages: Storages, driver: Driver, index: Index, options: BenchOptions) {
    this.storages = storages
    this.driver = driver
    this.index = index
    this.options = options
  }

  static async open(pair: Pair, options: BenchOptions = {}): Promise<Bench> {
    const storages = await pair.open()
    const bench = new Bench(storages, await storages.driver(), await storages.index(), options)
    const { registry, faults } = await bench.start()
    bench.registry = registry
    bench.faults = faults
    return bench
  }

  /** Starts one more process on the same storages, and waits until its start is over. */
  async start(options: Partial<BenchOptions> = {}): Promise<Process> {
    const process = await this.begin(options)
    await process.registry.rebuild?.report
    await process.registry.settled()
    process.faults.forget()
    return process
  }

  /** Starts a process that dies at its `n`th call, if it makes so many until its index is rebuilt, and waits for whichever comes first. */
  async startDying(n: number, when: 'before' | 'after', options: Partial<BenchOptions> = {}): Promise<'died' | 'started'> {
    let dying: Faults | undefined
    const prepare = (faults: Faults): void => {
      dying = faults
      faults.killAt(n, when)
    }
    const began = this.begin(options, prepare).then(async ({ registry, faults }) => {
      await registry.rebuild?.report
      faults.killAt(Infinity, when)
      return faults.isDead ? ('died' as const) : ('started' as const)
    })
    while (dying === undefined) await new Promise((resolve) => setImmediate(resolve))
    const outcome = await Promise.race([began, dying.died.then(() => 'died' as const)])
    if (outcome === 'died') for (const process of this.processes) if (process.faults === dying) process.kill()
    return outcome
  }

  /** Starts one more process, and waits until it answers, be it that its index is being rebuilt. */
  async begin(options: Partial<BenchOptions> = {}, prepare: (faults: Faults) => void = () => {}): Promise<Process> {
    const { objectBytes, changes, policy, exclusive = true, arrange, monotonic = () => performance.now() + this.elapsed } = { ...this.options, ...options }
    const faults = new Faults(this.partitions)
    const [driver, index] = [await this.storages.driver(), await this.storages.index()]
    prepare(faults)
    const registry = await createRegistry({
      driver: faults.driver(driver, objectBytes),
      index: faults.index(index, changes),
      now: () => this.now,
      onBackgroundError: (error) => this.backgroundErrors.push(error),
      exclusive,
      monotonic,
      ...(policy && { policy }),
    })
    const process: Process = {
      registry,
      faults,
      kill: () => {
        faults.kill()
        this.processes.delete(process)
        this.killed.push(driver, index)
      },
    }
    this.processes.add(process)
    arrange?.(faults)
    return process
  }

  /** The first process ends as `kill -9` ends it. */
  kill(): void {
    for (const process of this.processes) if (process.registry === this.registry) process.kill()
  }

  /** Every process ends as `kill -9` ends it, and the index is lost. */
  async loseIndex(): Promise<void> {
    for (const process of this.processes) process.kill()
    this.killed.push(this.index)
    await this.storages.loseIndex()
    this.index = await this.storages.index()
    this.partitions.clear()
  }

  /** The index is lost, and a process on a new one has rebuilt it from storage. */
  async rebuild(): Promise<void> {
    await this.settled()
    await this.loseIndex()
    const { registry, faults } = await this.start()
    this.registry = registry
    this.faults = faults
  }

  /** Waits until no process works on behind its answers. */
  async settled(): Promise<void> {
    for (const { registry } of this.processes) await registry.settled()
  }

  /** Keys of objects that begin with `prefix`. */
  async keys(prefix = ''): Promise<string[]> {
    const keys: string[] = []
    for await (const { key } of this.driver.list({ prefix })) keys.push(key)
    return keys
  }

  /** Keys of objects that hold bytes of blobs or texts of manifests. */
  async blobKeys(): Promise<string[]> {
    return (await this.keys('blobs/')).filter((key) => !key.includes('!moved-'))
  }

  /** The text of an object. */
  async object(key: string): Promise<string> {
    return (await readObject(this.driver.open(key))).toString()
  }

  /** The JSON of an object; of a record all but its checksum. */
  async record(key: string): Promise<object> {
    const fields = Object.entries(JSON.parse(await this.object(key)) as object)
    return Object.fromEntries(fields.filter(([name]) => name !== 'checksum'))
  }

  /** Changes fields of a record, as somebody would who wrote it so. */
  async changeRecord(key: string, fields: object): Promise<void> {
    await this.driver.put(key, bodyOf(sealRecord({ ...(await this.record(key)), ...fields })))
  }

  async row<Value>(key: RowKey<Value>): Promise<Value | undefined> {
    return (await this.entry(key))?.value
  }

  async entry<Value>(key: RowKey<Value>): Promise<Row<Value> | undefined> {
    return readRow(this.index, key)
  }

  /** Puts a row past the registry. */
  async put<Value>(key: RowKey<Value>, value: Value): Promise<void> {
    this.partitions.add(key.partition)
    await this.index.commit([{ op: 'put', key, value: value as Json }])
  }

  /** Rows of all partitions that begin with `prefix`, such as `uploads/`. */
  async rows(prefix = ''): Promise<Record<string, Json>> {
    const found: Record<string, Json> = {}
    for (const partition of [...this.partitions].filter((name) => name.startsWith(prefix)).sort()) {
      const { entries, more } = await this.index.scan(partition)
      if (more) throw new Error(`${partition} has more rows than a test should make`)
      for (const { key, value } of entries) found[`${partition} ${key.sort}`] = value
    }
    return found
  }

  /** Everything that is stored, once nothing goes on behind answers. */
  async world(): Promise<World> {
    await this.settled()
    const objects: Record<string, string> = {}
    for (const key of await this.keys()) objects[key] = await this.object(key)
    return { objects, rows: await this.rows() }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { faults } of this.processes) faults.releaseAll()
    await this.settled()
    const { untidy, failsInBackground } = this.options
    const problems = untidy === undefined ? findUntidy(await this.world()) : []
    const unmet = [...this.processes].flatMap(({ faults }) => faults.unmet())
    for (const { registry } of this.processes) await registry.close()
    // Only now: until it is closed a process looks again and again whose storage it is.
    const unreleased = [...this.processes].flatMap(({ faults }) => [...faults.unreleased].map(({ info }) => info.key))
    for (const store of [...this.killed, this.driver, this.index]) await store.close()
    await this.storages[Symbol.asyncDispose]()
    if (problems.length > 0) throw new Error(`the storages are not in order:\n${problems.join('\n')}`)
    if (unreleased.length > 0) throw new Error(`opened and not released: ${unreleased.join(', ')}`)
    if (unmet.length > 0) throw new Error(`the test armed faults that nothing met: ${unmet.join(', ')}`)
    if (failsInBackground !== true && this.backgroundErrors.length > 0) {
      throw new AggregateError(this.backgroundErrors, `background work failed: ${this.backgroundErrors.map(String).join('; ')}`)
    }
  }
}

/** The error of what has to fail. */
export async function errorOf(promise: Promise<unknown>): Promise<RegistryError> {
  let value: unknown
  try {
    value = await promise
  } catch (error) {
    if (RegistryError.is(error)) return error
    throw error
  }
  throw new Error(`expected an error, got ${inspect(value, { maxStringLength: 300 })}`)
}

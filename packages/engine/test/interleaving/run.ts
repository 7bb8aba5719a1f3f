import { inspect } from 'node:util'
import { defaultPolicy } from '../../src/policy.js'
import { collect, type CollectorRules } from './collector.js'
import { readable } from './content.js'
import { brokenInvariant } from './invariants.js'
import { Ledger } from './ledger.js'
import { blobsPromised, type Operation, perform, told } from './operations.js'
import { type Process, startProcess } from './process.js'
import type { ScheduledIndexOptions } from './scheduled-index.js'
import { type Choice, quiet, Scheduler } from './scheduler.js'
import type { World } from './world.js'

/** What a run is given beside its processes and clients. */
export interface RunOptions extends Partial<ScheduledIndexOptions> {
  readonly collectorRules?: CollectorRules
}

/** An invariant that broke, with everything that led there. */
export class Violation extends Error {
  readonly what: string
  readonly trace: readonly string[]

  constructor(what: string, trace: readonly string[]) {
    super(`${readable(what)}\n\nas it went:\n${trace.map((line) => `  ${readable(line)}`).join('\n')}`)
    this.name = 'Violation'
    this.what = what
    this.trace = trace
  }
}

/** Processes and clients on one world, whose calls proceed as somebody chooses. */
export class Run {
  readonly scheduler: Scheduler = new Scheduler()
  readonly ledger: Ledger = new Ledger()
  readonly world: World
  private readonly options: RunOptions
  private readonly deaths = new Map<string, () => void>()
  /** Whether to look at the world after each call. */
  watched = true
  private failure: unknown
  private checked = 0

  constructor(world: World, options: RunOptions = {}) {
    this.world = world
    this.options = options
  }

  start(name: string): Process {
    return startProcess(this.world, this.scheduler, name, { torn: this.options.torn ?? false })
  }

  /** Does an operation and enters it in the ledger. Resolves when it is answered, or its process dies. */
  async operate(process: Process, operation: Operation): Promise<void> {
    const entry = this.ledger.begin(operation)
    const { now } = this.world
    const sent = (): Promise<void> => this.scheduler.call(process.name, { kind: 'step', label: 'the client sends more', touches: [] }, async () => {})
    const outcome = await this.whileAlive(process, perform(process, operation, sent))
    if (!outcome) return
    this.ledger.end(entry, outcome)
    // A lease that is not renewed has more than half of its time left.
    if (outcome.state === 'done') this.ledger.promise(blobsPromised(operation), now + defaultPolicy.leaseMilliseconds / 2)
    this.scheduler.trace.push(`${process.name}: ${told(operation)} → ${outcome.state === 'done' ? (outcome.found ?? 'done') : outcome.state === 'refused' ? outcome.code : 'nobody knows'}`)
  }

  /** Work that no client waits for. It may fail, as everything may that goes on behind answers. */
  async work(process: Process, work: () => Promise<void>): Promise<void> {
    await this.whileAlive(process, work().catch((error: unknown) => void this.world.backgroundErrors.push(error)))
  }

  collect(process: Process): Promise<void> {
    return this.work(process, () => collect(process.context, this.ledger, this.options.collectorRules))
  }

  /** Something that the run waits for. What it throws ends the run. */
  begin(task: () => Promise<void>): void {
    task().catch((error: unknown) => (this.failure ??= error))
  }

  /** Lets calls proceed until none is left, and checks what can be checked after each. */
  async drive(choose: (proceeds: readonly Choice[]) => Choice | undefined, afterEach: () => void | Promise<void> = () => {}): Promise<void> {
    await quiet()
    for (;;) {
      this.check()
      const proceeds = this.scheduler.proceeds()
      const choice = proceeds.length > 0 ? choose(proceeds) : undefined
      if (choice === undefined) return
      if (choice.what === 'kill') this.deaths.get(choice.process)?.()
      await this.scheduler.take(choice)
      await afterEach()
    }
  }

  /** Does something alone: its calls proceed in the order in which they come. They are no news, where nothing goes wrong. */
  async alone<Result>(task: () => Promise<Result>): Promise<Result> {
    const told = this.scheduler.trace.length
    let result: { readonly value: Result } | undefined
    this.begin(async () => {
      result = { value: await task() }
    })
    await this.drive(([first]) => first)
    if (!result) throw new Error('it waits for something that does not come')
    this.scheduler.trace.length = told
    return result.value
  }

  violation(what: string): Violation {
    return new Violation(what, this.scheduler.trace)
  }

  private check(): void {
    if (this.failure !== undefined) throw this.failure instanceof Error && this.failure.name === 'Violation' ? this.failure : this.violation(inspect(this.failure))
    if (this.ledger.brokenPromise !== undefined) throw this.violation(this.ledger.brokenPromise)
    if (!this.watched || this.checked === this.world.changes) return
    this.checked = this.world.changes
    const broken = brokenInvariant(this.world)
    if (broken !== undefined) throw this.violation(broken)
  }

  private whileAlive<Result>(process: Process, work: Promise<Result>): Promise<Result | undefined> {
    const earlier = this.deaths.get(process.name)
    const death = new Promise<undefined>((resolve) => {
      this.deaths.set(process.name, () => {
        earlier?.()
        resolve(undefined)
      })
    })
    return Promise.race([work, death])
  }
}

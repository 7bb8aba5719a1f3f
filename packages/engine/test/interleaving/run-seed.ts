import type { Driver, Index } from '@registry/core'
import { checkAftermath, checkLostIndex } from './aftermath.js'
import { readable } from './content.js'
import { clock } from './footprints.js'
import { happens, pick, type Random, randomOf } from './random.js'
import type { Process } from './process.js'
import { Run } from './run.js'
import { type Choice, type PendingCall, wire } from './scheduler.js'
import { describedSettings, settings } from './settings.js'
import { type Action, type Kind, workloadOf } from './workload.js'
import { Twin } from './twin.js'
import { World } from './world.js'

/** Everything that a seed decides before the run begins. */
interface Plan {
  readonly torn: boolean
  readonly textsInObjects: boolean
  readonly processes: number
  readonly kills: number
  readonly losses: number
  /** After how many calls the index is lost, in a copy of the storages: what is made of it has to be true then. */
  readonly indexLostAfter: number
}

function planOf(random: Random): Plan {
  return {
    torn: happens(random, 0.5),
    textsInObjects: happens(random, 0.2),
    processes: happens(random, 0.5) ? 1 : 2,
    kills: happens(random, 0.4) ? 1 : 0,
    losses: happens(random, 0.4) ? 1 + Math.floor(random() * 2) : 0,
    indexLostAfter: Math.floor(random() * 300),
  }
}

/** Other storages that a run is made on beside those in memory. */
export interface Storages {
  readonly driver: Driver
  readonly index: Index
}

export interface SeedOptions {
  /** They have to answer as those in memory do. They are empty. */
  readonly storages?: Storages | undefined
  /** Tags are moved and deleted, and descriptions follow them. */
  readonly tagsOnly?: boolean
}

/** What moves tags, or takes them away. */
const tagKinds: readonly Kind[] = ['push', 'push', 'push', 'push', 'push', 'delete tag', 'delete tag', 'delete manifest', 'delete repository']

/**
 * Runs what a seed decides, and checks it.
 *
 * @returns the trace
 * @throws `Violation`
 */
export async function runSeed(seed: number, { storages, tagsOnly = false }: SeedOptions = {}): Promise<readonly string[]> {
  const random = randomOf(seed)
  const plan = planOf(random)
  const setting = await pick(random, tagsOnly ? describedSettings() : settings(plan.textsInObjects))()
  const world = new World({ like: setting.world })
  if (storages) world.twin = await Twin.of(world, storages.driver, storages.index)
  const run = new Run(world, { torn: plan.torn })
  const slots = Array.from({ length: plan.processes }, (_, n) => new Slot(run, `registry ${n + 1}`))
  for (const [n, script] of workloadOf(random, { longTimes: !plan.textsInObjects, ...(tagsOnly && { kinds: tagKinds }) }).entries()) {
    const slot = pick(random, slots)
    run.begin(() => client(run, `client ${n + 1}`, slot, script))
  }
  const chance = new Chance(run, random, plan, slots)
  let steps = 0
  await run.drive(
    (proceeds) => chance.choose(proceeds),
    async () => {
      if (steps++ === plan.indexLostAfter) await checkLostIndex(run, setting.states)
    },
  )
  await world.twin?.compare(world)
  const { trace } = run.scheduler
  await checkAftermath(run, setting.states, { indexWasLost: steps > plan.indexLostAfter })
  return trace.map(readable)
}

/** A place for a process: when one dies the next starts, and clients go on with that one. */
class Slot {
  process: Process
  private readonly run: Run
  private readonly name: string
  private starts = 0

  constructor(run: Run, name: string) {
    this.run = run
    this.name = name
    this.process = run.start(name)
  }

  restart(): void {
    this.process = this.run.start(`${this.name}, start ${++this.starts + 1}`)
    // As every start does: what processes that died left is not to wait.
    this.run.begin(() => this.run.work(this.process, () => this.process.sweep({ noteAge: 0, objectFolders: [] })))
  }
}

async function client(run: Run, name: string, slot: Slot, script: readonly Action[]): Promise<void> {
  const { scheduler, world } = run
  for (const action of script) {
    const touches = action.kind === 'pass' ? [clock] : []
    await scheduler.call(name, { kind: 'step', label: action.kind === 'pass' ? `${action.milliseconds / 1000} seconds pass` : `begins to ${action.kind}`, touches }, async () => {
      if (action.kind === 'pass') world.now += action.milliseconds
    })
    const { process } = slot
    if (action.kind === 'sweep') await run.work(process, () => process.sweep(action.noteAge === undefined ? {} : { noteAge: action.noteAge }))
    else if (action.kind === 'collect') await run.collect(process)
    else if (action.kind !== 'pass') await run.operate(process, action)
  }
}

/** How often something goes wrong where it may. */
const mishap = 0.03

/**
 * Chooses by chance. Each call is given a number when it comes, and the lowest proceeds: most calls are answered soon,
 * and some only when everybody else has gone very far.
 */
class Chance {
  private readonly urgencies = new WeakMap<PendingCall, number>()
  private readonly run: Run
  private readonly random: Random
  private readonly slots: readonly Slot[]
  private kills: number
  private losses: number

  constructor(run: Run, random: Random, { kills, losses }: Plan, slots: readonly Slot[]) {
    this.run = run
    this.random = random
    this.slots = slots
    this.kills = kills
    this.losses = losses
  }

  choose(proceeds: readonly Choice[]): Choice | undefined {
    for (const choice of proceeds) if (choice.what === 'proceed' && !this.urgencies.has(choice.call)) this.urgencies.set(choice.call, this.random())
    const [next] = [...proceeds].sort((a, b) => this.urgencyOf(a) - this.urgencyOf(b))
    if (next?.what !== 'proceed') return next
    if (this.kills > 0 && happens(this.random, mishap / 2)) return this.kill() ?? next
    const mishaps = this.run.scheduler.mishaps(next.call)
    if (mishaps.length === 0) return next
    if (next.call.process === wire) return happens(this.random, 0.3) ? mishaps[0]! : next
    if (this.losses === 0 || !happens(this.random, mishap)) return next
    this.losses--
    return pick(this.random, mishaps)
  }

  private urgencyOf(choice: Choice): number {
    return choice.what === 'proceed' ? this.urgencies.get(choice.call)! : 0
  }

  private kill(): Choice | undefined {
    const slot = pick(this.random, this.slots)
    const { name } = slot.process
    if (!this.run.scheduler.pending.some(({ process }) => process === name)) return undefined
    this.kills--
    const choice = this.run.scheduler.kills(name)
    slot.restart()
    return choice
  }
}

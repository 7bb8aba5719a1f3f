import { checkAftermath, checkLostIndex } from './aftermath.js'
import { Footsteps } from './footsteps.js'
import { Futures } from './futures.js'
import { KnownStates } from './known-states.js'
import { hash, Memories } from './memories.js'
import type { Process } from './process.js'
import { type Random, randomOf } from './random.js'
import { Run, type RunOptions } from './run.js'
import type { Setting } from './setting.js'
import { type Budget, commute, enoughOf, possibleSteps, type PossibleStep, type Step } from './steps.js'
import { World } from './world.js'

/** Some operations at once, each in a process of its own. */
export interface Configuration extends RunOptions {
  readonly setting: () => Promise<Setting>
  /** By the name of its process. */
  readonly processes: Readonly<Record<string, (run: Run, process: Process) => Promise<void>>>
  /** How many processes may be killed, and how many answers be lost. Default: none. */
  readonly kills?: number
  readonly losses?: number
  /** More of what has to be true in the end. */
  readonly finally?: (run: Run) => string | undefined
}

export interface Explored {
  /** Of the last search: those before it relied on less than was so. */
  readonly schedules: number
  readonly states: number
  /** Whether every schedule was tried. */
  readonly exhausted: boolean
}

/**
 * Tries every order of calls: each schedule is run from the start, by the steps that lead to it.
 *
 * A process is what it was answered. Where all processes and the storages are as they were at a moment of an earlier
 * schedule, everything that can come then was tried there already. A call that touches nothing that anybody else will touch
 * goes first, and no other order is tried; who will touch what is learnt on the way, and what was tried without knowing is
 * tried again. Of two steps that come to the same in either order, one order is tried.
 *
 * @throws `Violation`
 */
export async function explore(configuration: Configuration, most = 100_000): Promise<Explored> {
  const setting = await configuration.setting()
  const futures = new Futures()
  for (;;) {
    futures.restart()
    const explored = await exploreKnowing(futures, configuration, setting, most)
    // Each search learns something, so that some search is the last.
    if (explored.exhausted || explored.schedules >= most) return explored
  }
}

/** How many schedules come before it is seen for the first time whether the search has to be made again. */
const firstLook = 25

/** Stops early where it relied on something that is not so. */
async function exploreKnowing(futures: Futures, configuration: Configuration, setting: Setting, most: number): Promise<Explored> {
  const search: Search = { known: new KnownStates(), ends: new Set(), left: [{ path: [], asleep: [] }], futures }
  const random = randomOf(1)
  let schedules = 0
  for (let look = firstLook; schedules < most; schedules++) {
    const isTime = schedules === look
    if (isTime) look *= 2
    const start = isTime && futures.isOutdated ? undefined : takeOne(search.left, random)
    if (!start) return { schedules, states: search.known.size, exhausted: !futures.isOutdated }
    await runOne(configuration, setting, start, search)
  }
  return { schedules, states: search.known.size, exhausted: search.left.length === 0 && !futures.isOutdated }
}

/** Any of them: where there are too many, those that are tried are of all kinds. */
function takeOne<Item>(items: Item[], random: Random): Item | undefined {
  const at = Math.floor(random() * items.length)
  const last = items.pop()
  if (last === undefined || at === items.length) return last
  const taken = items[at]
  items[at] = last
  return taken
}

/** Where a schedule leaves those that were tried before. */
interface Start {
  /** Names of the steps that lead there. */
  readonly path: readonly string[]
  /** What need not be tried there. */
  readonly asleep: readonly Step[]
}

interface Search {
  readonly known: KnownStates
  readonly ends: Set<string>
  /** What is still to be tried. */
  readonly left: Start[]
  readonly futures: Futures
}

async function runOne(configuration: Configuration, { world, states }: Setting, { path, asleep: asleepThere }: Start, { known, ends, left, futures }: Search): Promise<void> {
  const run = new Run(new World({ like: world }), configuration)
  const memories = new Memories()
  run.scheduler.onAnswer = (process, label, answer) => {
    memories.add(process, label, answer)
  }
  const footsteps = new Footsteps(futures)
  const budget: Budget = { kills: configuration.kills ?? 0, losses: configuration.losses ?? 0 }
  const alive = new Set(Object.keys(configuration.processes))
  for (const [name, task] of Object.entries(configuration.processes)) {
    const process = run.start(name)
    run.begin(() => task(run, process))
  }

  const taken: string[] = []
  let asleep = asleepThere
  /** The first of the steps that are to be tried here. The others are left for later. */
  const firstOf = (possible: readonly PossibleStep[]): Step | undefined => {
    const state = hash(run.world.fingerprint(), memories.fingerprint(), [...alive].join(), JSON.stringify(budget), possible.map(({ step }) => step.name).join(), precedence(run))
    const awake = known.arrive(state, possible, enoughOf(possible, futures, footsteps.arrive(run.scheduler.pending)), asleep)
    const startWith = (step: Step, n: number): Start => ({
      path: [...taken, step.name],
      asleep: [...asleep, ...awake.slice(0, n)].filter((other) => commute(other, step)),
    })
    const [first, ...others] = awake.map(startWith)
    left.push(...others)
    asleep = first?.asleep ?? []
    return awake[0]
  }

  const search = { isKnown: false }
  await run.drive(() => {
    const isNew = taken.length >= path.length
    run.watched = taken.length + 1 >= path.length
    const possible = possibleSteps(run, budget, alive)
    const name = isNew ? firstOf(possible)?.name : path[taken.length]
    search.isKnown = name === undefined
    if (name === undefined) return undefined
    if (!isNew && run.watched) footsteps.arrive(run.scheduler.pending)
    taken.push(name)
    const { choice, step } = possible.find((each) => each.step.name === name)!
    if (choice.what === 'kill') {
      budget.kills--
      alive.delete(choice.process)
    } else {
      footsteps.add(step.process, step.touches, run.scheduler.pending.some((other) => other !== choice.call && other.process === step.process))
      if (step.isMishap) budget.losses--
    }
    return choice
  })
  if (search.isKnown) return
  footsteps.arrive(run.scheduler.pending)
  const end = hash(JSON.stringify(sorted(run.world.stored())), precedence(run), JSON.stringify(run.ledger.entries.map(({ outcome }) => outcome)))
  if (ends.has(end)) return
  ends.add(end)
  const broken = configuration.finally?.(run)
  if (broken !== undefined) throw run.violation(broken)
  await checkLostIndex(run, states)
  await checkAftermath(run, states, { indexWasLost: true })
}

/** Which operation was answered before which began: what clients may rely on. */
function precedence({ ledger: { entries, collected } }: Run): string {
  const all = [...entries, ...collected]
  return JSON.stringify(all.map(({ began }) => all.map(({ ended }) => (ended < began ? 1 : 0)).join('')))
}

/** In an order that does not depend on which came first. */
function sorted({ objects, rows }: ReturnType<World['stored']>): readonly unknown[] {
  return [objects, rows].map((entries) => Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)))
}

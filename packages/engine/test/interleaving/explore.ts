import { checkAftermath, checkLostIndex } from './aftermath.js'
import type { Process } from './process.js'
import { Footprints, Footsteps } from './footprints.js'
import { hash, Memories } from './memories.js'
import { type Random, randomOf } from './random.js'
import { Run, type RunOptions } from './run.js'
import { type Choice, wire } from './scheduler.js'
import type { Setting } from './setting.js'
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
  readonly schedules: number
  readonly states: number
  /** Whether every schedule was tried. */
  readonly exhausted: boolean
}

/**
 * Tries every order of calls: each schedule is run from the start, by the choices that lead to it.
 *
 * A process is what it was answered. Where all processes and the storages are as they were at a moment of an earlier
 * schedule, everything that can come then was tried there already. A call that touches nothing of anybody else's goes
 * first, and no other order is tried; who touches what is learnt on the way, and what was tried without knowing is tried again.
 *
 * @throws `Violation`
 */
export async function explore(configuration: Configuration, most = 100_000): Promise<Explored> {
  const setting = await configuration.setting()
  const footprints = new Footprints()
  for (;;) {
    const explored = await exploreKnowing(footprints, configuration, setting, most)
    if (!explored.exhausted || !footprints.learn()) return explored
  }
}

async function exploreKnowing(footprints: Footprints, configuration: Configuration, setting: Setting, most: number): Promise<Explored> {
  const known = new Set<string>()
  const left: (readonly number[])[] = [[]]
  const random = randomOf(1)
  let schedules = 0
  for (let path = takeOne(left, random); path; path = takeOne(left, random)) {
    if (schedules === most) return { schedules, states: known.size, exhausted: false }
    schedules++
    await runOne(configuration, setting, { path, known, left, footprints })
  }
  return { schedules, states: known.size, exhausted: true }
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

interface Search {
  /** Which of the choices to take, from the start on. */
  readonly path: readonly number[]
  readonly known: Set<string>
  /** Paths that are still to be tried. */
  readonly left: (readonly number[])[]
  readonly footprints: Footprints
}

interface Budget {
  kills: number
  losses: number
}

async function runOne(configuration: Configuration, { world, states }: Setting, { path, known, left, footprints }: Search): Promise<void> {
  const run = new Run(new World({ like: world }), configuration)
  const memories = new Memories()
  run.scheduler.onAnswer = (process, label, answer) => {
    memories.add(process, label, answer)
  }
  const footsteps = new Footsteps(footprints)
  const budget: Budget = { kills: configuration.kills ?? 0, losses: configuration.losses ?? 0 }
  const alive = new Set(Object.keys(configuration.processes))
  for (const [name, task] of Object.entries(configuration.processes)) {
    const process = run.start(name)
    run.begin(() => task(run, process))
  }

  const taken: number[] = []
  const search = { isKnown: false }
  await run.drive((calls) => {
    const proceeds = byProcess(calls)
    const choices = choicesOf(run, proceeds, budget, alive, footprints)
    run.watched = taken.length + 1 >= path.length
    let at = path[taken.length]
    if (at === undefined) {
      const state = hash(run.world.fingerprint(), memories.fingerprint(), [...alive].join(), JSON.stringify(budget), proceeds.map(labelOf).join(), precedence(run))
      search.isKnown = known.has(state)
      if (search.isKnown) return undefined
      known.add(state)
      for (let n = choices.length - 1; n > 0; n--) left.push([...taken, n])
      at = 0
    }
    taken.push(at)
    const choice = choices[at]!
    if (choice.what === 'kill') {
      budget.kills--
      alive.delete(choice.process)
    } else {
      const { process, touches } = choice.call
      footsteps.add(process, touches, run.scheduler.pending.some((other) => other !== choice.call && other.process === process))
      if (choice.fate !== 'answered' && choice.fate !== 'dropped') budget.losses--
    }
    return choice
  })
  if (search.isKnown) return
  const end = hash('end', JSON.stringify(run.world.stored()), precedence(run), JSON.stringify(run.ledger.entries.map(({ outcome }) => outcome)))
  if (known.has(end)) return
  known.add(end)
  const broken = configuration.finally?.(run)
  if (broken !== undefined) throw run.violation(broken)
  await checkLostIndex(run, states)
  await checkAftermath(run, states, { indexWasLost: true })
}

/** What may happen next, where one call is enough that is of no consequence to others. */
function choicesOf(run: Run, proceeds: readonly Choice[], budget: Budget, alive: ReadonlySet<string>, footprints: Footprints): readonly Choice[] {
  const own = proceeds.find((choice) => choice.what === 'proceed' && !footprints.isShared(choice.call.process, choice.call.touches))
  const some = own ? [own] : proceeds
  const calls = some.flatMap((choice) => (choice.what === 'proceed' ? [choice.call] : []))
  const lost = calls.filter(({ kind, process }) => process === wire || (budget.losses > 0 && kind !== 'read')).flatMap((call) => run.scheduler.mishaps(call))
  const busy = new Set(calls.map(({ process }) => process))
  const killed = budget.kills > 0 ? [...alive].filter((process) => busy.has(process)).map((process) => run.scheduler.kills(process)) : []
  return [...some, ...lost, ...killed]
}

/** In an order that does not depend on which process came first. */
function byProcess(choices: readonly Choice[]): readonly Choice[] {
  return [...choices].sort((a, b) => (labelOf(a) < labelOf(b) ? -1 : labelOf(a) > labelOf(b) ? 1 : 0))
}

function labelOf(choice: Choice): string {
  return choice.what === 'kill' ? choice.process : `${choice.call.process} ${choice.call.label}`
}

/** Which operation was answered before which began: what clients may rely on. */
function precedence({ ledger: { entries, collected } }: Run): string {
  const all = [...entries, ...collected]
  return JSON.stringify(all.map(({ began }) => all.map(({ ended }) => (ended < began ? 1 : 0)).join('')))
}

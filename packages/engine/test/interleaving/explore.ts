import { checkAftermath, checkLostIndex } from './aftermath.js'
import { Footsteps } from './footsteps.js'
import { Futures } from './futures.js'
import { hash, Memories } from './memories.js'
import type { Process } from './process.js'
import { Run, type RunOptions } from './run.js'
import type { Setting } from './setting.js'
import type { Move } from './scheduler.js'
import { Search, type Start } from './search.js'
import { type Budget, possibleSteps, spend } from './steps.js'
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

/** What searches leave to those that come after them. */
export class Lessons {
  readonly futures: Futures = new Futures()
  /** How runs ended that were checked. */
  readonly ends: Set<string> = new Set()
}

/**
 * Tries every order of calls: each schedule is run from the start, by the steps that lead to it.
 *
 * A process is what it was answered. Where all processes and the storages are as they were at a moment of an earlier
 * schedule, everything that can come then was tried there already. A call that touches nothing that anybody else will touch
 * goes first, and no other order is tried; who will touch what is learnt on the way, and what was left out without knowing
 * is tried then. Of two steps that come to the same in either order, one order is tried.
 *
 * @param lessons - of searches with the same processes and the same setting, where other things went wrong
 * @throws `Violation`
 */
export async function explore(configuration: Configuration, most = 100_000, lessons: Lessons = new Lessons()): Promise<Explored> {
  const setting = await configuration.setting()
  lessons.futures.release()
  const search = new Search(lessons.futures)
  for (let schedules = 0; schedules < most; schedules++) {
    const start = search.next()
    if (!start) return { schedules, states: search.states, exhausted: true }
    await runOne(configuration, setting, start, search, lessons)
  }
  return { schedules: most, states: search.states, exhausted: search.next() === undefined }
}

async function runOne(configuration: Configuration, { world, states }: Setting, start: Start, search: Search, { futures, ends }: Lessons): Promise<void> {
  const { path } = start
  const taken: Move[] = []
  const run = new Run(new World({ like: world }), configuration)
  const memories = new Memories(start.memories)
  run.scheduler.onAnswer = (process, label, answer) => {
    if (taken.length >= path.length) memories.add(process, label, answer)
  }
  const footsteps = new Footsteps(futures)
  const budget: Budget = { kills: configuration.kills ?? 0, losses: configuration.losses ?? 0 }
  const alive = new Set(Object.keys(configuration.processes))
  for (const [name, task] of Object.entries(configuration.processes)) {
    const process = run.start(name)
    run.begin(() => task(run, process))
  }

  let { asleep } = start
  const firstMove = (): Move | undefined => {
    const possible = possibleSteps(run, budget, alive)
    const state = hash(run.world.fingerprint(), memories.fingerprint(), [...alive].join(), JSON.stringify(budget), possible.map(({ step }) => step.name).join(), precedence(run))
    const whereabouts = footsteps.arrive(run.scheduler.pending)
    const next = search.arrive(state, { path: [...taken], asleep, memories: new Memories(memories), possible, whereabouts })
    if (next) asleep = next.asleep
    return next?.path.at(-1)
  }

  const end = { isKnown: false }
  await run.drive(() => {
    const { pending } = run.scheduler
    const isNew = taken.length >= path.length
    run.watched = taken.length + 1 >= path.length
    if (!isNew && run.watched) footsteps.arrive(pending)
    const move = isNew ? firstMove() : path[taken.length]!
    end.isKnown = move === undefined
    if (!move) return undefined
    taken.push(move)
    const choice = run.scheduler.again(move)
    spend(choice, budget, alive)
    if (choice.what === 'proceed') {
      const { process, touches } = choice.call
      footsteps.add(process, touches, pending.some((other) => other !== choice.call && other.process === process))
    }
    return choice
  })
  if (end.isKnown) return
  footsteps.arrive(run.scheduler.pending)
  const found = hash(String(run.scheduler.disturbed), JSON.stringify(sorted(run.world.stored())), precedence(run), JSON.stringify(run.ledger.entries.map(({ outcome }) => outcome)))
  if (ends.has(found)) return
  ends.add(found)
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

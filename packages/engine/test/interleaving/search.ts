import type { Futures, Whereabouts } from './futures.js'
import { KnownStates } from './known-states.js'
import { Memories } from './memories.js'
import { type Random, randomOf } from './random.js'
import type { Move } from './scheduler.js'
import { commute, enoughOf, type PossibleStep, type Step } from './steps.js'

/** Where a schedule leaves those that were tried before. */
export interface Start {
  readonly path: readonly Move[]
  /** What need not be tried there. */
  readonly asleep: readonly Step[]
  /** What the processes knew before the last move of the path. */
  readonly memories: Memories
}

/** Where schedules part. */
export interface Crossroads extends Omit<Start, 'asleep'> {
  /** What was tried here is asleep for what is tried later. */
  asleep: readonly Step[]
  readonly possible: readonly PossibleStep[]
  readonly whereabouts: Whereabouts
}

/** What of all schedules was tried, and what is left. */
export class Search {
  private readonly known = new KnownStates()
  private readonly left: Start[] = [{ path: [], asleep: [], memories: new Memories() }]
  private readonly outdated = new Set<Crossroads>()
  private readonly random: Random = randomOf(1)
  private readonly futures: Futures

  constructor(futures: Futures) {
    this.futures = futures
  }

  get states(): number {
    return this.known.size
  }

  /** Any of those that are left: where there are too many, those that are tried are of all kinds. */
  next(): Start | undefined {
    for (const crossroads of this.outdated) {
      this.outdated.delete(crossroads)
      this.left.push(...branch(crossroads, this.enoughFor(crossroads)))
    }
    const at = Math.floor(this.random() * this.left.length)
    const last = this.left.pop()
    if (last === undefined || at === this.left.length) return last
    const taken = this.left[at]
    this.left[at] = last
    return taken
  }

  /** Says how to go on from where a schedule has come to; the other ways are left for later. */
  arrive(state: string, crossroads: Crossroads): Start | undefined {
    const woken = this.known.arrive(state, crossroads.asleep)
    const steps = woken ? crossroads.possible.filter(({ step }) => woken.has(step.name)) : this.enoughFor(crossroads)
    const [first, ...others] = branch(crossroads, steps)
    this.left.push(...others)
    return first
  }

  /** What may become of one call, where nobody is known to touch the same: should somebody, the crossroads is looked at again. */
  private enoughFor(crossroads: Crossroads): readonly PossibleStep[] {
    const { possible, whereabouts } = crossroads
    const own = possible.find(({ move, step }) => 'call' in move && !this.futures.isShared(step.process, step.touches, whereabouts))
    if (!own) return possible
    this.futures.rely(own.step.process, own.step.touches, whereabouts, () => this.outdated.add(crossroads))
    return enoughOf(possible, own)
  }
}

function branch(crossroads: Crossroads, steps: readonly PossibleStep[]): readonly Start[] {
  const { path, memories } = crossroads
  const names = new Set(crossroads.asleep.map(({ name }) => name))
  return steps.flatMap(({ step, move }) => {
    if (names.has(step.name)) return []
    const asleep = crossroads.asleep.filter((other) => commute(other, step))
    crossroads.asleep = [...crossroads.asleep, step]
    return [{ path: [...path, move], asleep, memories }]
  })
}

import type { Step } from './steps.js'

/**
 * States that a search has come to. A step is asleep where it need not be tried: schedules that take it earlier, and
 * come to the same, are tried elsewhere. What was asleep whenever a state was come to, and only that, is never tried there.
 */
export class KnownStates {
  private readonly states = new Map<string, ReadonlySet<string>>()

  get size(): number {
    return this.states.size
  }

  /** Says which steps were asleep here until now, and are not any more, by name; nothing of a state that is new. */
  arrive(state: string, asleep: readonly Step[]): ReadonlySet<string> | undefined {
    const names = new Set(asleep.map(({ name }) => name))
    const before = this.states.get(state)
    this.states.set(state, before ? new Set([...before].filter((name) => names.has(name))) : names)
    return before && new Set([...before].filter((name) => !names.has(name)))
  }
}

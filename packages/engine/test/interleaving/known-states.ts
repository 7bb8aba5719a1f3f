import type { PossibleStep, Step } from './steps.js'

/**
 * States that a search has come to. A step is asleep where it need not be tried: schedules that take it earlier, and
 * come to the same, are tried elsewhere. What was asleep whenever a state was come to, and only that, is never tried there.
 */
export class KnownStates {
  private readonly states = new Map<string, ReadonlySet<string>>()

  get size(): number {
    return this.states.size
  }

  /**
   * Says which steps are to be tried now.
   *
   * @param enough - those of which one has to be next
   */
  arrive(state: string, possible: readonly PossibleStep[], enough: readonly Step[], asleep: readonly Step[]): readonly Step[] {
    const names = new Set(asleep.map(({ name }) => name))
    const before = this.states.get(state)
    this.states.set(state, before ? new Set([...before].filter((name) => names.has(name))) : names)
    if (!before) return enough.filter(({ name }) => !names.has(name))
    return possible.flatMap(({ step }) => (before.has(step.name) && !names.has(step.name) ? [step] : []))
  }
}

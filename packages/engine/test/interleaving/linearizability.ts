/** Something that happened between two moments, and at once at one of the moments between. */
export interface HistoryEvent<State> {
  readonly told: string
  readonly began: number
  /** Infinity where it may also not have happened at all. */
  readonly ended: number
  /** What it makes of a state; `undefined` where it cannot have happened then. */
  readonly apply: (state: State) => State | undefined
  /** What else may happen, step by step, from its beginning on until it is done. */
  readonly meanwhile?: (state: State) => readonly State[]
}

/**
 * Whether there is an order of the events, true to what ended before what began, in which each makes sense.
 *
 * @returns `undefined` where there is; else as many of the events as make sense one after the other, and what comes then
 */
export function findContradiction<State>(start: State, events: readonly HistoryEvent<State>[]): string | undefined {
  const seen = new Set<string>()
  let furthest: { readonly order: readonly string[]; readonly state: State; readonly left: readonly string[] } | undefined

  const search = (state: State, left: readonly HistoryEvent<State>[], order: readonly string[]): boolean => {
    const certain = left.filter((event) => event.ended !== Infinity)
    if (certain.length === 0) return true
    const key = `${left.map((event) => events.indexOf(event)).join()} ${JSON.stringify(state)}`
    if (seen.has(key)) return false
    seen.add(key)
    if (!furthest || order.length > furthest.order.length) furthest = { order, state, left: certain.map(({ told }) => told) }
    const firstEnd = Math.min(...certain.map(({ ended }) => ended))
    for (const event of left) {
      if (event.began > firstEnd) continue
      const next = event.apply(state)
      if (next !== undefined && search(next, left.filter((other) => other !== event), [...order, event.told])) return true
      for (const other of event.meanwhile?.(state) ?? []) if (search(other, left, [...order, `(in the course of ${event.told})`])) return true
    }
    return false
  }

  if (search(start, events, [])) return undefined
  return `after ${furthest!.order.join('; ')} it is ${JSON.stringify(furthest!.state)}, and none of these makes sense next: ${furthest!.left.join('; ')}`
}

/** One thing that may happen next: it changes the copy of the state that it is given, and may say how it went. */
export interface Move<State> {
  readonly name: string
  readonly apply: (state: State) => string | undefined
}

/** A system of which every order of events is tried. States are plain JSON. */
export interface Model<State> {
  readonly start: State
  /** As deep as moves change states in place. */
  readonly copy: (state: State) => State
  readonly moves: (state: State) => readonly Move<State>[]
  /** By name: what has to be true in every state. */
  readonly invariants: Readonly<Record<string, (state: State) => boolean>>
}

export interface Result {
  /** The invariant that broke first, in the fewest moves. */
  readonly violated: string | undefined
  /** The moves that lead there. */
  readonly trace: readonly string[]
  readonly states: number
  /** Whether every reachable state was looked at. */
  readonly exhausted: boolean
}

/** Walks all reachable states breadth first, so that the first violation found has the shortest trace. */
export function explore<State>(model: Model<State>, limit = 600_000): Result {
  const found = [model.start]
  const arrivals: { from: number; move: string }[] = [{ from: -1, move: '' }]
  const known = new Set([JSON.stringify(model.start)])

  for (let at = 0; at < found.length; at++) {
    const state = found[at]!
    const violated = Object.keys(model.invariants).find((name) => !model.invariants[name]!(state))
    if (violated !== undefined) return { violated, trace: traceTo(arrivals, at), states: found.length, exhausted: false }
    if (found.length > limit) return { violated: undefined, trace: [], states: found.length, exhausted: false }

    for (const move of model.moves(state)) {
      const next = model.copy(state)
      const outcome = move.apply(next)
      const key = JSON.stringify(next)
      if (known.has(key)) continue
      known.add(key)
      found.push(next)
      arrivals.push({ from: at, move: outcome === undefined ? move.name : `${move.name} → ${outcome}` })
    }
  }
  return { violated: undefined, trace: [], states: found.length, exhausted: true }
}

function traceTo(arrivals: readonly { from: number; move: string }[], index: number): string[] {
  const trace: string[] = []
  for (let at = index; arrivals[at]!.from >= 0; at = arrivals[at]!.from) trace.unshift(arrivals[at]!.move)
  return trace
}

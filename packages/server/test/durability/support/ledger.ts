/**
 * What a registry may show after a crash. A thing is a blob, a manifest, a tag or an upload session, named as `blob REPOSITORY DIGEST`;
 * its state is `absent`, `present`, the digest that a tag leads to, or how many bytes of a session were taken.
 */
export interface Ledger {
  readonly things: readonly string[]
  /** The states that a thing may have: one, where an answer or an observation has fixed it. */
  possible(thing: string): ReadonlySet<string>
  /** The effects of each request that was not answered: all of them or none. */
  underway(): readonly (readonly Effect[])[]
  apply(event: LedgerEvent): void
  /** Fixes the state of a thing, where nothing is under way any more. */
  observe(thing: string, state: string): void
}

/** What a request does to a thing if it is done. */
export interface Effect {
  readonly thing: string
  readonly state: string
  /** It changes only a thing of this state. */
  readonly only?: string
}

export type LedgerEvent =
  /** A request that is about to be sent: from now on it may be done. */
  | { readonly kind: 'sent'; readonly id: number; readonly effects: readonly Effect[] }
  /** Its answer: it was done, with effects that only the answer tells, or it was refused and has changed nothing. */
  | { readonly kind: 'done'; readonly id: number; readonly exchange: string; readonly effects: readonly Effect[] }
  | { readonly kind: 'refused'; readonly id: number; readonly exchange: string }

interface Write {
  readonly state: string
  readonly only: string | undefined
  readonly request: number
  readonly sent: number
  answered: number | undefined
}

export const absent = 'absent'
export const present = 'present'

export function newLedger(): Ledger {
  const writes = new Map<string, Write[]>()
  const unanswered = new Map<number, readonly Effect[]>()
  let clock = 0

  const of = (thing: string): Write[] => {
    const found = writes.get(thing) ?? [settled(absent)]
    writes.set(thing, found)
    return found
  }
  const may = (thing: string): Set<string> => new Set(of(thing).map(({ state }) => state))

  const begin = (request: number, effects: readonly Effect[]): void => {
    for (const { thing, state, only } of effects) {
      if (only === undefined || may(thing).has(only)) of(thing).push({ state, only, request, sent: clock, answered: undefined })
    }
  }
  /** What was over when this one was sent lies behind it; what ran beside it may have come later. */
  const done = (request: number): void => {
    for (const [thing, all] of writes) {
      const own = all.find((write) => write.request === request)
      if (own === undefined) continue
      own.answered = clock
      const replaced = (write: Write): boolean =>
        write !== own && write.answered !== undefined && write.answered < own.sent && (own.only === undefined || own.only === write.state)
      writes.set(thing, all.filter((write) => !replaced(write)))
    }
  }

  return {
    get things() {
      return [...writes.keys()]
    },
    possible: may,
    underway: () => [...unanswered.values()],
    apply(event) {
      clock++
      if (event.kind === 'sent') unanswered.set(event.id, event.effects)
      else unanswered.delete(event.id)
      if (event.kind === 'sent') {
        begin(event.id, event.effects)
      } else if (event.kind === 'done') {
        begin(event.id, event.effects)
        clock++
        done(event.id)
      } else {
        for (const [thing, all] of writes) writes.set(thing, all.filter(({ request }) => request !== event.id))
      }
    },
    observe(thing, state) {
      writes.set(thing, [settled(state)])
      for (const [id, effects] of unanswered) if (effects.some((effect) => effect.thing === thing)) unanswered.delete(id)
    },
  }
}

function settled(state: string): Write {
  return { state, only: undefined, request: -1, sent: 0, answered: 0 }
}

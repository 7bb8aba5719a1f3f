import type { Ledger } from './ledger.js'

/** What the ledger keeps states of. */
export type ThingKind = 'blob' | 'manifest' | 'tag' | 'session'

export interface Thing {
  readonly kind: ThingKind
  readonly repository: string
  /** Digest, tag or id. */
  readonly name: string
}

export function thing(kind: ThingKind, repository: string, name: string): string {
  return `${kind} ${repository} ${name}`
}

export function parseThing(text: string): Thing {
  const [kind, repository, name] = text.split(' ') as [ThingKind, string, string]
  return { kind, repository, name }
}

/** The names of what is certainly there. */
export function certain(ledger: Ledger, kind: ThingKind, repository: string): readonly string[] {
  const beginning = `${kind} ${repository} `
  return ledger.things.filter((each) => each.startsWith(beginning) && isCertain(ledger, each)).map((each) => each.slice(beginning.length))
}

function isCertain(ledger: Ledger, name: string): boolean {
  const states = ledger.possible(name)
  return states.size === 1 && !states.has('absent')
}

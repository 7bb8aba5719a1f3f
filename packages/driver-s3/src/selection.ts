import type { ListOptions } from '@registry/core'

/** What a list asks the store for, in its words. */
export interface Selection {
  readonly prefix: string
  /** Empty: from the beginning. */
  readonly startAfter: string
}

const longest = 900
const untame = /[^a-z0-9._!/-]/

/** `undefined` where no key can match. What comes back has a form that every store understands. */
export function selectionOf({ prefix = '', after = '' }: ListOptions): Selection | undefined {
  if (prefix.length > longest || untame.test(prefix)) return undefined
  const startAfter = tameCursor(after)
  // Every key with the prefix is behind it.
  if (startAfter < prefix) return { prefix, startAfter: '' }
  return startAfter.startsWith(prefix) ? { prefix, startAfter } : undefined
}

/** A text with the same keys behind it: of a character that no key has, only its place in the order counts, and nothing that follows. */
function tameCursor(after: string): string {
  const cut = after.slice(0, longest + 1)
  const at = cut.search(untame)
  if (at < 0) return cut
  const character = cut[at]!
  return cut.slice(0, at) + (character < ' ' ? ' ' : character > '~' ? '~' : character)
}

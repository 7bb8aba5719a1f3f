import { compareUtf8 } from './byte-order.js'
import type { ScanOptions } from './index-store.js'

/** Which sort keys a scan wants. */
export type SortRange = Pick<ScanOptions, 'after' | 'before' | 'prefix'>

/** Whether a scan wants this sort key. */
export function isInRange(sort: string, { after, before, prefix = '' }: SortRange): boolean {
  return (
    sort.startsWith(prefix) &&
    (after === undefined || compareUtf8(sort, after) > 0) &&
    (before === undefined || compareUtf8(sort, before) < 0)
  )
}

/** The first text in byte order that is behind every text with this prefix; `undefined` where there is none. */
export function prefixEnd(prefix: string): string | undefined {
  // The order of UTF-8 bytes is that of code points: raise the last one, and leave out those that are the highest.
  const points = Array.from(prefix, (character) => character.codePointAt(0)!)
  while (points.at(-1) === 0x10ffff) points.pop()
  const last = points.pop()
  if (last === undefined) return undefined
  // Surrogates are no characters: U+D7FF is followed by U+E000.
  return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1)
}

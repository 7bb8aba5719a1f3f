import { compareUtf8, type ScanOptions } from '@registry/core'

/** Sort keys from `from` on and before `to`. */
export interface SortRange {
  readonly from: string
  /** A blob where there is no end: SQLite orders every blob behind every text. */
  readonly to: string | Buffer
}

const noEnd = Buffer.alloc(0)

/** The bounds of a scan as one range, so that SQLite seeks to its beginning whatever they are. */
export function sortRange({ after, before, prefix = '' }: Pick<ScanOptions, 'after' | 'before' | 'prefix'>): SortRange {
  // No key has a NUL, so that nothing fits between `after` and this.
  const behind = after === undefined ? '' : `${after}\0`
  const end = prefixEnd(prefix)
  const ends = [before, end].filter((text) => text !== undefined).sort(compareUtf8)
  return { from: compareUtf8(behind, prefix) > 0 ? behind : prefix, to: ends[0] ?? noEnd }
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

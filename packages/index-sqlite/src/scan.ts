import { compareUtf8, prefixEnd, type SortRange } from '@registry/core'

/** Sort keys from `from` on and before `to`. */
export interface SortBounds {
  readonly from: string
  /** A blob where there is no end: SQLite orders every blob behind every text. */
  readonly to: string | Buffer
}

const noEnd = Buffer.alloc(0)

/** The bounds of a scan as one range, so that SQLite seeks to its beginning whatever they are. */
export function sortBounds({ after, before, prefix = '' }: SortRange): SortBounds {
  // No key has a NUL, so that nothing fits between `after` and this.
  const behind = after === undefined ? '' : `${after}\0`
  const end = prefixEnd(prefix)
  const ends = [before, end].filter((text) => text !== undefined).sort(compareUtf8)
  return { from: compareUtf8(behind, prefix) > 0 ? behind : prefix, to: ends[0] ?? noEnd }
}

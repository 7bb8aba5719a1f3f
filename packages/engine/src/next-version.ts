import type { Context } from './context.js'
import type { Row } from './row-store.js'

/**
 * The version behind that of a row or tombstone. A row without either begins with the time: versions that it had in an
 * earlier life never come back, so that whoever still deletes the records of that life cannot meet new ones.
 */
export function nextVersion({ now }: Context, row: Row<{ readonly version: number }> | undefined): number {
  return row ? row.value.version + 1 : now()
}

/** The most entries that one page of `scan` or `search` has. */
export const maxPageLimit = 1000

/**
 * The limit of a page, the default where none was given.
 *
 * @throws TypeError where it is not a whole number from 1 to 1,000
 */
export function pageLimit(limit: number | undefined): number {
  if (limit === undefined) return maxPageLimit
  if (!Number.isInteger(limit) || limit < 1 || limit > maxPageLimit) {
    throw new TypeError(`a page takes a limit from 1 to ${maxPageLimit}, got ${limit}`)
  }
  return limit
}

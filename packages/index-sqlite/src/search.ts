import { sortBounds } from './scan.js'
import { termQuery } from './search-terms.js'
import type { EntryRow, Statements } from './statements.js'

export interface SearchArguments {
  readonly partition: string
  readonly text: string
  readonly after: string | undefined
  readonly limit: number
}

/**
 * From so many matches on it is faster to walk the partition until a page is full than to sort the matches:
 * what is found everywhere is found soon.
 */
const manyMatches = 20_000

/** The first matches in order. To be called inside of a transaction. */
export function searchRows(statements: Statements, { partition, text, after, limit }: SearchArguments): readonly EntryRow[] {
  const { match, terms, unproven } = termQuery(text)
  const { from } = sortBounds({ after })
  if (match !== undefined) {
    const { count } = statements.countMatches.get({ match, limit: manyMatches })!
    if (count < manyMatches) return statements.searchMatches.all({ partition, from, match, unproven, limit })
  }
  return statements.searchAll.all({ partition, from, terms, limit })
}

import { QueryError } from './query-error.js'

/** What is searched for, and which part of the results is wanted. */
export interface SearchQuery {
  /** As the client sent it; empty where all repositories are meant. */
  readonly text: string
  /** Results on a page. */
  readonly pageSize: number
  /** From 1 on. */
  readonly page: number
}

/** What docker and podman ask for when nobody says how many. */
const usualPageSize = 25
const maxPageSize = 1000
/** A page number that is larger is beyond the end as well. */
const maxPage = 2 ** 31 - 1
/** Characters, of which UTF-16 takes up to two units each. */
const maxTextLength = 1000

/**
 * What `?q=&n=&page=` ask for. A page that is too large is cut to the largest, which the answer tells.
 *
 * @throws `QueryError` where a number is none, or the text is too long
 */
export function parseSearch(query: URLSearchParams): SearchQuery {
  const text = query.get('q') ?? ''
  const { length } = Array.from(text)
  if (length > maxTextLength) throw new QueryError('UNSUPPORTED', `"q" has at most ${maxTextLength} characters (code points), and this one has ${length}: search for fewer words`)
  return {
    text,
    pageSize: Math.min(parsePositive('n', query.get('n')) ?? usualPageSize, maxPageSize),
    page: Math.min(parsePositive('page', query.get('page')) ?? 1, maxPage),
  }
}

function parsePositive(name: string, text: string | null): number | undefined {
  if (text === null) return undefined
  if (!/^\d*[1-9]\d*$/.test(text)) throw new QueryError('PAGINATION_NUMBER_INVALID', `"${name}" is a whole number from 1 up`)
  return Number(text)
}

import { searchTerms } from '@registry/core'
import type { Filter } from './query.js'

/** DynamoDB bounds an expression. More terms would hardly narrow the matches. */
const termsAtMost = 8
/** Bytes of a text that is compared with. */
const termBytes = 256

/** Lets entries through whose text has every term of a query. */
export function searchFilter(query: string): Filter {
  const terms = searchTerms(query)
  const told = terms.filter((term) => Buffer.byteLength(term) <= termBytes).sort((a, b) => b.length - a.length).slice(0, termsAtMost)
  return {
    expression: ['attribute_exists(#text)', ...told.map((_, n) => `contains(#text, :term${n})`)].join(' AND '),
    values: Object.fromEntries(told.map((term, n) => [`:term${n}`, { S: term }])),
    matches: ({ text }) => terms.every((term) => text?.S?.includes(term) === true),
  }
}

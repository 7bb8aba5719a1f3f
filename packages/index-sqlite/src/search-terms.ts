import { searchTerms } from '@registry/core'

/** What a search asks the database for. */
export interface TermQuery {
  /** The long terms in the search table's language; `undefined` where there is none. */
  readonly match: string | undefined
  /** Every term as JSON, each to be found literally. */
  readonly terms: string
  /** Those of them that `match` does not prove to be in a text. */
  readonly unproven: string
}

/** More would hardly narrow the matches, and the search table has a limit. */
const maxPhrases = 8
const trigram = 3

/** A query for the search table: it indexes three characters at a time, and finds no shorter terms. */
export function termQuery(text: string): TermQuery {
  const terms = searchTerms(text)
  // The language of the search table ends at a NUL, so that a term with one is looked for in the whole text alone.
  const phrases = terms
    .filter((term) => !term.includes('\0') && Array.from(term).length >= trigram)
    .sort((a, b) => b.length - a.length)
    .slice(0, maxPhrases)
  return {
    match: phrases.length > 0 ? phrases.map((term) => `"${term.replaceAll('"', '""')}"`).join(' AND ') : undefined,
    terms: JSON.stringify(terms),
    unproven: JSON.stringify(terms.filter((term) => !phrases.includes(term))),
  }
}

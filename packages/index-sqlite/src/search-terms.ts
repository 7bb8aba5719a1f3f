import { foldText, searchTerms } from '@registry/core'

/** What a search asks the database for. */
export interface TermQuery {
  /** The longest term; the empty text where there is none. */
  readonly first: string
  /** The others as JSON. */
  readonly others: string
  /** Three characters one after the other, each of which every match has. */
  readonly trigrams: readonly string[]
  /** Terms of one and two characters, each of which begins a trigram of every match. */
  readonly beginnings: readonly string[]
}

/** More would hardly narrow the matches. */
const trigramsAtMost = 24
const beginningsAtMost = 8
const length = 3

/** The form in which a text is kept: folded, and with white space behind it, so that each character begins a trigram. No term has white space. */
export function keptText(text: string): string {
  return `${foldText(text)}  `
}

/** What has to be in a text that has every term of `text`. */
export function termQuery(text: string): TermQuery {
  const terms = [...searchTerms(text)].sort((a, b) => b.length - a.length)
  const indexed = terms.filter(isIndexed).map((term) => Array.from(term))
  const trigrams = indexed.filter((term) => term.length >= length).flatMap(trigramsOf)
  return {
    first: terms[0] ?? '',
    others: JSON.stringify(terms.slice(1)),
    trigrams: [...new Set(trigrams)].slice(0, trigramsAtMost),
    beginnings: indexed.filter((term) => term.length < length).map((term) => term.join('')).slice(0, beginningsAtMost),
  }
}

/** Trigrams end at a NUL, and have U+FFFD in place of the two characters that are none. */
function isIndexed(term: string): boolean {
  return !/[\0\ufffe\uffff]/u.test(term)
}

/** Those that cover the term: whether a text has it in one piece is seen in the text. */
function trigramsOf(term: readonly string[]): readonly string[] {
  const starts = term.flatMap((_, start) => (start % length === 0 || start === term.length - length ? [start] : []))
  return starts.filter((start) => start + length <= term.length).map((start) => term.slice(start, start + length).join(''))
}

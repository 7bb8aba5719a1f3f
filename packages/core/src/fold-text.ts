/**
 * The form in which texts and queries are compared: NFKC, without case. By way of the upper case, so that `ẞ` and `ß` are `ss`;
 * and with one form of sigma, so that a word is found inside a longer one. A lone surrogate becomes U+FFFD.
 *
 * An index folds the text of a put and the text of a query with it, and from there on compares bytes.
 */
export function foldText(text: string): string {
  const wellFormed = text.replace(/\p{Surrogate}/gu, '\u{fffd}')
  return wellFormed.normalize('NFKC').toLowerCase().toUpperCase().toLowerCase().replaceAll('ς', 'σ').normalize('NFKC')
}

/** The folded terms of a query, without repetition. */
export function searchTerms(query: string): readonly string[] {
  return [...new Set(foldText(query).split(/\s+/u).filter((term) => term !== ''))]
}

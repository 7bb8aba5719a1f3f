/**
 * The form in which texts and queries are compared: NFKC, lower case.
 * An index folds the text of a put and the text of a query with it, and from there on compares bytes.
 */
export function foldText(text: string): string {
  return text.normalize('NFKC').toLowerCase().normalize('NFKC')
}

/** The folded terms of a query, without repetition. */
export function searchTerms(query: string): readonly string[] {
  return [...new Set(foldText(query).split(/\s+/u).filter((term) => term !== ''))]
}

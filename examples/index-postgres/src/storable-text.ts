const codes: Readonly<Record<string, string>> = {
  '\u0000': '\u0001\u0002\u0002',
  '\u0001': '\u0001\u0002\u0003',
  '\u0002': '\u0001\u0003\u0002',
  '\u0003': '\u0001\u0003\u0003',
}

/**
 * A folded text as PostgreSQL can store it, which takes no NUL. Each code has three characters of which only the first is
 * U+0001, so that a term is in a text exactly where the one is in the other in this form.
 */
export function storableText(folded: string): string {
  return folded.replaceAll(/[\0-\x03]/g, (character) => codes[character] ?? character)
}

/** The pattern of `LIKE` that finds a term anywhere. */
export function patternOf(term: string): string {
  return `%${storableText(term).replaceAll(/[\\%_]/g, '\\$&')}%`
}

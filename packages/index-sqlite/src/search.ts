import { prefixEnd } from '@registry/core'
import { sortBounds } from './scan.js'
import { termQuery, type TermQuery } from './search-terms.js'
import type { EntryRow, Statements } from './statements.js'

export interface SearchArguments {
  readonly partition: string
  readonly text: string
  readonly after: string | undefined
  readonly limit: number
}

/** What it takes to pass an entry in a walk, for what it takes to sort a match: more than was measured, since matches may lie together. */
const passedForSorted = 0.4
/** For how much longer than it should take a walk goes on. */
const patience = 1.5

/** Keys that are looked at beyond a page, for those that have every trigram of a term and not the term. */
const lacking = 0.1
const noBound = -1

/** Where a beginning has more trigrams, or these are in so large a part of the texts, they are not looked up: a page is soon full of it. */
const trigramsAtMost = 1000
const commonPart = 0.2
/** Among few texts nothing is worth leaving out. */
const fewTexts = 1000

/** The first matches in order. To be called inside of a transaction. */
export function searchRows(statements: Statements, { partition, text, after, limit }: SearchArguments): readonly EntryRow[] {
  const query = termQuery(text)
  const { from } = sortBounds({ after })
  const wanted = { partition, from, first: query.first, others: query.others, limit }
  const texts = statements.lastSearchable.get()?.id ?? 0
  const conditions = conditionsOf(statements, query, texts)
  if (conditions === undefined) return []
  if (conditions.length === 0) return statements.searchWalk.all({ ...wanted, passed: noBound })
  const match = conditions.join(' AND ')
  const many = manyMatches({ texts, limit })
  const countTo = (most: number): number => statements.countMatches.get({ match, limit: most })!.count
  const count = countTo(many)
  if (count === many) {
    const rows = statements.searchWalk.all({ ...wanted, passed: Math.ceil((texts * limit * patience) / many) })
    if (rows.length === limit) return rows
    // The matches lie together, behind. Where most texts match that cannot be far.
    const most = Math.ceil(texts * commonPart)
    if (countTo(most) === most) return statements.searchWalk.all({ ...wanted, passed: noBound })
  }
  // To find the first of the keys is faster than to sort all of them. Few lack a term of which they have every trigram.
  const first = limit + Math.ceil(limit * lacking)
  const rows = statements.searchMatches.all({ ...wanted, match, keys: first })
  return rows.length === limit || count < Math.min(first, many) ? rows : statements.searchMatches.all({ ...wanted, match, keys: noBound })
}

/**
 * From so many matches on it is faster to walk the partition until the page is full than to sort the matches: what many texts have is found soon.
 * A walk passes `texts / matches` entries for each match, where these are spread evenly.
 */
export function manyMatches({ texts, limit }: { readonly texts: number; readonly limit: number }): number {
  return Math.max(Math.ceil(Math.sqrt(texts * limit * passedForSorted)), 1)
}

/** What the table of trigrams can say of every match, in its own language; `undefined` where it says that there is none. */
function conditionsOf(statements: Statements, { trigrams, beginnings }: TermQuery, texts: number): readonly string[] | undefined {
  const conditions = trigrams.map(quoted)
  for (const beginning of beginnings) {
    const found = trigramsFrom(statements, beginning, Math.max(texts * commonPart, fewTexts))
    if (found?.length === 0) return undefined
    if (found !== undefined) conditions.push(`(${found.map(quoted).join(' OR ')})`)
  }
  return conditions
}

/** The trigrams that begin so; `undefined` where they are in more texts than asked for. */
function trigramsFrom(statements: Statements, beginning: string, textsAtMost: number): readonly string[] | undefined {
  const end = prefixEnd(beginning)
  if (end === undefined) return undefined
  const trigrams: string[] = []
  let texts = 0
  for (const { term, doc } of statements.trigramsFrom.iterate({ beginning, end })) {
    texts += doc
    if (texts > textsAtMost || trigrams.length === trigramsAtMost) return undefined
    trigrams.push(term)
  }
  return trigrams
}

function quoted(trigram: string): string {
  return `"${trigram.replaceAll('"', '""')}"`
}

import { assertPartition, pageLimit, searchTerms } from '@registry/core'
import type { EntryPage, SearchOptions, SearchQuery } from '@registry/core'
import { Conditions } from './conditions.js'
import type { Query } from './connections.js'
import { pageOf } from './page.js'
import type { StoredRow } from './page.js'
import { placeOf } from './place.js'
import { addSortBounds } from './sort-bounds.js'
import { patternOf } from './storable-text.js'

/** How many terms may be looked up in an index; the others are compared with what those have found. */
const lookedUp = 8

export async function search(query: Query, schema: string, { partition, text }: SearchQuery, options: SearchOptions): Promise<EntryPage> {
  assertPartition(partition)
  const limit = pageLimit(options.limit)
  const conditions = new Conditions()
  conditions.add(`place = ${conditions.value(placeOf(partition))} AND text IS NOT NULL`)
  addSortBounds(conditions, { after: options.after })
  const patterns = searchTerms(text).map(patternOf).sort((first, second) => second.length - first.length)
  for (const pattern of patterns.slice(0, lookedUp)) conditions.add(`text LIKE ${conditions.value(pattern)}`)
  if (patterns.length > lookedUp) conditions.add(`text LIKE ALL (${conditions.value(patterns.slice(lookedUp))}::text[])`)
  const statement = `SELECT sort, revision, value FROM ${schema}.entries WHERE ${conditions.text} ORDER BY sort LIMIT ${limit + 1}`
  return pageOf(partition, await query<StoredRow>(statement, conditions.values), limit)
}

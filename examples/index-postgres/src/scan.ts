import { assertPartition, pageLimit } from '@registry/core'
import type { EntryPage, ScanOptions } from '@registry/core'
import { Conditions } from './conditions.js'
import type { Query } from './connections.js'
import { pageOf } from './page.js'
import type { StoredRow } from './page.js'
import { placeOf } from './place.js'
import { addSortBounds } from './sort-bounds.js'

export async function scan(query: Query, schema: string, partition: string, options: ScanOptions): Promise<EntryPage> {
  assertPartition(partition)
  const limit = pageLimit(options.limit)
  const conditions = new Conditions()
  conditions.add(`place = ${conditions.value(placeOf(partition))}`)
  addSortBounds(conditions, options)
  const text = `SELECT sort, revision, value FROM ${schema}.entries WHERE ${conditions.text}
    ORDER BY sort ${options.reverse ? 'DESC' : 'ASC'} LIMIT ${limit + 1}`
  return pageOf(partition, await query<StoredRow>(text, conditions.values), limit)
}

import { assertEntryKey } from '@registry/core'
import type { Entry, EntryKey } from '@registry/core'
import type { Query } from './connections.js'
import { entryOf } from './page.js'
import type { StoredRow } from './page.js'
import { placeOf } from './place.js'

type NumberedRow = StoredRow & { readonly position: number }

export async function get(query: Query, schema: string, keys: readonly EntryKey[]): Promise<readonly (Entry | undefined)[]> {
  for (const key of keys) assertEntryKey(key)
  if (keys.length === 0) return []
  const text = `SELECT wanted.position::int, wanted.sort, entry.revision, entry.value
    FROM unnest($1::bytea[], $2::text[]) WITH ORDINALITY AS wanted (place, sort, position)
    JOIN ${schema}.entries AS entry ON entry.place = wanted.place AND entry.sort = wanted.sort`
  const values = [keys.map(({ partition }) => placeOf(partition)), keys.map(({ sort }) => sort)]
  const rows = new Map((await query<NumberedRow>(text, values)).map((row) => [row.position, row]))
  return keys.map(({ partition }, index) => {
    const row = rows.get(index + 1)
    return row && entryOf(partition, row)
  })
}

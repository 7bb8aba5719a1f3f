import { rowKeys } from '../keyspace.js'
import { putRow } from '../row-store.js'
import type { Due, RowRecord } from '../rows.js'
import type { Batch } from './batch.js'
import type { RebuildContext } from './rebuild-context.js'

/**
 * Notes that records are due for rows that do not stand in storage as they are put: once the rebuild is complete, they
 * are written like those of a process that died.
 *
 * @returns id of the note
 */
export function noteRecordsDue(context: RebuildContext, batch: Batch, records: readonly RowRecord[]): string {
  const id = context.randomId()
  // As old as can be: nobody is at it.
  batch.put(putRow(rowKeys.due(id), { records, time: 0 } satisfies Due))
  return id
}

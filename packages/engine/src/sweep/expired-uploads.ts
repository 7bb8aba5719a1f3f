import { RegistryError } from '@registry/core'
import type { Context } from '../context.js'
import { rowKeys } from '../keyspace.js'
import { deleteRow, scanRows } from '../row-store.js'
import type { Upload } from '../rows.js'
import { noteTrash } from '../trash.js'
import { isIndexWhole, type MayDelete } from './whole-index.js'

/**
 * Ends the upload sessions that expired. What was ever stored for one goes with it, also what no row got to name.
 *
 * @returns how many
 */
export async function endExpiredUploads(context: Context, idPrefix: string, mayDelete: MayDelete = () => isIndexWhole(context)): Promise<number> {
  const { index, now } = context
  let ended = 0
  for await (const row of scanRows<Upload>(index, rowKeys.uploads(idPrefix))) {
    if (row.value.expires > now()) continue
    // A session whose end was lost has become a blob.
    if (!(await mayDelete())) return ended
    const note = noteTrash(context, row.value.objects.map(({ key }) => key), row.sort)
    try {
      await index.commit([deleteRow(rowKeys.upload(row.sort), row), note.change])
    } catch (error) {
      // It went on, or was closed, at the last moment.
      if (RegistryError.is(error, 'CONFLICT')) continue
      throw error
    }
    note.workOff()
    ended++
  }
  return ended
}

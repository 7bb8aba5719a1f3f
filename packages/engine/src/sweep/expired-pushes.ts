import { RegistryError } from '@registry/core'
import type { Context } from '../context.js'
import { rowKeys } from '../keyspace.js'
import { deleteRow, scanRows } from '../row-store.js'
import type { Push } from '../rows.js'
import { noteTrash } from '../trash.js'
import { isIndexWhole, type MayDelete } from './whole-index.js'

/**
 * Ends the manifest pushes that expired: their process died. One that lives on after all fails its last commit, which
 * expects its row. The edges of such a push count no more.
 *
 * @returns how many
 */
export async function endExpiredPushes(context: Context, idPrefix: string, mayDelete: MayDelete = () => isIndexWhole(context)): Promise<number> {
  const { index, now } = context
  let ended = 0
  for await (const row of scanRows<Push>(index, rowKeys.pushes(idPrefix))) {
    if (row.value.expires > now()) continue
    // A push whose last commit was lost has become a manifest, and its text is in the object.
    if (row.value.object !== undefined && !(await mayDelete())) continue
    const note = row.value.object === undefined ? undefined : noteTrash(context, [row.value.object])
    try {
      await index.commit([deleteRow(rowKeys.push(row.sort), row), ...(note ? [note.change] : [])])
    } catch (error) {
      if (RegistryError.is(error, 'CONFLICT')) continue
      throw error
    }
    note?.workOff()
    ended++
  }
  return ended
}

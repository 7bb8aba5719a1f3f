import { RegistryError } from '@registry/core'
import type { Context } from './context.js'
import { rowKeys } from './keyspace.js'
import { deleteRow, type Row } from './row-store.js'
import type { Upload } from './rows.js'
import { discard, noteTrash } from './trash.js'

/**
 * Sees to the objects of a commit on an upload row that failed.
 *
 * Where nobody knows whether the commit will land after all, the row is deleted first, expecting the revision that the
 * commit expects: from then on it cannot land, and the objects that it would have named may become trash. The session
 * ends with that, and its earlier objects go too, unless the commit had landed and something names them.
 */
export async function abandon(
  context: Context,
  { id, row, objects, error }: { readonly id: string; readonly row: Row<Upload>; readonly objects: readonly string[]; readonly error: unknown },
): Promise<void> {
  if (!RegistryError.is(error) || error.outcome !== 'unknown') {
    discard(context, { objects })
    return
  }
  const note = noteTrash(context, { objects: [...row.value.objects.map((object) => object.key), ...objects] })
  try {
    // One commit: whoever died between the two would leave objects that no row and no note names.
    await context.index.commit([deleteRow(rowKeys.upload(id), row), note.change])
    note.workOff()
  } catch (fenceError) {
    if (!RegistryError.is(fenceError, 'CONFLICT')) throw fenceError
    // The commit has landed, or somebody else was faster: the note's worker finds out what is named.
    discard(context, { objects })
  }
}

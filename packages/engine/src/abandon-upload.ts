import { RegistryError } from '@registry/core'
import type { Context } from './context.js'
import { rowKeys } from './keyspace.js'
import { isUnknown } from './retry.js'
import { putRow, type Row } from './row-store.js'
import type { Upload } from './rows.js'
import { discard, noteTrash } from './trash.js'

/**
 * Sees to the objects of a commit on an upload row that failed; the session stays as it was.
 *
 * Where nobody knows whether the commit will land after all, the row is put again first, expecting the revision that
 * the commit expects: from then on it cannot land, and the objects that it would have named may become trash.
 *
 * @param fresh - keys that only the failed commit would have named
 */
export async function abandon(
  context: Context,
  { id, row, fresh, error }: { readonly id: string; readonly row: Row<Upload>; readonly fresh: readonly string[]; readonly error: unknown },
): Promise<void> {
  if (!isUnknown(error)) {
    discard(context, fresh)
    return
  }
  const note = noteTrash(context, fresh)
  try {
    // One commit: whoever died between the two would leave objects that no row and no note names.
    await context.index.commit([putRow(rowKeys.upload(id), row.value, row), note.change])
    note.workOff()
  } catch (fenceError) {
    if (!RegistryError.is(fenceError, 'CONFLICT')) throw fenceError
    // The commit has landed, or somebody else was faster: the note's worker finds out what is named.
    discard(context, fresh)
  }
}

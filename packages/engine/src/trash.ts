import type { Change } from '@registry/core'
import type { Context } from './context.js'
import { ownerOfObject, rowKeys } from './keyspace.js'
import { deleteRow, putRow, readRow, readRows } from './row-store.js'
import type { Trash } from './rows.js'

/** A note of objects to delete: a change for the commit that makes them trash, and the work behind it. */
export interface TrashNote {
  readonly change: Change
  /** Deletes the objects in the background. To be called once the commit is in. */
  workOff(): void
}

/** A note for a commit. Objects are never deleted because a commit failed, nor without a note. */
export function noteTrash(context: Context, trash: Trash): TrashNote {
  const id = context.randomId()
  return {
    change: putRow(rowKeys.trash(id), trash, 'absent'),
    workOff: () => {
      context.background.run(() => workOffTrash(context, id))
    },
  }
}

/**
 * Notes objects that an operation leaves which certainly failed. It goes on behind the answer: where even the note
 * fails, the sweep of objects that nothing names finds them.
 */
export function discard(context: Context, trash: Trash): void {
  if (trash.objects.length === 0) return
  context.background.run(async () => {
    const note = noteTrash(context, trash)
    await context.index.commit([note.change])
    note.workOff()
  })
}

/** Deletes what the note lists and nothing names, then the note. Anyone may do it, and twice. */
export async function workOffTrash(context: Context, id: string): Promise<void> {
  const { driver, index } = context
  const note = await readRow(index, rowKeys.trash(id))
  if (note === undefined) return
  const unnamed: string[] = []
  for (const key of note.value.objects) if (!(await isNamed(context, key, note.value))) unnamed.push(key)
  if (unnamed.length > 0) await driver.delete(unnamed)
  await index.commit([deleteRow(rowKeys.trash(id))], { durable: false })
}

async function isNamed({ index }: Context, key: string, { manifest }: Trash): Promise<boolean> {
  const owner = ownerOfObject(key)
  // In the order in which an object goes from one row to the next: a read of several rows is no snapshot.
  const [upload, push] = await readRows(index, [rowKeys.upload(owner), rowKeys.push(owner)])
  if (upload?.value.objects.some((object) => object.key === key) === true) return true
  if (push?.value.object === key) return true
  const objectOwner = await readRow(index, rowKeys.objectOwner(owner))
  if (objectOwner !== undefined) {
    const blob = await readRow(index, rowKeys.blob(objectOwner.value.digest))
    if (blob?.value.objects.some((object) => object.key === key) === true) return true
  }
  if (manifest === undefined) return false
  const row = await readRow(index, rowKeys.manifest(manifest.repository, manifest.digest))
  return row !== undefined && 'object' in row.value && row.value.object === key
}

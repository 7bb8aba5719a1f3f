import type { Change } from '@registry/core'
import type { Context } from './context.js'
import { rowKeys, uploadObjectPrefix } from './keyspace.js'
import { unnamedObjects } from './named-objects.js'
import { deleteRow, putRow, readRow } from './row-store.js'
import type { Trash } from './rows.js'

/** A note of objects to delete: a change for the commit that makes them trash, and the work behind it. */
export interface TrashNote {
  readonly change: Change
  /** Deletes the objects in the background. To be called once the commit is in. */
  workOff(): void
}

/**
 * A note for a commit. Objects are never deleted because a commit failed, nor without a note.
 *
 * @param upload - an upload that the commit ends, of which nobody may know all objects
 */
export function noteTrash(context: Context, objects: readonly string[], upload?: string): TrashNote {
  const id = context.randomId()
  const trash: Trash = { objects, time: context.now(), ...(upload !== undefined && { upload }) }
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
export function discard(context: Context, objects: readonly string[]): void {
  if (objects.length === 0) return
  context.background.run(async () => {
    const note = noteTrash(context, objects)
    await context.index.commit([note.change])
    note.workOff()
  })
}

/** Deletes what the note lists and nothing names, then the note. Anyone may do it, and twice. */
export async function workOffTrash(context: Context, id: string): Promise<void> {
  const { driver, index } = context
  const note = await readRow(index, rowKeys.trash(id))
  if (note === undefined) return
  const unnamed = await unnamedObjects(context, [...note.value.objects, ...(await objectsOfUpload(context, note.value))])
  if (unnamed.length > 0) await driver.delete(unnamed)
  await index.commit([deleteRow(rowKeys.trash(id))], { durable: false })
}

/** At most some hundred: a session merges what it has too many of. */
async function objectsOfUpload({ driver }: Context, { upload }: Trash): Promise<readonly string[]> {
  if (upload === undefined) return []
  const keys: string[] = []
  for await (const { key } of driver.list({ prefix: uploadObjectPrefix(upload) })) keys.push(key)
  return keys
}

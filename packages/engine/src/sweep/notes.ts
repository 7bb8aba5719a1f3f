import type { Context } from '../context.js'
import { workOffDue } from '../due.js'
import { rowKeys } from '../keyspace.js'
import { type Row, scanRows } from '../row-store.js'
import type { Due, Sweep, Trash } from '../rows.js'
import { sweepManifest } from '../sweep-manifest.js'
import { workOffTrash } from '../trash.js'
import type { MayDelete } from './whole-index.js'

/**
 * Does what the notes of processes that died say: writes records, sweeps after deleted manifests, deletes trash.
 * A note that cannot be worked off stays, and keeps none of the others waiting.
 *
 * What a delete left is not swept by an index that lost commits: it would bury tags that moved meanwhile, at the very
 * versions that their lost pushes have in storage.
 *
 * @param age - milliseconds that a note has to be old: a younger one may be somebody's who is at it
 * @throws an `AggregateError` of what failed
 */
export async function workOffNotes(context: Context, idPrefix: string, age: number, mayDelete: MayDelete): Promise<void> {
  const { background, index, now } = context
  const failures: unknown[] = []
  const each = async <Note extends { readonly time: number }>(partition: string, workOff: (note: Row<Note> & { readonly sort: string }) => Promise<void>): Promise<void> => {
    for await (const note of scanRows<Note>(index, partition)) {
      if (note.value.time + age > now()) continue
      try {
        await workOff(note)
      } catch (error) {
        background.ending.throwIfAborted()
        failures.push(error)
      }
    }
  }
  await each<Due>(rowKeys.dues(idPrefix), ({ sort }) => workOffDue(context, sort))
  await each<Sweep>(rowKeys.sweeps(idPrefix), async ({ sort, value }) => {
    if (await mayDelete()) await sweepManifest(context, value.repository, sort)
  })
  await each<Trash>(rowKeys.trashIn(idPrefix), ({ sort }) => workOffTrash(context, sort))
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} notes could not be worked off: ${failures.map(String).join('; ')}`)
}

import { type CallOptions, type Change, RegistryError } from '@registry/core'
import type { Context } from './context.js'
import { type DueNote, noteDue } from './due.js'
import { rowKeys } from './keyspace.js'
import { conflictWhereUnknown, isUnknown, retryConflicts } from './retry.js'
import { readRow, type Row } from './row-store.js'
import type { DueRecord, Tombstone } from './rows.js'

/** A commit that makes tombstones of rows that have a version. */
export interface Burial {
  readonly changes: readonly Change[]
  /** The tombstones. */
  readonly records: readonly DueRecord[]
}

/** What a row becomes when it is deleted: its version goes on, and whoever puts the row again goes on from there. */
export function tombstoneOf({ now }: Context, { value }: Row<{ readonly version: number }>, due: string): Tombstone {
  return { version: value.version + 1, deleted: now(), due }
}

/**
 * Commits a burial and writes the tombstones' records, all of it before it resolves.
 *
 * @param plan - reads the rows and says what is to be done, anew at each attempt; is given the id of the due note
 */
export async function bury(context: Context, what: string, plan: (due: string) => Promise<Burial>, { signal }: CallOptions = {}): Promise<void> {
  const id = context.randomId()
  let lost: unknown
  const note = await retryConflicts(context, what, async () => {
    signal?.throwIfAborted()
    const earlier = await landed(context, id)
    if (earlier) return earlier
    let burial: Burial
    try {
      burial = await plan(id)
    } catch (error) {
      if (lost === undefined || RegistryError.is(error, 'CONFLICT')) throw error
      const late = await landed(context, id)
      if (late) return late
      // What is missing now may be what this delete has deleted, and somebody else has seen to the rest.
      throw lost
    }
    const due = noteDue(context, burial.records, id)
    try {
      await context.index.commit([...burial.changes, due.change])
    } catch (error) {
      if (isUnknown(error)) lost = error
      throw conflictWhereUnknown(error)
    }
    return due
  })
  await note.write()
  note.settle()
}

/** The note of an attempt whose answer was lost, where it is in. */
async function landed(context: Context, id: string): Promise<DueNote | undefined> {
  const row = await readRow(context.index, rowKeys.due(id))
  return row && noteDue(context, row.value.records, id)
}

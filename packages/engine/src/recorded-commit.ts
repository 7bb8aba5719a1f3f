import { type CallOptions, type Change, RegistryError } from '@registry/core'
import type { Context } from './context.js'
import type { RegistryEvent } from './hooks/events.js'
import { type DueNote, noteDue } from './due.js'
import { rowKeys } from './keyspace.js'
import { conflictWhereUnknown, isUnknown, retryConflicts } from './retry.js'
import { readRow } from './row-store.js'
import type { DueRecord } from './rows.js'

/** What changes rows that have a version, and the records that show them then. */
export interface RecordedChanges {
  readonly changes: readonly Change[]
  readonly records: readonly DueRecord[]
  /** What listeners are told once it is done. */
  readonly events?: readonly RegistryEvent[] | undefined
}

/** A commit whose answer was lost. */
interface LostCommit extends Pick<RecordedChanges, 'events'> {
  readonly error: unknown
}

/**
 * Commits changes of rows that have a version, and writes their records, all of it before it resolves.
 *
 * @param plan - reads the rows and says what is to be done, anew at each attempt; is given the id of the due note
 */
export async function commitRecorded(context: Context, what: string, plan: (due: string) => Promise<RecordedChanges>, { signal }: CallOptions = {}): Promise<void> {
  const id = context.randomId()
  let lost: LostCommit | undefined
  const { note, events = [] } = await retryConflicts(context, what, async () => {
    signal?.throwIfAborted()
    const earlier = await landed(context, id)
    if (earlier) return { note: earlier, events: lost?.events }
    let planned: RecordedChanges
    try {
      planned = await plan(id)
    } catch (error) {
      if (lost === undefined || RegistryError.is(error, 'CONFLICT')) throw error
      const late = await landed(context, id)
      if (late) return { note: late, events: lost.events }
      // What is there no more may be what this has changed, and somebody else has seen to the rest.
      throw lost.error
    }
    const { events } = planned
    const due = noteDue(context, planned.records, id)
    try {
      await context.index.commit([...planned.changes, due.change])
    } catch (error) {
      if (isUnknown(error)) lost = { error, events }
      throw conflictWhereUnknown(error)
    }
    return { note: due, events }
  })
  await record(context, note, events)
}

/** Writes the records of a commit, and tells listeners what it did. */
export async function record(context: Context, note: DueNote, events: readonly RegistryEvent[]): Promise<void> {
  try {
    await note.write()
  } finally {
    // It has happened, be it that the caller is told of a record that is missing.
    context.hooks.tellAll(events)
  }
  note.settle()
}

/** The note of an attempt whose answer was lost, where it is in. */
export async function landed(context: Context, id: string): Promise<DueNote | undefined> {
  const row = await readRow(context.index, rowKeys.due(id))
  return row && noteDue(context, row.value.records, id)
}

import type { Change } from '@registry/core'
import type { Context } from './context.js'
import { recordObjectKey, rowKeys } from './keyspace.js'
import { currentVersion, writeRecord } from './records.js'
import { deleteRow, putRow, readRow } from './row-store.js'
import type { DueRecord } from './rows.js'

/** A note that records are due: a change for the commit that makes them so, and the work behind it. */
export interface DueNote {
  readonly change: Change
  /** Writes the records. To be awaited before the answer. */
  write(): Promise<void>
  /** Deletes what the records replace, in the background, and then the note. To be called once they are written. */
  settle(): void
}

/** @param id - stands in the rows too, so that others see whether their records are written */
export function noteDue(context: Context, records: readonly DueRecord[], id: string = context.randomId()): DueNote {
  return {
    change: putRow(rowKeys.due(id), { records }, 'absent'),
    write: async () => {
      await writeAll(context, records)
    },
    settle: () => {
      context.background.run(() => settle(context, id, records))
    },
  }
}

/** Writes the records of somebody else's note, if it still stands, and settles it. Anyone may do it, and twice. */
export async function workOffDue(context: Context, id: string): Promise<void> {
  const note = await readRow(context.index, rowKeys.due(id))
  if (note === undefined) return
  await writeAll(context, note.value.records)
  context.background.run(() => settle(context, id, note.value.records))
}

async function writeAll(context: Context, records: readonly DueRecord[]): Promise<void> {
  await Promise.all(records.map((record) => writeRecord(context, record)))
}

async function settle(context: Context, id: string, records: readonly DueRecord[]): Promise<void> {
  const older = await Promise.all(records.map((record) => olderRecords(context, record)))
  const keys = older.flat()
  if (keys.length > 0) await context.driver.delete(keys)
  await context.index.commit([deleteRow(rowKeys.due(id))], { durable: false })
}

/**
 * Keys of the records that today's replaces: the one before this version, and this version's where the row went on
 * meanwhile. Today's is written first, whoever made it due: until then the older one is what a rebuild would find.
 */
async function olderRecords(context: Context, record: DueRecord): Promise<readonly string[]> {
  if (record.kind === 'moved') return []
  const current = await currentVersion(context, record)
  if (current === undefined) return []
  if (current !== record.version) await writeRecord(context, record)
  const oldest = Math.max(record.version - 1, 1)
  return Array.from({ length: current - oldest }, (_, n) => recordObjectKey(record, oldest + n))
}

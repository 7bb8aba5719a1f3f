import type { Change } from '@registry/core'
import type { Context } from './context.js'
import { followRecords } from './descriptions/follow-records.js'
import { recordObjectKey, rowKeys } from './keyspace.js'
import { rowKeyOf, writeRecord } from './records.js'
import { deleteRow, putRow, readRow } from './row-store.js'
import { type Buried, type Due, type DueRecord, isLive, type RowRecord, type Tombstone } from './rows.js'

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
    change: putRow(rowKeys.due(id), { records, time: context.now() } satisfies Due, 'absent'),
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

/**
 * Writes the record of a row as it was read, where whoever put it has not come to that. Of what is not there an answer may
 * only say so when it also holds after the index is lost: an attempt to delete it may have failed at the record.
 */
export async function ensureRecorded(context: Context, row: { readonly due?: string } | undefined): Promise<void> {
  if (row?.due !== undefined) await workOffDue(context, row.due)
}

async function writeAll(context: Context, records: readonly DueRecord[]): Promise<void> {
  await Promise.all(records.map((record) => writeRecord(context, record)))
}

/** What is to be done about one record before its note goes. */
interface Settlement {
  /** Keys of the records that today's replaces. */
  readonly older: readonly string[]
  /** The record, where it is today's and that of a tombstone. */
  readonly tombstone?: RowRecord | undefined
}

async function settle(context: Context, id: string, records: readonly DueRecord[]): Promise<void> {
  const { driver, index, now } = context
  const settlements = await Promise.all(records.map((record) => settlementOf(context, record)))
  const older = settlements.flatMap((settlement) => settlement.older)
  if (older.length > 0) await driver.delete(older)
  await followRecords(context, id, records)
  const tombstones = settlements.flatMap(({ tombstone }) => tombstone ?? [])
  // Whoever looks for tombstones whose time has come goes by these notes, which take the place of this one.
  const buried = tombstones.length > 0 ? [putRow(rowKeys.buried(id), { records: tombstones, time: now() } satisfies Buried)] : []
  await index.commit([deleteRow(rowKeys.due(id)), ...buried], { durable: false })
}

/**
 * Today's record replaces the one before this version, and this version's where the row went on meanwhile. Today's is
 * written first, whoever made it due: until then the older one is what a rebuild would find.
 */
async function settlementOf(context: Context, record: DueRecord): Promise<Settlement> {
  if (record.kind === 'moved') return { older: [] }
  const read = async (): Promise<{ readonly version: number } | Tombstone | undefined> => (await readRow(context.index, rowKeyOf(context, record)))?.value
  let row = await read()
  // The row may go on while its record is being written, which then comes too late to be deleted by whoever replaced it.
  for (let written = record.version; row !== undefined && row.version !== written; row = await read()) {
    written = row.version
    await writeRecord(context, record)
  }
  if (row === undefined) return { older: [] }
  const oldest = record.isFirst ? record.version : record.version - 1
  const older = Array.from({ length: row.version - oldest }, (_, n) => recordObjectKey(record, oldest + n))
  return { older, tombstone: row.version === record.version && !isLive(row) ? record : undefined }
}

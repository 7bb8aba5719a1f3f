import type { Digest } from '@registry/core'
import pMap from 'p-map'
import { type RowKey, rowKeys } from '../keyspace.js'
import { rowKeyOf } from '../records.js'
import { putRow } from '../row-store.js'
import type { RowRecord, Tombstone } from '../rows.js'
import { type Batch, startBatch } from './batch.js'
import type { Hold } from './hold.js'
import type { MovedObjects } from './moved-objects.js'
import { type BadReading, notARecord, readRecord, type Reading } from './read-record.js'
import type { RebuildContext } from './rebuild-context.js'
import type { GroupBatch } from './record-groups.js'
import { requestsAtOnce, restoreBlobs } from './restore-blobs.js'
import { restoreManifest } from './restore-manifest.js'
import { restoreRepository, reviveRepository } from './restore-repository.js'
import { overrulesOlder, restoreTag } from './restore-tag.js'

/**
 * Brings the rows of some records into the index. Doing it again, after having died in the middle of it, comes to the same.
 */
export async function restoreBatch(context: RebuildContext, hold: Hold, { groups, last, records }: GroupBatch, moved: MovedObjects): Promise<void> {
  const { driver, signal } = context
  const batch = startBatch(context)
  const readings = await pMap(groups, (group) => readRecord(context, group), { concurrency: requestsAtOnce, signal })
  await batch.load(readings.flatMap((reading) => rowsNeeded(context, reading)))
  const troubles = await restoreBlobs(context, batch, readings.filter((reading) => reading.state === 'manifest'), moved)

  const buried: RowRecord[] = []
  // In the order of their keys: the manifests of a repository, then itself, then its tags.
  for (const reading of readings) {
    for (const stranger of reading.group.strangers) batch.report(stranger, notARecord)
    const record = await restoreOne(context, batch, reading, troubles)
    if (record) buried.push(record)
  }
  // Whoever looks for tombstones whose time has come goes by these notes.
  if (buried.length > 0) batch.put(putRow(rowKeys.buried(context.randomId()), { records: buried, time: context.now() }))

  const overruled = readings.filter((reading) => reading.state !== 'bad' && (reading.state !== 'tag' || overrulesOlder(batch, reading)))
  const older = overruled.flatMap(({ group }) => group.older)
  await batch.commit(hold, { cursor: last, done: hold.state.done + records }, async () => {
    // Before the cursor is behind them: nobody comes back for them then.
    if (older.length > 0) await driver.delete(older, { signal })
  })
}

/** @returns a tombstone that is to go in its time */
async function restoreOne(context: RebuildContext, batch: Batch, reading: Reading, troubles: ReadonlyMap<Digest, string>): Promise<RowRecord | undefined> {
  switch (reading.state) {
    case 'manifest':
      await restoreManifest(context, batch, reading, troubles)
      return undefined
    case 'repository':
      restoreRepository(context, batch, reading)
      return undefined
    case 'tag':
      await restoreTag(context, batch, reading)
      return undefined
    case 'deleted':
      return restoreTombstone(context, batch, reading.row, { version: reading.row.version, deleted: reading.deleted }) ? reading.row : undefined
    case 'bad':
      restoreBad(context, batch, reading.group.key, reading)
      return undefined
  }
}

/** @returns whether the row is a tombstone now */
function restoreTombstone(context: RebuildContext, batch: Batch, row: RowRecord, tombstone: Tombstone): boolean {
  if (row.kind === 'repository' && reviveRepository(context, batch, row.repository, tombstone)) return false
  batch.put(putRow<unknown>(rowKeyOf(context, row), tombstone))
  return true
}

/** What a bad record leaves: its version, so that later ones go on above it. An earlier record is never taken in its place. */
function restoreBad(context: RebuildContext, batch: Batch, key: string, { row, reason }: BadReading): void {
  batch.report(key, reason)
  if (row) restoreTombstone(context, batch, row, { version: row.version, deleted: context.now(), unreadable: true })
}

/** Rows that have a say in what becomes of a record. */
function rowsNeeded({ index }: RebuildContext, { state, row, ...reading }: Reading): readonly RowKey<unknown>[] {
  if (row === undefined) return []
  if (row.kind !== 'tag') return [rowKeys.repository(row.repository, index.capabilities.limits.spread)]
  return state === 'tag' && 'digest' in reading ? [rowKeys.manifest(row.repository, reading.digest)] : []
}

import pMap from 'p-map'
import { readObject } from '../body.js'
import { movedPlace, recordObjectKey, type RecordPlace, rowKeys } from '../keyspace.js'
import { readPatiently } from '../rebuild/patient-read.js'
import { readRecord } from '../rebuild/read-record.js'
import type { RebuildContext } from '../rebuild/rebuild-context.js'
import { type RecordGroup, recordBatches } from '../rebuild/record-groups.js'
import { blobRecord, fieldsOf } from '../rebuild/record-shape.js'
import { requestsAtOnce } from '../rebuild/restore-blobs.js'
import { rowKeyOf } from '../records.js'
import { readRow, readRows } from '../row-store.js'
import type { RowRecord } from '../rows.js'

/** Where the records of replaced objects lie, among all objects. */
const objectFolder = 'blobs/'

/**
 * Keys of the records whose rows are missing, or of a lower version. A record is put after the commit of its version is
 * durable, so that the commit of such a one was lost.
 *
 * A row is read after its record was listed: by then it has at least that version. The record of a tombstone goes before
 * its row, so that one which is still there after its row was not is of no tombstone that went meanwhile.
 */
export async function* lostRecords(context: RebuildContext): AsyncGenerator<string, void> {
  const { driver, index, signal } = context
  const atOnce = { concurrency: requestsAtOnce, signal }
  for await (const { groups } of recordBatches(context, undefined)) {
    const records = (await pMap(groups, (group) => recordOf(context, group), atOnce)).filter((record) => record !== undefined)
    const rows = await readRows(index, records.map((record) => rowKeyOf(context, record)))
    const behind = records.filter(({ version }, n) => (rows[n]?.value.version ?? -1) < version)
    // Where it would be: what a person put in another place is none.
    const keys = behind.map((record) => recordObjectKey(record, record.version))
    const infos = await pMap(keys, (key) => driver.head(key, { signal }), atOnce)
    yield* keys.filter((_, n) => infos[n] !== undefined)
  }
}

/** The record that counts of those of a row; `undefined` where it does not say whose it is. */
async function recordOf(context: RebuildContext, group: RecordGroup): Promise<RowRecord | undefined> {
  return group.place && (recordAt(group.place) ?? (await readRecord(context, group)).row)
}

/** `undefined` where a name is too long for the key. */
function recordAt({ repository, ...place }: RecordPlace): RowRecord | undefined {
  if (repository === undefined) return undefined
  if (place.kind !== 'tag') return { ...place, repository }
  return place.tag === undefined ? undefined : { ...place, repository, tag: place.tag }
}

/** Keys of the records of replaced objects that the row of their blob still names. */
export async function* lostHeals(context: RebuildContext): AsyncGenerator<string, void> {
  const { driver, index, signal } = context
  for await (const { key } of driver.list({ prefix: objectFolder, signal })) {
    const from = movedPlace(key)?.from
    if (from === undefined) continue
    const read = await readPatiently(context, () => readObject(driver.open(key, { signal })))
    const record = 'value' in read ? blobRecord(fieldsOf(read.value)) : undefined
    const blob = record && (await readRow(index, rowKeys.blob(record.digest)))
    if (blob?.value.objects[0]?.key === from) yield key
  }
}

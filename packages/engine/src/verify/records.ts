import { recordObjectKey, recordPlace, recordPrefix, rowKeys } from '../keyspace.js'
import { blobsNamed } from '../manifest-rows.js'
import { rowKeyOf } from '../records.js'
import { type ManifestReading, readRecord } from '../rebuild/read-record.js'
import { checkRow, readRow, readRows } from '../row-store.js'
import type { RowRecord } from '../rows.js'
import type { Trouble, VerifyFinding } from './finding.js'
import { isNoted } from './noted-records.js'
import { disagreement, leadsTo, type RecordedRow } from './record-agreement.js'
import type { VerifyContext } from './verify-context.js'
import { writeAgain } from './write-again.js'

type RecordFinding = Pick<VerifyFinding, 'reason'> & { readonly kind: 'record-missing' | 'record-wrong' | 'record-left-out' }

/** So far may two clocks be from the times that a third one wrote. */
const clocksApart = 2 * 3_600_000

/**
 * What is wrong with the record of a row, which is there in the row's version from the answer on.
 *
 * @param record - of the row as it was read
 */
export async function recordTroubles(context: VerifyContext, record: RowRecord, seen: RecordedRow): Promise<readonly Trouble[]> {
  if (isAboutToGo(context, seen) || (await look(context, record, seen)) === undefined) return []
  const key = rowKeyOf(context, record)
  const row = await readRow(context.index, key)
  if (row?.value.version !== record.version) return []
  // Its note goes when the record is there, so that the record is looked at after the note.
  if (await isDue(context, record, row.value)) return []
  const found = await look(context, record, row.value)
  if (found === undefined) return []
  const after = await readRow(context.index, key)
  // The record before goes when the next one is there.
  if (after?.value.version !== record.version) return []
  const finding: VerifyFinding = { ...namesOf(record), ...found, key: recordObjectKey(record, record.version) }
  return [{ finding, mend: found.kind === 'record-left-out' ? undefined : () => writeAgain(context, record, [checkRow(key, after)]) }]
}

/** A rebuild buries tags without saying in their rows by which note. */
async function isDue(context: VerifyContext, record: RowRecord, { due }: RecordedRow): Promise<boolean> {
  return due === undefined ? isNoted(context, record) : (await readRow(context.index, rowKeys.due(due))) !== undefined
}

function namesOf({ repository, ...record }: RowRecord): Pick<VerifyFinding, 'repository' | 'digest' | 'tag'> {
  switch (record.kind) {
    case 'repository':
      return { repository }
    case 'manifest':
      return { repository, digest: record.digest }
    case 'tag':
      return { repository, tag: record.tag }
  }
}

/** The record of a tombstone goes before its row. */
function isAboutToGo({ now, policy }: VerifyContext, row: RecordedRow): boolean {
  return 'deleted' in row && row.deleted + policy.tombstoneMilliseconds - clocksApart <= now()
}

async function look(context: VerifyContext, record: RowRecord, row: RecordedRow): Promise<RecordFinding | undefined> {
  const { driver, signal } = context
  const key = recordObjectKey(record, record.version)
  const isThere = async (): Promise<boolean> => (await driver.head(key, { signal })) !== undefined
  if ('unreadable' in row) return (await isThere()) ? { kind: 'record-left-out', reason: 'a rebuild of the index could not use it, and left it where it is' } : undefined
  const reading = await readRecord(context, { key, size: 0, place: recordPlace(key), older: [], strangers: [] })
  if (reading.state !== 'bad') {
    const reason = disagreement(reading, row) ?? (reading.state === 'manifest' ? await blobDisagreement(context, reading) : undefined)
    return reason === undefined ? undefined : { kind: 'record-wrong', reason }
  }
  if (await isThere()) return { kind: (await isLeftOut(context, key)) ? 'record-left-out' : 'record-wrong', reason: reading.reason }
  return (await hasLaterRecord(context, record)) ? undefined : { kind: 'record-missing', reason: 'storage does not have the record of this version' }
}

async function blobDisagreement({ index }: VerifyContext, { document, blobs }: ManifestReading): Promise<string | undefined> {
  const digests = blobsNamed(document)
  const rows = await readRows(index, digests.map(rowKeys.blob))
  const unfound = digests.filter((digest, n) => {
    const blob = rows[n]?.value
    return blob !== undefined && blob.state !== 'corrupt' && !leadsTo(blobs.find((record) => record.digest === digest), blob)
  })
  return unfound.length > 0 ? `it does not say where the bytes of ${unfound.length} of its blobs are, such as ${unfound[0]}` : undefined
}

/** Whether a rebuild named it, and put a row in its place: what is written there keeps it from being mended. */
async function isLeftOut({ index, signal }: VerifyContext, key: string): Promise<boolean> {
  return (await index.scan(rowKeys.rebuildProblems(), { prefix: `${key} `, limit: 1, signal })).entries.length > 0
}

/** Then its row is behind, which is told as a lost commit. */
async function hasLaterRecord({ driver, signal }: VerifyContext, record: RowRecord): Promise<boolean> {
  for await (const _ of driver.list({ prefix: recordPrefix(record), after: recordObjectKey(record, record.version), signal })) return true
  return false
}

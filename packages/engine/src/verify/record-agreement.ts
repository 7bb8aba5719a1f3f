import type { BlobRecord } from '../records.js'
import type { Reading } from '../rebuild/read-record.js'
import { sameObjects } from '../rebuild/restore-blobs.js'
import { type Blob, isLive, type Manifest, type Repository, type Tag, type Tombstone } from '../rows.js'

/** A row that has a record. */
export type RecordedRow = Repository | Manifest | Tag | Tombstone

/** In what a record of a row's version says something else than the row, if in anything. */
export function disagreement(reading: Exclude<Reading, { readonly state: 'bad' }>, row: RecordedRow): string | undefined {
  const differing = Object.entries(saidBy(reading)).flatMap(([field, value]) => ((row as unknown as Readonly<Record<string, unknown>>)[field] === value ? [] : [field]))
  if (!isLive(row) && reading.state !== 'deleted') return 'it is of something that is there, and the index has it as deleted'
  if (isLive(row) && reading.state === 'deleted') return 'it is of something that was deleted, and the index has it'
  return differing.length > 0 ? `it says something else of its ${differing.join(' and ')}` : undefined
}

function saidBy(reading: Exclude<Reading, { readonly state: 'bad' }>): Readonly<Record<string, unknown>> {
  switch (reading.state) {
    case 'deleted':
      return { deleted: reading.deleted }
    case 'repository':
      return { created: reading.created, description: reading.description }
    case 'manifest':
      return { generation: reading.generation, mediaType: reading.document.mediaType, time: reading.time }
    case 'tag':
      return { digest: reading.digest, generation: reading.generation, manifestVersion: reading.manifestVersion, time: reading.time }
  }
}

/** Whether a rebuild would come from what a manifest's record says of a blob to the objects that the blob has. */
export function leadsTo(record: BlobRecord | undefined, blob: Blob): boolean {
  if (!record) return false
  return sameObjects(record, blob) || (blob.moved ?? []).some(({ from }) => from === record.objects[0]?.key)
}

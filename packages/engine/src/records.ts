import { type Digest, RegistryError } from '@registry/core'
import { bodyOf } from './body.js'
import type { Context } from './context.js'
import { recordObjectKey, type RowKey, rowKeys } from './keyspace.js'
import { parseManifest } from './manifest-document.js'
import { loadText } from './manifest-text.js'
import { sealRecord } from './record-checksum.js'
import { withDerived } from './repository-row.js'
import { readRow, readRows } from './row-store.js'
import { type DueRecord, isLive, type Manifest, type Repository, type RowRecord, type StoredObject, type Tag, type Tombstone } from './rows.js'

/*
 * Storage records: the index as storage shows it, enough to make the index anew. The record of a row lies under a key
 * that ends in the row's version; the highest version counts. Each is stored with a checksum, see `record-checksum.ts`.
 */

/** What describes it beside its own words, its manifests say again. */
export interface RepositoryRecord extends Omit<Repository, 'due' | 'derived' | 'describing'> {
  readonly repository: string
}

export interface TagRecord extends Omit<Tag, 'due'> {
  readonly repository: string
  readonly tag: string
}

/** Where the bytes of a blob are. */
export interface BlobRecord {
  readonly digest: Digest
  readonly size: number
  readonly objects: readonly StoredObject[]
}

export interface ManifestRecord extends Omit<Manifest, 'due'> {
  readonly repository: string
  readonly digest: Digest
  /** The blobs that it names, but for those that its publisher does not let anyone distribute. */
  readonly blobs: readonly BlobRecord[]
}

/** That the objects of a blob were replaced, under a key that the replaced list leads to. */
export interface MovedRecord extends BlobRecord {
  readonly version: number
}

/** That a row was deleted, under the same key as a record of it. */
export type TombstoneRecord = Omit<Tombstone, 'due'> & ({ readonly repository: string } | { readonly repository: string; readonly tag: string })

/** Writes the record of the row as it is now: at the version that made it due, or a later one. */
export async function writeRecord(context: Context, due: DueRecord): Promise<void> {
  const record = await recordObject(context, due)
  if (record) await context.driver.put(record.key, bodyOf(record.bytes), { size: record.bytes.byteLength })
}

/** What reading the rows of a record takes. */
export type RecordContext = Pick<Context, 'index' | 'driver' | 'texts'>

/** The record of the row as it is now, as an object of storage; `undefined` where the row is gone for good. */
export async function recordObject(context: RecordContext, due: DueRecord): Promise<{ readonly key: string; readonly bytes: Buffer } | undefined> {
  const record = await currentRecord(context, due)
  if (record === undefined) return undefined
  return { key: recordObjectKey(due, record.version), bytes: sealRecord(record) }
}

/** The key of the row that a record shows. */
export function rowKeyOf({ index }: Context, record: RowRecord): RowKey<Repository | Manifest | Tag | Tombstone> {
  switch (record.kind) {
    case 'repository':
      return rowKeys.repository(record.repository, index.capabilities.limits.spread)
    case 'manifest':
      return rowKeys.manifest(record.repository, record.digest)
    case 'tag':
      return rowKeys.tag(record.repository, record.tag)
  }
}

async function currentRecord(
  context: RecordContext,
  due: DueRecord,
): Promise<RepositoryRecord | TagRecord | ManifestRecord | MovedRecord | TombstoneRecord | undefined> {
  const { index } = context
  switch (due.kind) {
    case 'repository': {
      const row = await readRow(index, rowKeys.repository(due.repository, index.capabilities.limits.spread))
      return row && { repository: due.repository, ...shown(isLive(row.value) ? withDerived(row.value, undefined) : row.value) }
    }
    case 'tag': {
      const row = await readRow(index, rowKeys.tag(due.repository, due.tag))
      return row && { repository: due.repository, tag: due.tag, ...shown(row.value) }
    }
    case 'manifest': {
      for (let before: string | undefined; ; ) {
        const row = await readRow(index, rowKeys.manifest(due.repository, due.digest))
        if (row === undefined) return undefined
        if (!isLive(row.value)) return { repository: due.repository, ...shown(row.value) }
        try {
          return { repository: due.repository, digest: due.digest, ...shown(row.value), blobs: await blobsOf(context, due.digest, row.value) }
        } catch (error) {
          // The text goes with its manifest, which may be deleted meanwhile.
          if (!RegistryError.is(error, 'CORRUPT') || row.revision === before) throw error
          before = row.revision
        }
      }
    }
    case 'moved': {
      const blob = (await readRow(index, rowKeys.blob(due.digest)))?.value
      // A later heal has a record of its own, but nothing leads to that one where this one is not written.
      if (!blob?.moved?.some(({ version }) => version === due.version)) return undefined
      return { version: due.version, digest: due.digest, size: blob.size, objects: blob.objects }
    }
  }
}

async function blobsOf(context: RecordContext, digest: Digest, manifest: Manifest): Promise<readonly BlobRecord[]> {
  const { blobs } = parseManifest(manifest.mediaType, await loadText(context, digest, manifest))
  const digests = [...new Set(blobs.map((blob) => blob.digest))]
  const rows = await readRows(context.index, digests.map(rowKeys.blob))
  return rows.flatMap((row, n) => (row ? [{ digest: digests[n]!, size: row.value.size, objects: row.value.objects }] : []))
}

/** A row as its record shows it: whether the record is written is the index's affair. */
function shown<Row extends Repository | Tag | Manifest | Tombstone>(row: Row): Row extends unknown ? Omit<Row, 'due'> : never {
  return { ...row, due: undefined } as never
}

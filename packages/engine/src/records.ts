import type { Digest, Json } from '@registry/core'
import { bodyOf } from './body.js'
import type { Context } from './context.js'
import { recordObjectKey, type RowKey, rowKeys } from './keyspace.js'
import { parseManifest } from './manifest-document.js'
import { loadText } from './manifest-text.js'
import { readRow, readRows } from './row-store.js'
import { type DueRecord, isLive, type Manifest, type Repository, type StoredObject, type Tag, type Tombstone } from './rows.js'

/*
 * Storage records: the index as storage shows it, enough to make the index anew. The record of a row lies under a key
 * that ends in the row's version; the highest version counts.
 */

export interface RepositoryRecord extends Omit<Repository, 'due'> {
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
export type TombstoneRecord = Tombstone & ({ readonly repository: string } | { readonly repository: string; readonly tag: string })

/** Writes the record of the row as it is now: at the version that made it due, or a later one. */
export async function writeRecord(context: Context, due: DueRecord): Promise<void> {
  const record = await currentRecord(context, due)
  if (record === undefined) return
  const bytes = Buffer.from(JSON.stringify(record satisfies { version: number } as unknown as Json))
  await context.driver.put(recordObjectKey(due, record.version), bodyOf(bytes), { size: bytes.byteLength })
}

/** The version of the row now; `undefined` where it is gone for good. */
export async function currentVersion({ index }: Context, due: Exclude<DueRecord, { kind: 'moved' }>): Promise<number | undefined> {
  return (await readRow<{ readonly version: number }>(index, rowKeyOf(due, index.capabilities.limits.spread)))?.value.version
}

function rowKeyOf(due: Exclude<DueRecord, { kind: 'moved' }>, spread: number): RowKey<{ readonly version: number }> {
  switch (due.kind) {
    case 'repository':
      return rowKeys.repository(due.repository, spread)
    case 'manifest':
      return rowKeys.manifest(due.repository, due.digest)
    case 'tag':
      return rowKeys.tag(due.repository, due.tag)
  }
}

async function currentRecord(
  context: Context,
  due: DueRecord,
): Promise<RepositoryRecord | TagRecord | ManifestRecord | MovedRecord | TombstoneRecord | undefined> {
  const { index } = context
  switch (due.kind) {
    case 'repository': {
      const row = await readRow(index, rowKeys.repository(due.repository, index.capabilities.limits.spread))
      return row && { repository: due.repository, ...(isLive(row.value) ? shown(row.value) : row.value) }
    }
    case 'tag': {
      const row = await readRow(index, rowKeys.tag(due.repository, due.tag))
      return row && { repository: due.repository, tag: due.tag, ...(isLive(row.value) ? shown(row.value) : row.value) }
    }
    case 'manifest': {
      const row = await readRow(index, rowKeys.manifest(due.repository, due.digest))
      if (row === undefined) return undefined
      if (!isLive(row.value)) return { repository: due.repository, ...row.value }
      return { repository: due.repository, digest: due.digest, ...shown(row.value), blobs: await blobsOf(context, due.digest, row.value) }
    }
    case 'moved': {
      const blob = (await readRow(index, rowKeys.blob(due.digest)))?.value
      // A later heal has a record of its own, but nothing leads to that one where this one is not written.
      if (!blob?.moved?.some(({ version }) => version === due.version)) return undefined
      return { version: due.version, digest: due.digest, size: blob.size, objects: blob.objects }
    }
  }
}

async function blobsOf(context: Context, digest: Digest, manifest: Manifest): Promise<readonly BlobRecord[]> {
  const { blobs } = parseManifest(manifest.mediaType, await loadText(context, digest, manifest))
  const digests = [...new Set(blobs.map((blob) => blob.digest))]
  const rows = await readRows(context.index, digests.map(rowKeys.blob))
  return rows.flatMap((row, n) => (row ? [{ digest: digests[n]!, size: row.value.size, objects: row.value.objects }] : []))
}

/** A row as its record shows it: whether the record is written is the index's affair. */
function shown<Row extends Repository | Tag | Manifest>(row: Row): Omit<Row, 'due'> {
  return { ...row, due: undefined }
}

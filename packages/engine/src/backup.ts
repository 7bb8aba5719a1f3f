import { type Body, type Digest, type Driver, type Index, parseDigest, RegistryError } from '@registry/core'
import { LRUCache } from 'lru-cache'
import { bodyOf } from './body.js'
import { idPrefixes, ownerObjectKey, recordObjectKey, rowKeys } from './keyspace.js'
import { ownerRecord } from './owner-record.js'
import { isBeingRebuilt } from './ownership.js'
import { recordObject } from './records.js'
import { scanManifests } from './manifest-rows.js'
import { deleteRow, readRow, type Row, scanRows } from './row-store.js'
import { type Blob, type Doomed, type DueRecord, isLive, type Manifest, type Repository, type StoredObject, type Tag, type Tombstone, type Upload } from './rows.js'
import { readStored } from './stored-body.js'

/** An object that belongs to a backup. */
export interface BackupObject {
  /** Where it lies in storage. */
  readonly key: string
  /** Bytes. */
  readonly size: number
  /** To be read once, before the next object is asked for. */
  readonly body: Body
}

/** What a backup is made of. */
export interface BackupOptions {
  /** A copy that stands still. */
  readonly index: Index
  /** The storage of the registry, which may be in use. */
  readonly driver: Driver
  /** Is told of an object that a row names and storage does not have as the row says. */
  readonly onMissing: (key: string, reason: string) => void
}

/** Takes the upload sessions out of the copy of an index: the objects that they name come and go. */
export async function forgetUploads(copy: Index): Promise<void> {
  for (const idPrefix of idPrefixes) {
    for await (const { sort } of scanRows<Upload>(copy, rowKeys.uploads(idPrefix))) await copy.commit([deleteRow(rowKeys.upload(sort))], { durable: false })
  }
}

/**
 * What storage has to hold for an index, to be read in order, each body at once: the objects that its rows name, and
 * records of just these rows. Records are made from the index and not copied: storage has gone on meanwhile, and records
 * of later versions would overrule what is done on the backup once it is in use.
 *
 * @throws `UNAVAILABLE` where a rebuild of the index is not complete
 */
export async function* backupObjects({ index, driver, onMissing }: BackupOptions): AsyncGenerator<BackupObject, void> {
  const owner = (await readRow(index, rowKeys.owner()))?.value
  if (owner === undefined || (await isBeingRebuilt(index))) {
    throw new RegistryError('UNAVAILABLE', 'the index is being made anew from storage and does not have everything yet; try again when that is complete')
  }
  const bytes = ownerRecord(owner.id)
  yield { key: ownerObjectKey, size: bytes.byteLength, body: bodyOf(bytes) }
  for await (const object of namedObjects(index)) {
    const size = (await driver.head(object.key))?.size
    if (size === object.size) yield stored(driver, object)
    else onMissing(object.key, size === undefined ? 'it is gone from storage' : `it has ${size} bytes in place of ${object.size}`)
  }
  const context = { index, driver, texts: new LRUCache<Digest, string>({ max: 1 }) }
  for await (const { record, isUnreadable } of records(index)) {
    if (isUnreadable) {
      yield* unread(driver, recordObjectKey(record, record.version), onMissing)
      continue
    }
    const made = await recordObject(context, record)
    if (made) yield { key: made.key, size: made.bytes.byteLength, body: bodyOf(made.bytes) }
  }
}

/** A record that a rebuild could not use is no tombstone: it goes along as it is, for whoever can mend it, and is told. */
async function* unread(driver: Driver, key: string, onMissing: BackupOptions['onMissing']): AsyncGenerator<BackupObject, void> {
  const info = await driver.head(key)
  if (info) yield stored(driver, info)
  onMissing(key, 'what this record leads to, which a rebuild of the index could not read; the record itself is there as it is')
}

function stored(driver: Driver, object: StoredObject): BackupObject {
  return { ...object, body: readStored(driver, [object]) }
}

/** Objects of blobs, but for those that are known to be bad, and texts of manifests. */
async function* namedObjects(index: Index): AsyncGenerator<StoredObject, void> {
  for (const idPrefix of idPrefixes) {
    for await (const { value } of scanRows<Blob>(index, rowKeys.blobs(idPrefix))) if (value.state !== 'corrupt') yield* value.objects
  }
  for await (const { sort: repository } of repositories(index)) {
    for await (const { value } of scanManifests(index, repository)) if (isLive(value)) yield* textObject(value)
    // A sweep that is under way reads the text as well.
    for await (const { value } of scanRows<Doomed>(index, rowKeys.doomed(repository))) yield* textObject(value)
  }
}

function textObject({ object, size }: Manifest): readonly StoredObject[] {
  return object === undefined ? [] : [{ key: object, size }]
}

interface RecordToMake {
  readonly record: DueRecord
  readonly isUnreadable: boolean
}

async function* records(index: Index): AsyncGenerator<RecordToMake, void> {
  const of = (record: DueRecord, value: object): RecordToMake => ({ record, isUnreadable: 'unreadable' in value })
  for await (const { sort: repository, value } of repositories(index)) {
    yield of({ kind: 'repository', repository, version: value.version }, value)
    for await (const { sort, value: row } of scanManifests(index, repository)) {
      yield of({ kind: 'manifest', repository, digest: parseDigest(sort), version: row.version }, row)
    }
    for await (const { sort: tag, value: row } of scanRows<Tag | Tombstone>(index, rowKeys.tags(repository))) {
      yield of({ kind: 'tag', repository, tag, version: row.version }, row)
    }
  }
  for (const idPrefix of idPrefixes) {
    for await (const { sort, value } of scanRows<Blob>(index, rowKeys.blobs(idPrefix))) {
      for (const moved of value.moved ?? []) yield of({ kind: 'moved', digest: parseDigest(sort), ...moved }, moved)
    }
  }
}

/** Deleted ones too: their tombstones count. */
async function* repositories(index: Index): AsyncGenerator<Row<Repository | Tombstone> & { readonly sort: string }, void> {
  for (const partition of rowKeys.repositories(index.capabilities.limits.spread)) yield* scanRows<Repository | Tombstone>(index, partition)
}

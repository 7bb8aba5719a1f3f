import { createHash } from 'node:crypto'
import { type Digest, type EntryKey, splitDigest } from '@registry/core'
import type {
  Blob,
  Doomed,
  Due,
  DueRecord,
  Link,
  Manifest,
  ObjectOwner,
  Owner,
  Push,
  Referrer,
  Repository,
  Tag,
  TaggedBy,
  Tombstone,
  Trash,
  Upload,
  Used,
} from './rows.js'

declare const row: unique symbol

/** The key of an entry whose value is a `Row`. */
export interface RowKey<Row> extends EntryKey {
  readonly [row]?: Row
}

/** Where each row is in the index. */
export const rowKeys = {
  repository: (name: string, spread: number): RowKey<Repository | Tombstone> => ({
    partition: repositoryPartition(Number.parseInt(sha256(name).slice(0, 8), 16) % spread),
    sort: name,
  }),
  repositories: (spread: number): readonly string[] => Array.from({ length: spread }, (_, n) => repositoryPartition(n)),
  tag: (repository: string, tag: string): RowKey<Tag | Tombstone> => ({ partition: rowKeys.tags(repository), sort: tag }),
  tags: (repository: string): string => `tags/${repository}`,
  taggedBy: (repository: string, digest: Digest, tag: string): RowKey<TaggedBy> => ({ partition: `tagged/${repository}/${digest}`, sort: tag }),
  manifest: (repository: string, digest: Digest): RowKey<Manifest | Tombstone> => ({ partition: `manifests/${repository}`, sort: digest }),
  referrer: (repository: string, subject: Digest, digest: Digest): RowKey<Referrer> => ({
    partition: `referrers/${repository}/${subject}`,
    sort: digest,
  }),
  doomed: (repository: string): string => `doomed/${repository}`,
  doomedManifest: (repository: string, generation: string): RowKey<Doomed> => ({ partition: rowKeys.doomed(repository), sort: generation }),
  link: (repository: string, digest: Digest): RowKey<Link> => ({ partition: `links/${repository}`, sort: digest }),
  blob: (digest: Digest): RowKey<Blob> => ({ partition: `blobs/${splitDigest(digest).hex.slice(0, 2)}`, sort: digest }),
  used: (digest: Digest, repository: string, manifest: Digest, generation: string): RowKey<Used> => ({
    partition: `used/${digest}`,
    sort: `${repository}@${manifest}@${generation}`,
  }),
  objectOwner: (uploadId: string): RowKey<ObjectOwner> => ({ partition: `objects/${uploadId.slice(0, 2)}`, sort: uploadId }),
  push: (generation: string): RowKey<Push> => ({ partition: `pushes/${generation.slice(0, 2)}`, sort: generation }),
  upload: (id: string): RowKey<Upload> => ({ partition: `uploads/${id.slice(0, 2)}`, sort: id }),
  due: (id: string): RowKey<Due> => ({ partition: `due/${id.slice(0, 2)}`, sort: id }),
  trash: (id: string): RowKey<Trash> => ({ partition: `trash/${id.slice(0, 2)}`, sort: id }),
  owner: (): RowKey<Owner> => ({ partition: 'system', sort: 'owner' }),
} as const

/** The two digits that begin an id, each of which has a partition of its own. */
export const idPrefixes: readonly string[] = Array.from({ length: 256 }, (_, n) => n.toString(16).padStart(2, '0'))

/** Which index owns the storage. */
export const ownerObjectKey = 'registry.json'

/** A key that no object had or will have: the `n`th object of an upload, or the text of a manifest push. */
export function blobObjectKey(uploadId: string, n: number, nonce: string): string {
  return `blobs/${uploadId.slice(0, 2)}/${uploadId}-${n}-${nonce}`
}

/** The upload or push for which an object was put. */
export function ownerOfObject(objectKey: string): string {
  const name = objectKey.slice(objectKey.lastIndexOf('/') + 1)
  return name.slice(0, name.indexOf('-'))
}

/** The key of a record, without its version; `record` of another version of the same row is beside it. */
export function recordObjectKey(record: DueRecord, version: number): string {
  const number = String(version).padStart(20, '0')
  switch (record.kind) {
    case 'repository':
      return `${repositoryFolder(record.repository)}/_repository/${number}`
    case 'manifest': {
      const { algorithm, hex } = splitDigest(record.digest)
      return `${repositoryFolder(record.repository)}/_manifests/${algorithm}/${hex}/${number}`
    }
    case 'tag':
      return `${repositoryFolder(record.repository)}/_tags/${sha256(record.tag).slice(0, 2)}/${segment(record.tag)}/${number}`
    case 'moved':
      return `${record.from}!moved-${number}`
  }
}

function repositoryFolder(repository: string): string {
  return `repositories/${repository.split('/').map(segment).join('/')}`
}

/** Text as a segment of an object key: `A` becomes `!a`, and what is too long its hash. The record holds the text itself. */
function segment(text: string): string {
  const escaped = text.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`)
  return escaped.length <= 200 ? escaped : `!!${sha256(text)}`
}

function repositoryPartition(shard: number): string {
  return `repositories/${shard.toString(16).padStart(2, '0')}`
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

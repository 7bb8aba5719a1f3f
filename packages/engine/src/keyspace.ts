import { createHash } from 'node:crypto'
import { type Digest, type EntryKey, isDigest, splitDigest } from '@registry/core'
import type {
  Blob,
  Buried,
  Doomed,
  Due,
  DueRecord,
  Link,
  Manifest,
  ObjectOwner,
  Owner,
  Push,
  Rebuild,
  RebuildProblem,
  Referrer,
  Repository,
  Sweep,
  Tag,
  TaggedBy,
  Tombstone,
  Trash,
  Upload,
  Used,
  WorkLease,
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
  taggedBy: (repository: string, digest: Digest, tag: string): RowKey<TaggedBy> => ({ partition: rowKeys.tagsOf(repository, digest), sort: tag }),
  tagsOf: (repository: string, digest: Digest): string => `tagged/${repository}/${digest}`,
  manifest: (repository: string, digest: Digest): RowKey<Manifest | Tombstone> => ({ partition: rowKeys.manifests(repository), sort: digest }),
  manifests: (repository: string): string => `manifests/${repository}`,
  referrer: (repository: string, subject: Digest, digest: Digest): RowKey<Referrer> => ({
    partition: rowKeys.referrers(repository, subject),
    sort: digest,
  }),
  referrers: (repository: string, subject: Digest): string => `referrers/${repository}/${subject}`,
  doomed: (repository: string): string => `doomed/${repository}`,
  doomedManifest: (repository: string, generation: string): RowKey<Doomed> => ({ partition: rowKeys.doomed(repository), sort: generation }),
  link: (repository: string, digest: Digest): RowKey<Link> => ({ partition: rowKeys.links(repository), sort: digest }),
  links: (repository: string): string => `links/${repository}`,
  blob: (digest: Digest): RowKey<Blob> => ({ partition: rowKeys.blobs(splitDigest(digest).hex.slice(0, 2)), sort: digest }),
  blobs: (hexPrefix: string): string => `blobs/${hexPrefix}`,
  used: (digest: Digest, repository: string, manifest: Digest, generation: string): RowKey<Used> => ({
    partition: `used/${digest}`,
    sort: `${repository}@${manifest}@${generation}`,
  }),
  /** Every edge of a blob in a repository. */
  usedIn: (digest: Digest, repository: string): { readonly partition: string; readonly prefix: string } => ({ partition: `used/${digest}`, prefix: `${repository}@` }),
  objectOwner: (uploadId: string): RowKey<ObjectOwner> => ({ partition: `objects/${uploadId.slice(0, 2)}`, sort: uploadId }),
  push: (generation: string): RowKey<Push> => ({ partition: rowKeys.pushes(generation.slice(0, 2)), sort: generation }),
  pushes: (idPrefix: string): string => `pushes/${idPrefix}`,
  upload: (id: string): RowKey<Upload> => ({ partition: rowKeys.uploads(id.slice(0, 2)), sort: id }),
  uploads: (idPrefix: string): string => `uploads/${idPrefix}`,
  due: (id: string): RowKey<Due> => ({ partition: rowKeys.dues(id.slice(0, 2)), sort: id }),
  dues: (idPrefix: string): string => `due/${idPrefix}`,
  trash: (id: string): RowKey<Trash> => ({ partition: rowKeys.trashIn(id.slice(0, 2)), sort: id }),
  trashIn: (idPrefix: string): string => `trash/${idPrefix}`,
  sweep: (generation: string): RowKey<Sweep> => ({ partition: rowKeys.sweeps(generation.slice(0, 2)), sort: generation }),
  sweeps: (idPrefix: string): string => `sweeps/${idPrefix}`,
  buried: (id: string): RowKey<Buried> => ({ partition: rowKeys.buriedIn(id.slice(0, 2)), sort: id }),
  buriedIn: (idPrefix: string): string => `buried/${idPrefix}`,
  owner: (): RowKey<Owner> => ({ partition: 'system', sort: 'owner' }),
  workLease: (): RowKey<WorkLease> => ({ partition: 'system', sort: 'worker' }),
  rebuild: (): RowKey<Rebuild> => ({ partition: 'system', sort: 'rebuild' }),
  rebuildProblems: (): string => 'rebuild-problems',
  rebuildProblem: ({ key, reason }: RebuildProblem): RowKey<RebuildProblem> => ({
    partition: rowKeys.rebuildProblems(),
    sort: `${key} ${sha256(reason).slice(0, 16)}`,
  }),
} as const

/** The two digits that begin an id, each of which has a partition of its own. */
export const idPrefixes: readonly string[] = Array.from({ length: 256 }, (_, n) => n.toString(16).padStart(2, '0'))

/** Which index owns the storage. */
export const ownerObjectKey = 'registry.json'

/** Where the objects of all uploads and pushes are whose id begins with these two digits. */
export function blobObjectFolder(idPrefix: string): string {
  return `blobs/${idPrefix}/`
}

/** What the keys of all objects of an upload begin with. */
export function uploadObjectPrefix(uploadId: string): string {
  return `${blobObjectFolder(uploadId.slice(0, 2))}${uploadId}-`
}

/** A key that no object had or will have: the `n`th object of an upload, or the text of a manifest push. */
export function blobObjectKey(uploadId: string, n: number, nonce: string): string {
  return `${uploadObjectPrefix(uploadId)}${n}-${nonce}`
}

/** The upload or push for which an object was put. */
export function ownerOfObject(objectKey: string): string {
  const name = objectKey.slice(objectKey.lastIndexOf('/') + 1)
  return name.slice(0, name.indexOf('-'))
}

/** The key of a record. */
export function recordObjectKey(record: DueRecord, version: number): string {
  return `${recordPrefix(record)}${String(version).padStart(20, '0')}`
}

/** What the keys of all records of a row begin with, whatever their version. */
export function recordPrefix(record: DueRecord): string {
  switch (record.kind) {
    case 'repository':
      return `${repositoryFolder(record.repository)}/_repository/`
    case 'manifest': {
      const { algorithm, hex } = splitDigest(record.digest)
      return `${repositoryFolder(record.repository)}/_manifests/${algorithm}/${hex}/`
    }
    case 'tag':
      return `${repositoryFolder(record.repository)}/_tags/${sha256(record.tag).slice(0, 2)}/${segment(record.tag)}/`
    case 'moved':
      return `${record.from}!moved-`
  }
}

/** What keys of all records begin with, but for those of moved objects. */
export const recordFolder = 'repositories/'

/** What the key of a record says of its row. A name that is too long for a key is only in the record. */
export type RecordPlace =
  | { readonly kind: 'repository'; readonly repository: string | undefined; readonly version: number }
  | { readonly kind: 'manifest'; readonly repository: string | undefined; readonly digest: Digest; readonly version: number }
  | { readonly kind: 'tag'; readonly repository: string | undefined; readonly tag: string | undefined; readonly version: number }

const recordKey = /^repositories\/(.+)\/(?:_repository|_manifests\/([^/]+)\/([^/]+)|_tags\/[0-9a-f]{2}\/([^/]+))\/(\d{20})$/

/** Reads the key of a record; `undefined` where it is none. */
export function recordPlace(key: string): RecordPlace | undefined {
  const [, folder, algorithm, hex, tag, number] = recordKey.exec(key) ?? []
  const version = Number(number)
  if (folder === undefined || !Number.isSafeInteger(version)) return undefined
  const names = folder.split('/').map(unescaped)
  const repository = names.includes(undefined) ? undefined : names.join('/')
  if (tag !== undefined) return { kind: 'tag', repository, tag: unescaped(tag), version }
  if (algorithm === undefined) return { kind: 'repository', repository, version }
  const digest = `${algorithm}:${hex!}`
  return isDigest(digest) ? { kind: 'manifest', repository, digest, version } : undefined
}

/** From the key of the record of moved objects to the object that they replaced; `undefined` where it is none. */
export function movedPlace(key: string): { readonly from: string; readonly version: number } | undefined {
  const [, from, number] = /^(blobs\/.+)!moved-(\d{20})$/.exec(key) ?? []
  const version = Number(number)
  return from !== undefined && Number.isSafeInteger(version) ? { from, version } : undefined
}

/** The text that became a segment; `undefined` where it became a hash. */
function unescaped(text: string): string | undefined {
  return text.startsWith('!!') ? undefined : text.replace(/!([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

function repositoryFolder(repository: string): string {
  return `${recordFolder}${repository.split('/').map(segment).join('/')}`
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

import { type Digest, isDigest, isObjectKey, parseRepositoryName, parseTag, RegistryError, splitDigest } from '@registry/core'
import { readObject } from '../body.js'
import { digestOf } from '../digester.js'
import { type RecordPlace, recordObjectKey } from '../keyspace.js'
import { type ManifestDocument, parseManifest } from '../manifest-document.js'
import type { BlobRecord } from '../records.js'
import type { RowRecord } from '../rows.js'
import { readPatiently } from './patient-read.js'
import type { RebuildContext } from './rebuild-context.js'
import type { RecordGroup } from './record-groups.js'
import { blobRecord, type Fields, fieldsOf, isSize } from './record-shape.js'

/** What the highest record of a row says. */
export type Reading = { readonly group: RecordGroup } & (
  | BadReading
  | { readonly state: 'deleted'; readonly row: RowRecord; readonly deleted: number }
  | RepositoryReading
  | ManifestReading
  | TagReading
)

/** It cannot be used. */
export interface BadReading {
  readonly state: 'bad'
  readonly reason: string
  /** Its row, where the key says which. */
  readonly row: RowRecord | undefined
}

export interface RepositoryReading {
  readonly state: 'repository'
  readonly row: Extract<RowRecord, { kind: 'repository' }>
  readonly created: number
  readonly description: string | undefined
}

export interface ManifestReading {
  readonly state: 'manifest'
  readonly row: Extract<RowRecord, { kind: 'manifest' }>
  readonly generation: string
  readonly time: number
  /** Bytes of the text. */
  readonly size: number
  /** Where the text is: here, or in an object. */
  readonly place: { readonly text: string } | { readonly object: string }
  readonly document: ManifestDocument
  readonly blobs: readonly BlobRecord[]
}

export interface TagReading {
  readonly state: 'tag'
  readonly row: Extract<RowRecord, { kind: 'tag' }>
  readonly digest: Digest
  readonly generation: string
  readonly manifestVersion: number | undefined
  readonly time: number
}

/** What is wrong with an object that lies among the records. */
export const notARecord = 'its key is none of a record'

/** A record has a text of at most some megabytes and the objects of its blobs. */
const mostBytes = 64 * 2 ** 20

/** Reads the highest record of a row, and whatever it takes to know that it is right. */
export async function readRecord(context: RebuildContext, group: RecordGroup): Promise<Reading> {
  return { group, ...(await reading(context, group)) }
}

async function reading(context: RebuildContext, { key, size, place }: Pick<RecordGroup, 'key' | 'size' | 'place'>): Promise<WithoutGroup<Reading>> {
  if (!place) return { state: 'bad', reason: notARecord, row: undefined }
  const bad = (reason: string): BadReading => ({ state: 'bad', reason, row: rowOf(place) })
  if (size > mostBytes) return bad(`it has ${size} bytes`)
  const read = await readPatiently(context, () => readObject(context.driver.open(key, { signal: context.signal })))
  if ('reason' in read) return bad(`it cannot be read: ${read.reason}`)
  const fields = fieldsOf(read.value)
  if (typeof fields === 'string') return bad(fields)
  const row = rowOf(named(place, fields))
  if (!row || fields['version'] !== place.version) return bad('its name or version is missing or wrong')
  if (recordObjectKey(row, row.version) !== key) return bad('it lies under the key of another row')
  if (isSize(fields['deleted'])) return { state: 'deleted', row, deleted: fields['deleted'] }
  switch (row.kind) {
    case 'repository':
      return repositoryReading(row, fields) ?? bad('it says nothing of the repository')
    case 'tag':
      return tagReading(row, fields) ?? bad('it does not say where the tag leads')
    case 'manifest': {
      const manifest = await manifestReading(context, row, fields)
      return typeof manifest === 'string' ? bad(manifest) : manifest
    }
  }
}

type WithoutGroup<Type> = Type extends unknown ? Omit<Type, 'group'> : never

function repositoryReading(row: RepositoryReading['row'], { created, description }: Fields): RepositoryReading | undefined {
  if (!isSize(created)) return undefined
  return { state: 'repository', row, created, description: typeof description === 'string' ? description : undefined }
}

function tagReading(row: TagReading['row'], { digest, generation, manifestVersion, time }: Fields): TagReading | undefined {
  if (typeof digest !== 'string' || !isDigest(digest) || typeof generation !== 'string' || !isSize(time)) return undefined
  return { state: 'tag', row, digest, generation, manifestVersion: isSize(manifestVersion) ? manifestVersion : undefined, time }
}

/** @returns what is wrong, where something is */
async function manifestReading(context: RebuildContext, row: ManifestReading['row'], fields: Fields): Promise<ManifestReading | string> {
  const { generation, mediaType, time, text, object } = fields
  if (fields['digest'] !== row.digest) return 'it is of a manifest with another digest'
  if (typeof generation !== 'string' || typeof mediaType !== 'string' || !isSize(time)) return 'it says too little of the manifest'
  let bytes: Buffer
  let place: ManifestReading['place']
  if (typeof text === 'string') {
    bytes = Buffer.from(text)
    place = { text }
  } else if (typeof object === 'string' && isObjectKey(object)) {
    const read = await readPatiently(context, () => readText(context, object))
    if ('reason' in read) return `the text of the manifest cannot be read: ${read.reason}`
    bytes = read.value
    place = { object }
  } else {
    return 'it has no text of the manifest'
  }
  const found = digestOf(splitDigest(row.digest).algorithm, bytes)
  if (found !== row.digest) return `the text of the manifest has the digest ${found}`
  try {
    const document = parseManifest(mediaType, bytes.toString())
    const blobs = Array.isArray(fields['blobs']) ? fields['blobs'].flatMap((blob: unknown) => blobRecord(blob) ?? []) : []
    return { state: 'manifest', row, generation, time, size: bytes.byteLength, place, document, blobs }
  } catch (error) {
    if (RegistryError.is(error, 'MANIFEST_INVALID')) return error.message
    throw error
  }
}

async function readText({ driver, signal }: RebuildContext, object: string): Promise<Buffer> {
  const info = await driver.head(object, { signal })
  if (info === undefined || info.size > mostBytes) throw new RegistryError('CORRUPT', `${object} is missing or too large`, { key: object })
  return readObject(driver.open(object, { signal }))
}

/** The place, with the names that the record says; what is no name is left out. */
function named(place: RecordPlace, { repository, tag }: Fields): RecordPlace {
  const name = checked(repository, parseRepositoryName)
  switch (place.kind) {
    case 'repository':
    case 'manifest':
      return { ...place, repository: name }
    case 'tag':
      return { ...place, repository: name, tag: checked(tag, parseTag) }
  }
}

function checked(value: unknown, parse: (text: string) => string): string | undefined {
  try {
    return typeof value === 'string' ? parse(value) : undefined
  } catch {
    return undefined
  }
}

function rowOf(place: RecordPlace): RowRecord | undefined {
  const { repository, version } = place
  const name = checked(repository, parseRepositoryName)
  if (name === undefined) return undefined
  switch (place.kind) {
    case 'repository':
      return { kind: 'repository', repository: name, version }
    case 'manifest':
      return { kind: 'manifest', repository: name, digest: place.digest, version }
    case 'tag': {
      const tag = checked(place.tag, parseTag)
      return tag === undefined ? undefined : { kind: 'tag', repository: name, tag, version }
    }
  }
}

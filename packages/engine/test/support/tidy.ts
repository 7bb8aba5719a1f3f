import { parseManifest } from '../../src/manifest-document.js'
import { type Blob, isLive, type Manifest, type StoredObject, type Tag, type Tombstone, type Upload } from '../../src/rows.js'
import type { World } from './bench.js'

/**
 * What is not in order in storages where nothing goes on: objects that a row names and storage lacks, objects that
 * nothing names, rows without exactly the record of their version, notes that nobody works off, and edges of no manifest.
 */
export function findUntidy({ objects, rows }: World): readonly string[] {
  const lost = namedObjects(rows).flatMap((object) => lacking(objects, object))
  return [...lost, ...unnamed(objects, rows), ...records(objects, rows), ...leftovers(rows), ...unkept({ objects, rows })]
}

/** Keys and values of the rows of one kind. */
type RowsOf<Value> = readonly (readonly [key: string, value: Value])[]

function rowsOf(rows: World['rows'], prefix: string): RowsOf<unknown> {
  return Object.entries(rows).filter(([key]) => key.startsWith(prefix))
}

interface NamedObject extends StoredObject {
  readonly by: string
}

function namedObjects(rows: World['rows']): readonly NamedObject[] {
  const lists = [...rowsOf(rows, 'blobs/'), ...rowsOf(rows, 'uploads/')] as RowsOf<Blob | Upload>
  const manifests = rowsOf(rows, 'manifests/') as RowsOf<Manifest>
  return [
    ...lists.flatMap(([by, { objects }]) => objects.map((object) => ({ by, ...object }))),
    ...manifests.flatMap(([by, { object, size }]) => (object === undefined ? [] : [{ by, key: object, size }])),
  ]
}

function lacking(objects: World['objects'], { by, key, size }: NamedObject): readonly string[] {
  const found = objects[key]
  if (found === undefined) return [`${by} names ${key}, which is not in storage`]
  return Buffer.byteLength(found) === size ? [] : [`${by} names ${key} of ${size} bytes, storage has ${Buffer.byteLength(found)}`]
}

function unnamed(objects: World['objects'], rows: World['rows']): readonly string[] {
  const named = new Set(namedObjects(rows).map(({ key }) => key))
  const blobs = Object.keys(objects).filter((key) => key.startsWith('blobs/') && !key.includes('!moved-'))
  return blobs.filter((key) => !named.has(key)).map((key) => `nothing names ${key}`)
}

/** Every row that has a version has one record, of that version; and there is none besides. */
function records(objects: World['objects'], rows: World['rows']): readonly string[] {
  const kinds = ['repositories/', 'tags/', 'manifests/']
  const expected = kinds.flatMap((kind) => rowsOf(rows, kind) as RowsOf<{ readonly version: number }>)
  const found = Object.keys(objects).filter((key) => key.startsWith('repositories/'))
  const versions = (list: readonly number[]): string => [...list].sort((a, b) => a - b).join(' ')
  const wanted = versions(expected.map(([, { version }]) => version))
  const there = versions(found.map((key) => Number(key.slice(-20))))
  return wanted === there ? [] : [`rows have the versions ${wanted}, records ${there}: ${found.join(', ')}`]
}

function leftovers(rows: World['rows']): readonly string[] {
  const left = Object.keys(rows).filter((key) => /^(?:due|trash|pushes|doomed|sweeps)\//.test(key))
  const manifests = rowsOf(rows, 'manifests/') as RowsOf<Manifest | Tombstone>
  const generations = new Set(manifests.flatMap(([, row]) => ('generation' in row ? [row.generation] : [])))
  const edges = Object.keys(rows).filter((key) => key.startsWith('used/') && !generations.has(key.slice(key.lastIndexOf('@') + 1)))
  const tags = (rowsOf(rows, 'tags/') as RowsOf<Tag | Tombstone>).flatMap(([key, row]) => (isLive(row) && !generations.has(row.generation) ? [key] : []))
  return [...[...left, ...edges].map((key) => `${key} is left`), ...tags.map((key) => `${key} leads nowhere`)]
}

/** Blobs of a manifest that nothing keeps for it. */
function unkept({ objects, rows }: World): readonly string[] {
  const manifests = rowsOf(rows, 'manifests/') as RowsOf<Manifest | Tombstone>
  return manifests.flatMap(([by, row]) => {
    if (!isLive(row)) return []
    const [partition, digest] = by.split(' ')
    const { blobs } = parseManifest(row.mediaType, row.text ?? objects[row.object!] ?? '{}')
    const edges = blobs.map((blob) => `used/${blob.digest} ${partition!.slice('manifests/'.length)}@${digest!}@${row.generation}`)
    return edges.filter((edge) => !(edge in rows)).map((edge) => `${edge} is missing`)
  })
}

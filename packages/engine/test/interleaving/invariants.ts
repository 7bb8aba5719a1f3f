import { rowKeys } from '../../src/keyspace.js'
import { isLive, type Blob, type Doomed, type Manifest, type StoredObject, type Tombstone, type Upload } from '../../src/rows.js'
import { digestOf } from '../support/images.js'
import { contentWith, imageWith } from './content.js'
import type { World } from './world.js'

/** What has to be true at any moment, whatever is under way: in words, where it is not. */
export function brokenInvariant(world: World): string | undefined {
  for (const problem of problems(world)) return problem
  return undefined
}

function* problems(world: World): Generator<string, void> {
  for (const { partition, sort, value } of world.rowsOf<Manifest | Tombstone>('manifests/')) {
    if (!isLive(value)) continue
    const repository = partition.slice('manifests/'.length)
    for (const content of imageWith(sort)?.blobs ?? []) yield* problemsOfBlob(world, repository, imageWith(sort)!.name, content)
    yield* missingText(world, `the manifest ${imageWith(sort)?.name ?? sort} of ${repository}`, value)
  }
  for (const { partition, sort, value } of world.rowsOf<Doomed>('doomed/')) yield* missingText(world, `${partition} ${sort}, which is not swept yet,`, value)
  for (const { sort, value } of world.rowsOf<Upload>('uploads/')) yield* missingObjects(world, `the upload ${sort}`, value.objects)
  for (const { sort, value } of world.rowsOf<Blob>('blobs/')) yield* wrongBytes(world, sort, value)
}

/** A readable manifest has all its blobs readable. */
function* problemsOfBlob(world: World, repository: string, image: string, content: string): Generator<string, void> {
  const digest = digestOf(content)
  const blob = world.row(rowKeys.blob(digest))
  const link = world.row(rowKeys.link(repository, digest))
  const about = `the manifest ${image} of ${repository} is readable, and its blob ${content} is not:`
  if (!link) yield `${about} it has no link`
  else if (!blob) yield `${about} it has no row`
  else if (link.incarnation !== blob.incarnation) yield `${about} its link is of another incarnation`
  else if (blob.state === 'corrupt' && world.damaged.size === 0) yield `${about} it is corrupt`
}

function* wrongBytes(world: World, digest: string, { state, objects }: Blob): Generator<string, void> {
  const content = contentWith(digest) ?? digest
  yield* missingObjects(world, `the blob ${content}`, objects)
  const damaged = objects.find(({ key }) => world.damaged.has(key))
  if (damaged) {
    if (state !== 'corrupt' && world.known.has(damaged.key)) yield `the blob ${content} is ${state} with bytes that were found to be wrong`
    return
  }
  const bytes = Buffer.concat(objects.map(({ key }) => world.objects.get(key)?.bytes ?? Buffer.alloc(0))).toString()
  if (bytes !== content) yield `the blob ${content} has the bytes ${JSON.stringify(bytes)}`
  else if (state === 'corrupt') yield `the blob ${content} is marked as corrupt, and its bytes are right`
}

function* missingObjects(world: World, by: string, objects: readonly StoredObject[]): Generator<string, void> {
  for (const { key } of objects) if (!world.objects.has(key)) yield `${by} names ${key}, which is not in storage`
}

function* missingText(world: World, by: string, { object, size }: Manifest): Generator<string, void> {
  if (object !== undefined) yield* missingObjects(world, by, [{ key: object, size }])
}

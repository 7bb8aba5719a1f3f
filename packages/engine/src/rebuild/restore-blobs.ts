import type { Digest } from '@registry/core'
import pMap from 'p-map'
import { ownerOfObject, rowKeys } from '../keyspace.js'
import { freshLease } from '../leases.js'
import { blobsNamed } from '../manifest-rows.js'
import type { BlobRecord } from '../records.js'
import { putRow } from '../row-store.js'
import type { Blob } from '../rows.js'
import type { Batch } from './batch.js'
import type { MovedObjects } from './moved-objects.js'
import { readPatiently } from './patient-read.js'
import type { ManifestReading } from './read-record.js'
import type { RebuildContext } from './rebuild-context.js'

/** How many requests are under way at once. */
export const requestsAtOnce = 16

/** An object as an upload or a push names it: it has a row of its own that leads to what consists of it. */
export const ownObject: RegExp = /^blobs\/([0-9a-f]{2})\/\1[0-9a-f]{30}-\d+-/

/**
 * Puts a row for each blob that these manifests name and that has none, or one of other objects, once its objects were
 * found in storage as the records say. Of a blob that is not whole the row says so: it is unreadable, and heals when it is pushed again.
 *
 * @returns what is wrong with blobs, by digest
 */
export async function restoreBlobs(
  context: RebuildContext,
  batch: Batch,
  manifests: readonly ManifestReading[],
  moved: MovedObjects,
): Promise<ReadonlyMap<Digest, string>> {
  const wanted = [...new Set(manifests.flatMap(({ document }) => blobsNamed(document)))]
  await batch.load(wanted.map(rowKeys.blob))
  const places = new Map<Digest, BlobRecord[]>()
  for (const record of manifests.flatMap(({ blobs }) => blobs)) {
    const place = moved.follow(record)
    const known = places.get(record.digest) ?? []
    if (!known.some((other) => sameObjects(other, place))) places.set(record.digest, [...known, place])
  }
  const live = (digest: Digest): Blob | undefined => {
    const row = batch.row(rowKeys.blob(digest))
    return row?.state === 'live' ? row : undefined
  }
  // A process that did not know yet that its index was deleted may have put a row: what the records name has to stay, not its objects.
  const isOther = (row: Blob, recorded: readonly BlobRecord[]): boolean => recorded.length > 0 && !recorded.some((place) => sameObjects(place, row))
  const missing = wanted.filter((digest) => {
    const row = live(digest)
    return row === undefined || isOther(row, places.get(digest) ?? [])
  })

  const troubles = new Map<Digest, string>()
  const find = async (digest: Digest): Promise<void> => {
    const candidates = places.get(digest) ?? []
    let trouble = 'no record says where its bytes are'
    for (const place of candidates) {
      const found = await troubleOf(context, place)
      if (found === undefined) {
        putBlob(context, batch, place, { state: 'live', moved })
        return
      }
      trouble = found.reason
    }
    if (live(digest)) return
    troubles.set(digest, trouble)
    const [first] = candidates
    // A row without objects would pass for the blob of zero bytes: without a row a push puts one.
    if (first && first.objects.length > 0) putBlob(context, batch, first, { state: 'corrupt', moved })
  }
  await pMap(missing, find, { concurrency: requestsAtOnce, signal: context.signal })
  return troubles
}

function putBlob(context: RebuildContext, batch: Batch, { digest, size, objects }: BlobRecord, { state, moved }: { readonly state: Blob['state']; readonly moved: MovedObjects }): void {
  const key = rowKeys.blob(digest)
  const chain = moved.of(digest)
  const blob: Blob = {
    // Links that are there already lead to it.
    incarnation: batch.row(key)?.incarnation ?? context.randomId(),
    size,
    objects,
    lease: freshLease(context),
    state,
    // Its bytes were not read.
    verified: 0,
    ...(chain.length > 0 && { moved: chain }),
  }
  // First, since a batch may be cut between two commits: who finds the blob takes these for there.
  for (const object of objects) if (ownObject.test(object.key)) batch.put(putRow(rowKeys.objectOwner(ownerOfObject(object.key)), { digest }))
  batch.put(putRow(key, blob), state === 'live' ? 'blobs' : undefined)
}

/** Why the objects of a blob are not whole, or cannot be known to be. */
export interface ObjectTrouble {
  readonly reason: string
  /** Storage fails at this one object, so that nothing is known of its bytes. */
  readonly isUnread?: true
}

/** What is wrong with the objects of a blob, if something is; their bytes are not read. */
export async function troubleOf(context: RebuildContext, { size, objects }: Omit<BlobRecord, 'digest'>): Promise<ObjectTrouble | undefined> {
  if (objects.length === 0 && size > 0) return { reason: 'no record says where its bytes are' }
  for (const object of objects) {
    const read = await readPatiently(context, () => context.driver.head(object.key, { signal: context.signal }))
    if ('reason' in read) return { reason: `${object.key} cannot be read: ${read.reason}`, isUnread: true }
    if (read.value === undefined) return { reason: `${object.key} is missing` }
    if (read.value.size !== object.size) return { reason: `${object.key} has ${read.value.size} bytes instead of ${object.size}` }
  }
  return undefined
}

/** Whether two lists name the same objects. No key is ever used twice, so that they have the same bytes then. */
export function sameObjects(one: Pick<BlobRecord, 'objects'>, other: Pick<BlobRecord, 'objects'>): boolean {
  return one.objects.length === other.objects.length && one.objects.every(({ key }, n) => key === other.objects[n]?.key)
}

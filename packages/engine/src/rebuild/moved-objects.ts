import type { Digest } from '@registry/core'
import { readObject } from '../body.js'
import { movedPlace } from '../keyspace.js'
import type { BlobRecord } from '../records.js'
import type { Moved } from '../rows.js'
import type { Batch } from './batch.js'
import { readPatiently } from './patient-read.js'
import type { RebuildContext } from './rebuild-context.js'
import { blobRecord, fieldsOf } from './record-shape.js'

/** Where the bytes of blobs went that were replaced. There are few, so that they are all held in memory. */
export interface MovedObjects {
  /** Where the bytes are today, from where a record says they were. */
  follow(record: BlobRecord): BlobRecord
  /** The records that lead there, oldest first. */
  of(digest: Digest): readonly Moved[]
}

/** Where all blobs are, whose objects were never replaced too. */
const folder = 'blobs/'

/** Finds the records of replaced objects. They lie among the objects, and have no list of their own. */
export async function findMovedObjects(context: RebuildContext, batch: Batch): Promise<MovedObjects> {
  const found = new Map<string, Moved & { readonly to: BlobRecord }>()
  for await (const { key } of context.driver.list({ prefix: folder, signal: context.signal })) {
    const place = movedPlace(key)
    if (!place) continue
    const to = await readMoved(context, key, place.version)
    if (typeof to === 'string') batch.report(key, to)
    else if ((found.get(place.from)?.version ?? 0) < place.version) found.set(place.from, { ...place, to })
  }

  return {
    follow(record: BlobRecord): BlobRecord {
      const seen = new Set<string>()
      for (let current = record; ; ) {
        const first = current.objects[0]?.key
        const next = first === undefined || seen.has(first) ? undefined : found.get(first)
        if (first === undefined || next?.to.digest !== record.digest) return current
        seen.add(first)
        current = next.to
      }
    },
    of: (digest) =>
      [...found.values()]
        .filter(({ to }) => to.digest === digest)
        .sort((a, b) => a.version - b.version)
        .map(({ from, version }) => ({ from, version })),
  }
}

/** @returns what is wrong, where something is */
export async function readMoved(context: RebuildContext, key: string, version: number): Promise<BlobRecord | string> {
  const read = await readPatiently(context, () => readObject(context.driver.open(key, { signal: context.signal })))
  if ('reason' in read) return `it cannot be read: ${read.reason}`
  const fields = fieldsOf(read.value)
  if (typeof fields === 'string') return fields
  const record = blobRecord(fields)
  return record && fields['version'] === version ? record : 'it does not say where the bytes of the blob went'
}

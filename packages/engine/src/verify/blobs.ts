import { type Digest, type EntryPage, parseDigest } from '@registry/core'
import { pMapIterable } from 'p-map'
import { idPrefixes, ownerOfObject, rowKeys } from '../keyspace.js'
import { ownObject, requestsAtOnce } from '../rebuild/restore-blobs.js'
import { putRow, readRow, readRows, scanRows } from '../row-store.js'
import type { Blob } from '../rows.js'
import { bytesTrouble } from './blob-bytes.js'
import { isAsJudged, markBlob, putOwners, unmarkBlob } from './change-blob.js'
import type { Trouble } from './finding.js'
import { movedTroubles } from './moved-records.js'
import type { VerifyContext } from './verify-context.js'

/** Blobs whose bytes are read at the same time: each keeps a few chunks in memory. */
const hashedAtOnce = 4

/** Damaged blobs that are remembered, each with some hundred bytes. */
const mostDamaged = 10_000

/** Partitions of which the first rows are read at the same time: most have few, and there are many. */
const partitionsAhead = 8
const firstRows = 100

/** What is wrong with blobs. */
export async function* blobTroubles(context: VerifyContext): AsyncGenerator<Trouble, void> {
  const look = async ({ sort, value }: BlobRow): Promise<readonly Trouble[]> => {
    context.count('blobs')
    return troublesOf(context, parseDigest(sort), value)
  }
  for await (const troubles of pMapIterable(rowsOf(context), look, { concurrency: context.deep ? hashedAtOnce : requestsAtOnce })) yield* troubles
}

interface BlobRow {
  readonly sort: string
  readonly value: Blob
}

async function* rowsOf({ index, reached, signal }: VerifyContext): AsyncGenerator<BlobRow, void> {
  const begin = (partition: string): Promise<EntryPage> => index.scan(partition, { limit: firstRows, signal })
  let done = 0
  for await (const { entries, more } of pMapIterable(idPrefixes.map(rowKeys.blobs), begin, { concurrency: partitionsAhead })) {
    reached(done++)
    for (const { key, value } of entries) yield { sort: key.sort, value: value as unknown as Blob }
    const last = entries.at(-1)?.key
    if (more && last) yield* scanRows<Blob>(index, last.partition, { after: last.sort, signal })
  }
}

async function troublesOf(context: VerifyContext, digest: Digest, blob: Blob): Promise<readonly Trouble[]> {
  const troubles = [
    ...(await (blob.state === 'corrupt' ? markedTroubles(context, digest, blob) : bytesTroubles(context, digest, blob))),
    ...(await ownerTroubles(context, digest, blob)),
    ...(await movedTroubles(context, digest, blob)),
  ]
  if (troubles.length === 0) return []
  // Objects are put before a row names them, and go after none does: of a row that still does, what was found is true.
  const row = await readRow(context.index, rowKeys.blob(digest))
  if (!row || !isAsJudged(row.value, blob)) return []
  if (troubles.some(({ finding: { kind } }) => kind === 'blob-damaged') && context.damaged.size < mostDamaged) context.damaged.set(digest, blob.objects[0]?.key)
  return troubles
}

async function bytesTroubles(context: VerifyContext, digest: Digest, blob: Blob): Promise<readonly Trouble[]> {
  const trouble = await bytesTrouble(context, digest, blob)
  if (trouble === undefined) return []
  const { reason, isUnread } = trouble
  if (isUnread) return [{ finding: { kind: 'blob-unreadable', digest, reason } }]
  // A push would take a marked row without objects for one that it need not replace.
  const mend = blob.objects.length > 0 ? () => markBlob(context, digest, blob) : undefined
  return [{ finding: { kind: 'blob-damaged', digest, reason }, mend }]
}

async function markedTroubles(context: VerifyContext, digest: Digest, blob: Blob): Promise<readonly Trouble[]> {
  const reason = 'it is marked as damaged, and reads as absent'
  if (!context.deep) return [{ finding: { kind: 'blob-corrupt', digest, reason } }]
  const trouble = await bytesTrouble(context, digest, blob)
  if (trouble) return [{ finding: { kind: 'blob-corrupt', digest, reason: `${reason}: ${trouble.reason}` } }]
  return [{ finding: { kind: 'blob-corrupt', digest, reason: `${reason}, though its bytes are right` }, mend: () => unmarkBlob(context, digest, blob) }]
}

/** Without the row that leads from its objects to a blob, a sweep would take them for left over. */
async function ownerTroubles(context: VerifyContext, digest: Digest, blob: Blob): Promise<readonly Trouble[]> {
  const ids = [...new Set(blob.objects.flatMap(({ key }) => (ownObject.test(key) ? [ownerOfObject(key)] : [])))]
  const owners = await readRows(context.index, ids.map(rowKeys.objectOwner))
  const missing = ids.filter((_, n) => owners[n]?.value.digest !== digest || owners[n].value.repository !== undefined)
  if (missing.length === 0) return []
  const changes = missing.map((id) => putRow(rowKeys.objectOwner(id), { digest }))
  const reason = `no row leads from its objects to it, ${missing.length} of ${ids.length}: a sweep would delete them`
  return [{ finding: { kind: 'row-missing', digest, reason }, mend: () => putOwners(context, digest, blob, changes) }]
}

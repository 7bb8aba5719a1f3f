import type { Change, Digest } from '@registry/core'
import type { Context } from '../context.js'
import { type RowKey, rowKeys } from '../keyspace.js'
import { freshLease } from '../leases.js'
import { sameObjects } from '../rebuild/restore-blobs.js'
import { retryConflicts } from '../retry.js'
import { checkRow, putRow, readRow, type Row } from '../row-store.js'
import type { Blob } from '../rows.js'
import type { Mending } from './finding.js'

/** Makes a blob read as absent, so that clients push it again, which heals it. */
export async function markBlob(context: Context, digest: Digest, judged: Blob): Promise<Mending> {
  // Without an object there is nothing that a push could replace.
  return changeBlob(context, digest, judged, (key, row) => [putRow(key, { ...row.value, state: 'corrupt' } satisfies Blob, row)], 'marked')
}

/** Takes the mark from a blob whose bytes were read and are right. */
export async function unmarkBlob(context: Context, digest: Digest, judged: Blob): Promise<Mending> {
  const live = { state: 'live', lease: freshLease(context), verified: context.now() } as const
  return changeBlob(context, digest, judged, (key, row) => [putRow(key, { ...row.value, ...live } satisfies Blob, row)])
}

/** Puts rows that lead to a blob. */
export async function putOwners(context: Context, digest: Digest, judged: Blob, owners: readonly Change[]): Promise<Mending> {
  return changeBlob(context, digest, judged, (key, row) => [checkRow(key, row), ...owners])
}

/** What was found of some bytes holds as long as the row names the same objects, whatever becomes of its lease. */
async function changeBlob(
  context: Context,
  digest: Digest,
  judged: Blob,
  changes: (key: RowKey<Blob>, row: Row<Blob>) => readonly Change[],
  outcome: Mending = 'repaired',
): Promise<Mending> {
  const key = rowKeys.blob(digest)
  return retryConflicts(context, `mending the blob ${digest}`, async () => {
    const row = await readRow(context.index, key)
    if (!row || !isAsJudged(row.value, judged)) return 'overtaken'
    await context.index.commit(changes(key, row))
    return outcome
  })
}

/** Whether what was found of a blob still is about its row. */
export function isAsJudged(blob: Blob, judged: Blob): boolean {
  return sameObjects(blob, judged) && blob.size === judged.size && (blob.state === 'corrupt') === (judged.state === 'corrupt')
}

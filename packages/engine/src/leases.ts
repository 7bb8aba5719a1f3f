import type { Change, Digest } from '@registry/core'
import type { Context } from './context.js'
import { rowKeys } from './keyspace.js'
import { checkRow, putRow, type Row } from './row-store.js'
import type { Blob } from './rows.js'

/** Until when a promise that is given now holds. */
export function freshLease({ now, policy }: Context): number {
  return now() + policy.leaseMilliseconds
}

/** Whether the blob can be promised to a client as it is: it is live, and less than half of its lease is over. */
export function isFresh({ now, policy }: Context, blob: Blob): boolean {
  return blob.state === 'live' && blob.lease - now() > policy.leaseMilliseconds / 2
}

/**
 * The change that makes a readable blob one that can be promised: a condemned row is rewritten, never only checked,
 * so that the collector's next commit on it fails.
 */
export function renewed(context: Context, digest: Digest, row: Row<Blob>): Change {
  const key = rowKeys.blob(digest)
  if (isFresh(context, row.value)) return checkRow(key, row)
  return putRow(key, { ...row.value, state: 'live', lease: freshLease(context) } satisfies Blob, row)
}

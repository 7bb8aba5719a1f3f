import { type Change, type Digest, RegistryError } from '@registry/core'
import type { Context } from './context.js'
import { rowKeys } from './keyspace.js'
import { isFresh, renewed } from './leases.js'
import { asReadable } from './readable-blob.js'
import { commitInBatches, putRow, readRows } from './row-store.js'

/**
 * Makes sure that a repository has all these blobs, and that each can be promised for a lease: rows that are condemned
 * or whose lease is running out, and links that a delete has marked, are rewritten at the revision read.
 *
 * @throws `MANIFEST_BLOB_UNKNOWN` with those that it does not have in `detail`
 * @throws `CONFLICT` where a row changed meanwhile
 */
export async function promiseBlobs(context: Context, repository: string, digests: readonly Digest[]): Promise<void> {
  const [blobs, links] = await Promise.all([
    readRows(context.index, digests.map(rowKeys.blob)),
    readRows(context.index, digests.map((digest) => rowKeys.link(repository, digest))),
  ])
  const missing: Digest[] = []
  const changes: Change[] = []
  for (const [n, digest] of digests.entries()) {
    const found = asReadable(blobs[n], links[n])
    if (!found) {
      missing.push(digest)
      continue
    }
    const { blob, link } = found
    if (!isFresh(context, blob.value)) changes.push(renewed(context, digest, blob))
    if (link.value.marked) changes.push(putRow(rowKeys.link(repository, digest), { incarnation: link.value.incarnation }, link))
  }
  if (missing.length > 0) {
    throw new RegistryError('MANIFEST_BLOB_UNKNOWN', `${repository} does not have ${missing.length} of the blobs that the manifest names; push them first`, {
      detail: missing.map((digest) => ({ digest })),
    })
  }
  await commitInBatches(context.index, changes)
}

import { type CallOptions, type Digest, RegistryError } from '@registry/core'
import type { Context } from './context.js'
import { rowKeys } from './keyspace.js'
import { readableBlob } from './readable-blob.js'
import { retryConflicts } from './retry.js'
import { deleteRow, putRow, type Row } from './row-store.js'
import type { Link } from './rows.js'
import { findValidEdge } from './valid-edges.js'

/**
 * Takes a blob from a repository. Its bytes stay for those who have it too, and go with the collector.
 *
 * The link is marked before anyone looks whether a manifest uses the blob: a push that looks at the link after that
 * rewrites it, and the mark that the delete expects is gone. A mark that somebody left serves as well.
 *
 * @throws `BLOB_UNKNOWN`
 * @throws `IN_USE` where a manifest of the repository names the blob, with the manifest in `detail`
 */
export async function deleteBlob(context: Context, repository: string, digest: Digest, options?: CallOptions): Promise<void> {
  const { index } = context
  const key = rowKeys.link(repository, digest)
  await retryConflicts(context, `deleting the blob ${digest} of ${repository}`, async () => {
    const found = await readableBlob(context, repository, digest, options)
    if (!found) throw new RegistryError('BLOB_UNKNOWN', `${repository} has no blob ${digest}`)
    const marked = found.link.value.marked ? found.link : await mark(context, repository, digest, found.link)
    const edge = await findValidEdge(context, digest, repository, options)
    if (edge === undefined) {
      // Behind the look for an edge: another index may lack it.
      await context.confirmIndex()
      await index.commit([deleteRow(key, marked)])
      context.hooks.tell('blob.deleted', { repository, digest })
      return
    }
    await index.commit([putRow(key, { incarnation: marked.value.incarnation }, marked)], { durable: false })
    throw new RegistryError('IN_USE', `the manifest ${edge.manifest} of ${repository} uses the blob ${digest}; delete the manifest first`, {
      detail: { digest, manifest: edge.manifest },
    })
  })
}

async function mark({ index }: Context, repository: string, digest: Digest, link: Row<Link>): Promise<Row<Link>> {
  const value: Link = { ...link.value, marked: true }
  const [revision] = await index.commit([putRow(rowKeys.link(repository, digest), value, link)], { durable: false })
  return { value, revision: revision! }
}

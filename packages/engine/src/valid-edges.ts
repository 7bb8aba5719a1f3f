import { type CallOptions, type Digest, parseDigest } from '@registry/core'
import type { Context } from './context.js'
import { rowKeys } from './keyspace.js'
import { readRows } from './row-store.js'
import { isLive } from './rows.js'

/** Why a blob is kept: a manifest that names it, or a push of one that is under way. */
export interface Edge {
  readonly repository: string
  readonly manifest: Digest
  readonly generation: string
}

/**
 * The first edge of a blob in a repository that is valid: its push row lives, or its manifest row has its generation.
 *
 * Push rows are read before manifest rows: a push commits the manifest and removes its push row at once, so that who
 * looks the other way round may see neither. A push row counts as long as it is there, expired or not.
 */
export async function findValidEdge(context: Context, digest: Digest, repository: string, options?: CallOptions): Promise<Edge | undefined> {
  const { index } = context
  const { partition, prefix } = rowKeys.usedIn(digest, repository)
  for (let after: string | undefined, more = true; more; ) {
    const page = await index.scan(partition, { ...options, prefix, after })
    const edges = page.entries.map(({ key }) => parseEdge(key.sort))
    const pushes = await readRows(index, edges.map(({ generation }) => rowKeys.push(generation)), options)
    const manifests = await readRows(index, edges.map((edge) => rowKeys.manifest(edge.repository, edge.manifest)), options)
    const valid = edges.find(({ generation }, n) => {
      const manifest = manifests[n]?.value
      return pushes[n] !== undefined || (manifest !== undefined && isLive(manifest) && manifest.generation === generation)
    })
    if (valid) return valid
    after = page.entries.at(-1)?.key.sort
    more = page.more
  }
  return undefined
}

function parseEdge(sort: string): Edge {
  const [repository, manifest, generation] = sort.split('@') as [string, string, string]
  return { repository, manifest: parseDigest(manifest), generation }
}

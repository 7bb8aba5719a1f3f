import { rowKeys } from '../keyspace.js'
import { checkRow, isLiveRow, putRow, readRow, readRows, type Row } from '../row-store.js'
import type { Tag } from '../rows.js'
import type { Trouble } from './finding.js'
import { putAgain } from './put-again.js'
import type { VerifyContext } from './verify-context.js'

/** What is wrong with where a tag leads. */
export async function tagTroubles(context: VerifyContext, repository: string, tag: string, row: Row<Tag>): Promise<readonly Trouble[]> {
  const { index } = context
  const { digest, generation } = row.value
  const reverse = rowKeys.taggedBy(repository, digest, tag)
  const [manifest, taggedBy] = await readRows(index, [rowKeys.manifest(repository, digest), reverse])
  const isThere = isLiveRow(manifest) && manifest.value.generation === generation
  if (isThere && taggedBy?.value.generation === generation) return []
  // Tags of a deleted manifest are buried by the sweep after it.
  if (!isThere && (await readRow(index, rowKeys.doomedManifest(repository, generation)))) return []
  const key = rowKeys.tag(repository, tag)
  const after = await readRow(index, key)
  if (after?.revision !== row.revision) return []
  if (!isThere) return [{ finding: { kind: 'tag-nowhere', repository, tag, digest, reason: 'it leads to a manifest that is not there, and reads as absent' } }]
  const finding = { kind: 'row-missing', repository, tag, digest, reason: 'no row leads from its manifest to it: it would stay when that is deleted' } as const
  return [{ finding, mend: () => putAgain(context, checkRow(key, after), [putRow(reverse, { generation })]) }]
}

import type { Digest } from '@registry/core'
import { rowKeys } from '../keyspace.js'
import { asReadable } from '../readable-blob.js'
import { readRows, type Row } from '../row-store.js'
import type { Blob, Link } from '../rows.js'
import type { Trouble } from './finding.js'
import type { VerifyContext } from './verify-context.js'

/** The blobs that a manifest names and that its repository cannot read. */
export async function missingBlobs(context: VerifyContext, repository: string, digest: Digest, named: readonly Digest[]): Promise<readonly Trouble[]> {
  const { index } = context
  const blobs = await readRows(index, named.map(rowKeys.blob))
  const links = await readRows(index, named.map((blob) => rowKeys.link(repository, blob)))
  return named.flatMap((blob, n) => {
    const reason = reasonOf(context, blob, blobs[n], links[n])
    return reason === undefined ? [] : [{ finding: { kind: 'manifest-incomplete', repository, digest, blob, reason } }]
  })
}

function reasonOf({ damaged }: VerifyContext, digest: Digest, blob: Row<Blob> | undefined, link: Row<Link> | undefined): string | undefined {
  if (blob === undefined) return `its blob ${digest} is gone`
  if (blob.value.state === 'corrupt') return `its blob ${digest} is marked as damaged`
  if (asReadable(blob, link) === undefined) return `its repository has no link to its blob ${digest}`
  return damaged.has(digest) && damaged.get(digest) === blob.value.objects[0]?.key ? `its blob ${digest} is damaged` : undefined
}

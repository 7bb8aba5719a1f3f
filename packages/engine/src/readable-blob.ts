import type { CallOptions, Digest } from '@registry/core'
import type { Context } from './context.js'
import { rowKeys } from './keyspace.js'
import { readRows, type Row } from './row-store.js'
import type { Blob, Link } from './rows.js'

/** The rows of a blob that a repository can read: one that it has a link to, of the blob row's incarnation. */
export interface ReadableBlob {
  readonly blob: Row<Blob>
  /** A delete may have marked it, and be looking around; until it is gone it counts. */
  readonly link: Row<Link>
}

/** `undefined` where the repository cannot read the blob, whoever else can. */
export async function readableBlob({ index }: Context, repository: string, digest: Digest, options?: CallOptions): Promise<ReadableBlob | undefined> {
  const [blob, link] = await readRows(index, [rowKeys.blob(digest), rowKeys.link(repository, digest)], options)
  return asReadable(blob, link)
}

/** The two rows together, where they make a blob readable. */
export function asReadable(blob: Row<Blob> | undefined, link: Row<Link> | undefined): ReadableBlob | undefined {
  if (!blob || !link || blob.value.state === 'corrupt' || link.value.incarnation !== blob.value.incarnation) return undefined
  return { blob, link }
}

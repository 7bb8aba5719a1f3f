import type { Change, Digest, Index, ScanOptions } from '@registry/core'
import type { Context } from './context.js'
import { rowKeys } from './keyspace.js'
import type { ManifestDocument } from './manifest-document.js'
import { putRow, type Row, scanRows } from './row-store.js'
import type { Manifest, Referrer, Tombstone } from './rows.js'

/** What a manifest brings into the index beside its own row, whether it is pushed or found again in storage. */
export interface ManifestFacts {
  readonly repository: string
  readonly digest: Digest
  readonly generation: string
  /** Bytes of its text. */
  readonly size: number
  readonly document: ManifestDocument
}

/** Each blob that it names, once. */
export function blobsNamed({ blobs }: ManifestDocument): readonly Digest[] {
  return [...new Set(blobs.map((blob) => blob.digest))]
}

/** What keeps its blobs. */
export function edgeChanges({ repository, digest, generation, document }: Omit<ManifestFacts, 'size'>): readonly Change[] {
  return blobsNamed(document).map((blob) => putRow(rowKeys.used(blob, repository, digest, generation), {}))
}

/** Its place among the referrers of its subject, if it has one. */
export function referrerChanges(context: Context, facts: ManifestFacts): readonly Change[] {
  const { subject } = facts.document
  return subject ? [putRow(rowKeys.referrer(facts.repository, subject.digest, facts.digest), referrer(context, facts))] : []
}

function referrer(context: Context, { digest, document, generation, size }: ManifestFacts): Referrer {
  const { mediaType, artifactType, annotations } = document
  const descriptor = { mediaType, digest, size, ...(artifactType !== undefined && { artifactType }) }
  if (annotations === undefined) return { generation, descriptor }
  const whole: Referrer = { generation, descriptor: { ...descriptor, annotations } }
  return Buffer.byteLength(JSON.stringify(whole)) <= rowBytes(context) ? whole : { generation, descriptor, annotationsLeftOut: true }
}

/** Whether a text fits in its row: as JSON, with a kilobyte for everything else in it. */
export function fitsInRow(context: Context, text: string): boolean {
  return Buffer.byteLength(JSON.stringify(text)) + 1024 <= rowBytes(context)
}

/** Bytes that a row may have so that it fits in a commit beside the others. */
function rowBytes({ index }: Context): number {
  const { valueBytes, commitBytes } = index.capabilities.limits
  return Math.min(valueBytes, commitBytes / 4)
}

/** Rows that are read at once: each may hold a text of some megabytes. */
const manifestsAtOnce = 16

/** Every manifest of a repository, and every tombstone of one, in the order of their digests. */
export function scanManifests(index: Index, repository: string, options: Pick<ScanOptions, 'after' | 'signal'> = {}): AsyncGenerator<Row<Manifest | Tombstone> & { readonly sort: string }, void> {
  return scanRows<Manifest | Tombstone>(index, rowKeys.manifests(repository), { ...options, limit: manifestsAtOnce })
}

import { type Change, type Digest, RegistryError, splitDigest } from '@registry/core'
import { digestOf } from '../digester.js'
import { ownerOfObject, rowKeys } from '../keyspace.js'
import { type ManifestDocument, parseManifest } from '../manifest-document.js'
import { blobsNamed, edgeChanges, referrerChanges } from '../manifest-rows.js'
import { readText } from '../manifest-text.js'
import { readPatiently } from '../rebuild/patient-read.js'
import { ownObject } from '../rebuild/restore-blobs.js'
import { checkRow, isLiveRow, putRow, readRow, readRows, type Row } from '../row-store.js'
import { isLive, type Manifest, type ObjectOwner, type Referrer, type Repository, type Tombstone } from '../rows.js'
import type { Trouble } from './finding.js'
import { missingBlobs } from './manifest-blobs.js'
import { putAgain } from './put-again.js'
import type { VerifyContext } from './verify-context.js'

/** A manifest that is there. */
export interface FoundManifest {
  readonly repository: string
  readonly digest: Digest
  readonly row: Row<Manifest>
  /** The row of its repository, as it was read before. */
  readonly repositoryRow: Row<Repository | Tombstone>
}

/** What is wrong with a manifest and what has to be there for it, but for its record. */
export async function manifestTroubles(context: VerifyContext, found: FoundManifest): Promise<readonly Trouble[]> {
  const { repository, digest, row } = found
  const document = await documentOf(context, digest, row.value)
  const troubles =
    typeof document === 'string'
      ? [{ finding: { kind: 'manifest-damaged', repository, digest, ...keyOf(row.value), reason: document } } satisfies Trouble]
      : [...(await rowTroubles(context, found, document)), ...(await missingBlobs(context, repository, digest, blobsNamed(document)))]
  if (!isLive(found.repositoryRow.value)) troubles.push(...(await repositoryTroubles(context, found)))
  if (troubles.length === 0) return []
  // What a manifest needs is there before it and goes after it: of one that still is there, what was found is true.
  const after = await readRow(context.index, rowKeys.manifest(repository, digest))
  return isLiveRow(after) && after.value.generation === row.value.generation ? troubles : []
}

function keyOf({ object }: Manifest): { readonly key?: string } {
  return object === undefined ? {} : { key: object }
}

/** @returns what is wrong, where something is */
async function documentOf(context: VerifyContext, digest: Digest, { text, object, mediaType }: Manifest): Promise<ManifestDocument | string> {
  let whole = text
  if (whole === undefined) {
    if (object === undefined) return 'its row has neither its text nor an object'
    const read = await readPatiently(context, () => readText(context.driver, object, digest, { signal: context.signal }))
    if ('reason' in read) return read.reason
    whole = read.value
  } else {
    const found = digestOf(splitDigest(digest).algorithm, Buffer.from(whole))
    if (found !== digest) return `the text in its row has the digest ${found}`
  }
  try {
    return parseManifest(mediaType, whole)
  } catch (error) {
    if (RegistryError.is(error, 'MANIFEST_INVALID')) return error.message
    throw error
  }
}

/** Rows that its push put beside its own: they keep its blobs, its text, and its place among the referrers of its subject. */
async function rowTroubles(context: VerifyContext, found: FoundManifest, document: ManifestDocument): Promise<readonly Trouble[]> {
  const { repository, digest, row } = found
  const { generation, size, object } = row.value
  const facts = { repository, digest, generation, size, document }
  const changes = [
    ...edgeChanges(facts),
    ...referrerChanges(context, facts),
    ...(object !== undefined && ownObject.test(object) ? [putRow(rowKeys.objectOwner(ownerOfObject(object)), { repository, digest })] : []),
  ]
  const there = await readRows(context.index, changes.map(({ key }) => key))
  const missing = changes.filter((change, n) => !isSaid(change, there[n]?.value as Partial<Referrer & ObjectOwner> | undefined))
  const [first] = missing
  if (!first) return []
  const reason = `${missing.length} of the rows that belong to it are missing, such as ${first.key.partition} ${first.key.sort}`
  return [{ finding: { kind: 'row-missing', repository, digest, reason }, mend: () => putAgain(context, checkRow(rowKeys.manifest(repository, digest), row), missing) }]
}

/** Whether a row is there, and is about this manifest. */
function isSaid(change: Change, there: Partial<Referrer & ObjectOwner> | undefined): boolean {
  if (there === undefined || change.op !== 'put') return false
  const wanted = change.value as Partial<Referrer & ObjectOwner>
  return there.generation === wanted.generation && there.digest === wanted.digest && there.repository === wanted.repository
}

/** Its push puts the repository, or expects it to be there. */
async function repositoryTroubles({ index }: VerifyContext, { repository, digest, repositoryRow }: FoundManifest): Promise<readonly Trouble[]> {
  const row = await readRow(index, rowKeys.repository(repository, index.capabilities.limits.spread))
  if (row && row.revision !== repositoryRow.revision) return []
  return [{ finding: { kind: 'repository-missing', repository, digest, reason: 'it is there, and its repository is deleted' } }]
}

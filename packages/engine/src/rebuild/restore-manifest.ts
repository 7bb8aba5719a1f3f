import type { Digest } from '@registry/core'
import { bodyOf } from '../body.js'
import { blobObjectKey, ownerOfObject, rowKeys } from '../keyspace.js'
import { blobsNamed, edgeChanges, fitsInRow, referrerChanges } from '../manifest-rows.js'
import { nextVersion } from '../next-version.js'
import { putRepository } from '../repository-row.js'
import { putRow } from '../row-store.js'
import { isLive, type Manifest } from '../rows.js'
import type { Batch } from './batch.js'
import { noteRecordsDue } from './due-records.js'
import type { ManifestReading } from './read-record.js'
import type { RebuildContext } from './rebuild-context.js'

/** Puts the rows of a manifest as its push did, with the record's generation and version. */
export async function restoreManifest(
  context: RebuildContext,
  batch: Batch,
  manifest: ManifestReading & { readonly group: { readonly key: string } },
  troubles: ReadonlyMap<Digest, string>,
): Promise<void> {
  const { row, generation, time, size, document, group } = manifest
  const { repository, digest, version } = row
  const place = await placeOfText(context, manifest)
  const restored: Manifest = {
    version,
    generation,
    mediaType: document.mediaType,
    size,
    ...(document.subject && { subject: document.subject.digest }),
    time,
    // There is no such note, since the record is there.
    due: context.randomId(),
    ...place,
  }
  batch.put(putRow(rowKeys.manifest(repository, digest), restored))
  batch.count('manifests')
  if ('object' in place) batch.put(putRow(rowKeys.objectOwner(ownerOfObject(place.object)), { repository, digest }))
  const facts = { repository, digest, generation, size, document }
  for (const change of [...edgeChanges(facts), ...referrerChanges(context, facts)]) batch.put(change)
  for (const blob of blobsNamed(document)) {
    const incarnation = batch.row(rowKeys.blob(blob))?.incarnation
    if (incarnation !== undefined) batch.put(putRow(rowKeys.link(repository, blob), { incarnation }))
    const trouble = troubles.get(blob)
    if (trouble !== undefined) batch.report(group.key, `the manifest is restored, but its blob ${blob} is not whole: ${trouble}`)
  }
  requireRepository(context, batch, repository, time)
}

/** A repository exists that has a manifest. Its own record comes later, and may be missing: the push of the manifest died before it. */
function requireRepository(context: RebuildContext, batch: Batch, repository: string, created: number): void {
  const found = batch.row(rowKeys.repository(repository, context.index.capabilities.limits.spread))
  if (found && isLive(found)) return
  const version = nextVersion(context, undefined)
  const due = noteRecordsDue(context, batch, [{ kind: 'repository', repository, version, isFirst: true }])
  batch.put(putRepository(context, repository, { version, created, due }), 'repositories')
}

/** A text that fitted in a row of the index before need not fit in one of this. */
async function placeOfText(context: RebuildContext, { place, generation }: ManifestReading): Promise<ManifestReading['place']> {
  if ('object' in place || fitsInRow(context, place.text)) return place
  const object = blobObjectKey(generation, 0, context.randomId().slice(0, 8))
  const bytes = Buffer.from(place.text)
  await context.driver.put(object, bodyOf(bytes), { size: bytes.byteLength, signal: context.signal })
  return { object }
}

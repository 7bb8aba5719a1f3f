import { type Digest, parseDigest } from '@registry/core'
import { pMapIterable } from 'p-map'
import { rowKeys } from '../keyspace.js'
import { scanManifests } from '../manifest-rows.js'
import { requestsAtOnce } from '../rebuild/restore-blobs.js'
import { isLiveRow, type Row, scanRows } from '../row-store.js'
import { isLive, type Manifest, type Repository, type Tag, type Tombstone } from '../rows.js'
import type { Trouble } from './finding.js'
import { manifestTroubles } from './manifests.js'
import { recordTroubles } from './records.js'
import { tagTroubles } from './tags.js'
import type { VerifyContext } from './verify-context.js'

/** A row that has a record. */
type Found =
  | { readonly kind: 'repository'; readonly repository: string; readonly row: Row<Repository | Tombstone> }
  | { readonly kind: 'manifest'; readonly repository: string; readonly digest: Digest; readonly row: Row<Manifest | Tombstone>; readonly of: Row<Repository | Tombstone> }
  | { readonly kind: 'tag'; readonly repository: string; readonly tag: string; readonly row: Row<Tag | Tombstone> }

/** What is wrong with the repositories of one partition, their manifests and tags, and the records of all of these. */
export async function* repositoryTroubles(context: VerifyContext, partition: string): AsyncGenerator<Trouble, void> {
  const look = (found: Found): Promise<readonly Trouble[]> => troublesOf(context, found)
  for await (const troubles of pMapIterable(rowsOf(context, partition), look, { concurrency: requestsAtOnce })) yield* troubles
}

async function* rowsOf({ index, signal }: VerifyContext, partition: string): AsyncGenerator<Found, void> {
  for await (const of of scanRows<Repository | Tombstone>(index, partition, { signal })) {
    const repository = of.sort
    yield { kind: 'repository', repository, row: of }
    for await (const row of scanManifests(index, repository, { signal })) {
      yield { kind: 'manifest', repository, digest: parseDigest(row.sort), row, of }
    }
    for await (const row of scanRows<Tag | Tombstone>(index, rowKeys.tags(repository), { signal })) yield { kind: 'tag', repository, tag: row.sort, row }
  }
}

async function troublesOf(context: VerifyContext, found: Found): Promise<readonly Trouble[]> {
  context.signal.throwIfAborted()
  const { repository, row } = found
  const { version } = row.value
  switch (found.kind) {
    case 'repository':
      if (isLive(row.value)) context.count('repositories')
      return recordTroubles(context, { kind: 'repository', repository, version }, row.value)
    case 'manifest': {
      const { digest, of } = found
      const record = { kind: 'manifest', repository, digest, version } as const
      if (!isLiveRow(found.row)) return recordTroubles(context, record, row.value)
      context.count('manifests')
      const troubles = await manifestTroubles(context, { repository, digest, row: found.row, repositoryRow: of })
      // The record is made of the text.
      return troubles.some(({ finding }) => finding.kind === 'manifest-damaged') ? troubles : [...troubles, ...(await recordTroubles(context, record, row.value))]
    }
    case 'tag': {
      const { tag } = found
      const troubles = isLiveRow(found.row) ? await tagTroubles(context, repository, tag, found.row) : []
      if (isLiveRow(found.row)) context.count('tags')
      return [...troubles, ...(await recordTroubles(context, { kind: 'tag', repository, tag, version }, row.value))]
    }
  }
}

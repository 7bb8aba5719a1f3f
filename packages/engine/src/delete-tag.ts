import { type CallOptions, RegistryError } from '@registry/core'
import type { Context } from './context.js'
import { ensureRecorded } from './due.js'
import { rowKeys } from './keyspace.js'
import { commitRecorded, type RecordedChanges } from './recorded-commit.js'
import { requireRepository } from './require-repository.js'
import { deleteRow, isLiveRow, putRow, readRow, type Row } from './row-store.js'
import { isLive, type Manifest, type Tag, type Tombstone } from './rows.js'
import { tombstoneOf } from './tombstone.js'

/** @throws `MANIFEST_UNKNOWN`, `NAME_UNKNOWN` */
export async function deleteTag(context: Context, repository: string, tag: string, options?: CallOptions): Promise<void> {
  await commitRecorded(
    context,
    `deleting the tag ${tag} of ${repository}`,
    async (due) => {
      const row = await readRow(context.index, rowKeys.tag(repository, tag), options)
      if (isLiveRow(row)) {
        const manifest = (await readRow(context.index, rowKeys.manifest(repository, row.value.digest), options))?.value
        if (leadsTo(row.value, manifest)) return tagBurial(context, repository, tag, row, due)
        await ensureRecorded(context, manifest)
      }
      await ensureRecorded(context, row?.value)
      await requireRepository(context, repository, options)
      throw new RegistryError('MANIFEST_UNKNOWN', `${repository} has no tag ${tag}`)
    },
    options,
  )
}

/** What makes a tombstone of a tag as it was read. */
export function tagBurial(context: Context, repository: string, tag: string, row: Row<Tag>, due: string): RecordedChanges {
  const tombstone = tombstoneOf(context, row, due)
  return {
    changes: [putRow(rowKeys.tag(repository, tag), tombstone, row), deleteRow(rowKeys.taggedBy(repository, row.value.digest, tag))],
    records: [{ kind: 'tag', repository, tag, version: tombstone.version }],
    events: [{ name: 'tag.deleted', event: { repository, tag, digest: row.value.digest } }],
  }
}

/** A tag of a manifest that was deleted reads as absent, swept or not. */
function leadsTo({ generation }: Tag, manifest: Manifest | Tombstone | undefined): boolean {
  return manifest !== undefined && isLive(manifest) && manifest.generation === generation
}

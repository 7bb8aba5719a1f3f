import { type CallOptions, type Digest, RegistryError } from '@registry/core'
import type { Context } from './context.js'
import { ensureRecorded } from './due.js'
import { rowKeys } from './keyspace.js'
import { commitRecorded } from './recorded-commit.js'
import { requireRepository } from './require-repository.js'
import { isLiveRow, putRow, readRow } from './row-store.js'
import type { Doomed } from './rows.js'
import { tombstoneOf } from './tombstone.js'

/**
 * Deletes a manifest, and with it every tag of its generation: from this one commit on they read as absent. Their rows,
 * and whatever else leads to it, are left to `sweepManifest`.
 *
 * @returns the generation that is to be swept
 * @throws `MANIFEST_UNKNOWN`, `NAME_UNKNOWN`
 */
export async function deleteManifest(context: Context, repository: string, digest: Digest, options?: CallOptions): Promise<string> {
  let generation = ''
  await commitRecorded(
    context,
    `deleting the manifest ${digest} of ${repository}`,
    async (due) => {
      const key = rowKeys.manifest(repository, digest)
      const row = await readRow(context.index, key, options)
      if (!isLiveRow(row)) {
        await ensureRecorded(context, row?.value)
        await requireRepository(context, repository, options)
        throw new RegistryError('MANIFEST_UNKNOWN', `${repository} has no manifest ${digest}`)
      }
      generation = row.value.generation
      const tombstone = tombstoneOf(context, row, due)
      return {
        changes: [
          putRow(key, tombstone, row),
          putRow(rowKeys.doomedManifest(repository, generation), { ...row.value, digest } satisfies Doomed, 'absent'),
          putRow(rowKeys.sweep(generation), { repository, time: context.now() }, 'absent'),
        ],
        records: [{ kind: 'manifest', repository, digest, version: tombstone.version }],
        events: [{ name: 'manifest.deleted', event: { repository, digest } }],
      }
    },
    options,
  )
  return generation
}

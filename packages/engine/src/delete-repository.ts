import { type CallOptions, type Digest, type ErrorCode, parseDigest, RegistryError } from '@registry/core'
import pMap from 'p-map'
import type { Context } from './context.js'
import { deleteBlob } from './delete-blob.js'
import { deleteManifest } from './delete-manifest.js'
import { ensureRecorded } from './due.js'
import { rowKeys } from './keyspace.js'
import { scanManifests } from './manifest-rows.js'
import { commitRecorded } from './recorded-commit.js'
import { putRepository } from './repository-row.js'
import { isLiveRow, putRow, readRow, type Row, scanRows } from './row-store.js'
import { isLive, type Repository } from './rows.js'
import { sweepManifest } from './sweep-manifest.js'
import { tombstoneOf } from './tombstone.js'

/** What the delete of a repository took with it. */
export interface DeletedContents {
  /** How many this delete took. What somebody else deleted meanwhile is not among them. */
  readonly manifests: number
  /** How many this delete took from the repository. Others that have them keep them. */
  readonly blobs: number
}

/** How a repository is deleted. */
export interface DeleteRepositoryOptions extends CallOptions {
  /** Is told of what is gone so far. */
  readonly onProgress?: ((deleted: DeletedContents) => void) | undefined
}

const concurrency = 8

/**
 * Deletes a repository with all that it holds. A push in between takes the mark from its row, which the last commit
 * expects: the delete then begins again.
 *
 * @throws `NAME_UNKNOWN`
 */
export async function deleteRepository(context: Context, repository: string, options: DeleteRepositoryOptions = {}): Promise<DeletedContents> {
  const { onProgress, signal } = options
  const deleted = { manifests: 0, blobs: 0 }
  const count = (what: keyof DeletedContents): void => {
    deleted[what]++
    onProgress?.({ ...deleted })
  }
  const removeManifest = async (digest: Digest): Promise<void> => {
    const generation = await deleteManifest(context, repository, digest, { signal })
    await sweepManifest(context, repository, generation)
    count('manifests')
  }
  const removeBlob = async (digest: Digest): Promise<void> => {
    await deleteBlob(context, repository, digest, { signal })
    count('blobs')
  }
  const plan = async (due: string) => {
    const key = rowKeys.repository(repository, context.index.capabilities.limits.spread)
    const row = await readRow(context.index, key, { signal })
    if (!isLiveRow(row)) {
      await ensureRecorded(context, row?.value)
      throw new RegistryError('NAME_UNKNOWN', `there is no repository ${repository}`)
    }
    const marked = row.value.marked ? row : await mark(context, repository, row)
    const removeOrRely = async ({ digest, isDead }: FoundManifest): Promise<void> => {
      if (!isDead) await unless(removeManifest(digest), 'MANIFEST_UNKNOWN')
      const manifest = await readRow(context.index, rowKeys.manifest(repository, digest), { signal })
      await ensureRecorded(context, manifest?.value)
    }
    await pMap(allManifests(context, repository), removeOrRely, { concurrency })
    // A blob that a push under way uses stays, for that push or as a blob without a manifest.
    await pMap(linkedBlobs(context, repository), (digest) => unless(removeBlob(digest), 'BLOB_UNKNOWN', 'IN_USE'), { concurrency })
    const tombstone = tombstoneOf(context, marked, due)
    return {
      changes: [putRow(key, tombstone, marked)],
      records: [{ kind: 'repository', repository, version: tombstone.version } as const],
      events: [{ name: 'repository.deleted', event: { repository } } as const],
    }
  }
  await commitRecorded(context, `deleting the repository ${repository}`, plan, { signal })
  return deleted
}

async function mark({ index }: Context, repository: string, row: Row<Repository>): Promise<Row<Repository>> {
  const value: Repository = { ...row.value, marked: true }
  const [revision] = await index.commit([putRepository({ index }, repository, value, row)])
  return { value, revision: revision! }
}

interface FoundManifest {
  readonly digest: Digest
  readonly isDead: boolean
}

async function* allManifests({ index }: Context, repository: string): AsyncGenerator<FoundManifest, void> {
  for await (const { sort, value } of scanManifests(index, repository)) {
    yield { digest: parseDigest(sort), isDead: !isLive(value) }
  }
}

async function* linkedBlobs({ index }: Context, repository: string): AsyncGenerator<Digest, void> {
  for await (const { sort } of scanRows(index, rowKeys.links(repository))) yield parseDigest(sort)
}

/** Somebody else was faster, or has a reason: that is no failure here. */
async function unless(work: Promise<void>, ...codes: readonly ErrorCode[]): Promise<void> {
  try {
    await work
  } catch (error) {
    if (!RegistryError.is(error, ...codes)) throw error
  }
}

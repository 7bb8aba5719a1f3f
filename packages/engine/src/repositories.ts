import type { CallOptions } from '@registry/core'
import type { Context } from './context.js'
import { type DeletedContents, deleteRepository, type DeleteRepositoryOptions } from './delete-repository.js'
import { rowKeys } from './keyspace.js'
import { isLive, type Repository, type Tombstone } from './rows.js'

export interface ListRepositoriesOptions extends CallOptions {
  /** How many at most, from 0 on. */
  readonly limit: number
  /** Only names strictly behind this one. It need not exist. */
  readonly after?: string | undefined
}

export interface RepositoryPage {
  readonly repositories: readonly string[]
  /** Whether there are repositories behind the last. */
  readonly more: boolean
}

/** Repositories: what manifests, tags and blobs belong to. One exists from its first manifest on until it is deleted. */
export interface Repositories {
  /** Names in byte order. */
  list(options: ListRepositoriesOptions): Promise<RepositoryPage>

  /**
   * Deletes the repository with its manifests, tags and blobs.
   *
   * @returns what it took with it
   * @throws `NAME_UNKNOWN`
   */
  delete(repository: string, options?: DeleteRepositoryOptions): Promise<DeletedContents>
}

const pageSize = 1000

export function repositoriesOf(context: Context): Repositories {
  const { index } = context

  /** Up to `limit` live names of one partition. */
  const namesIn = async (partition: string, { limit, after, signal }: ListRepositoriesOptions): Promise<readonly string[]> => {
    const names: string[] = []
    for (let cursor = after, more = true; more && names.length < limit; ) {
      const page = await index.scan(partition, { after: cursor, limit: Math.min(limit - names.length, pageSize), signal })
      for (const { key, value } of page.entries) if (isLive(value as unknown as Repository | Tombstone)) names.push(key.sort)
      cursor = page.entries.at(-1)?.key.sort
      more = page.more
    }
    return names
  }

  return {
    async list({ limit, after, signal }: ListRepositoriesOptions): Promise<RepositoryPage> {
      if (limit === 0) return { repositories: [], more: false }
      const partitions = rowKeys.repositories(index.capabilities.limits.spread)
      // Each partition may hold all of the page, and the one name more that tells whether there is another.
      const found = await Promise.all(partitions.map((partition) => namesIn(partition, { limit: limit + 1, after, signal })))
      // Names are ASCII, so that the order of code units is that of bytes.
      const names = found.flat().sort((a, b) => (a < b ? -1 : 1))
      return { repositories: names.slice(0, limit), more: names.length > limit }
    },

    delete: (repository: string, options?: DeleteRepositoryOptions) => deleteRepository(context, repository, options),
  }
}

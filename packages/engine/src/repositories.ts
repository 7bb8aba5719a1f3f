import type { CallOptions } from '@registry/core'
import type { Context } from './context.js'
import { type DeletedContents, deleteRepository, type DeleteRepositoryOptions } from './delete-repository.js'
import { describeRepository } from './descriptions/describe-repository.js'
import { rowKeys } from './keyspace.js'
import { descriptionOf } from './repository-row.js'
import { requireRepository } from './require-repository.js'
import { isLive, type Repository, type Tombstone } from './rows.js'
import { searchRepositories } from './search/search-repositories.js'

/** Which page of the repositories is wanted. */
export interface ListRepositoriesOptions extends CallOptions {
  /** How many at most, from 0 on. */
  readonly limit: number
  /** Only names strictly behind this one. It need not exist. */
  readonly after?: string | undefined
}

/** A page of the names of all repositories. */
export interface RepositoryPage {
  /** In byte order, at most as many as the `limit`. */
  readonly repositories: readonly string[]
  /** Whether there are repositories behind the last. */
  readonly more: boolean
}

/** Which of the repositories that are found are wanted. */
export interface SearchRepositoriesOptions extends CallOptions {
  /** How many at most, from 0 on. */
  readonly limit: number
  /** How many of the best to leave out: the pages before. Default 0. */
  readonly skip?: number | undefined
}

/** A repository, as a search finds it. */
export interface FoundRepository {
  /** Whole, such as `library/alpine`. */
  readonly name: string
  /** Plain text; `undefined` where nothing describes it. */
  readonly description: string | undefined
}

/** What a search found. */
export interface FoundRepositories {
  /** The best first. */
  readonly repositories: readonly FoundRepository[]
  /** How many are known to match. */
  readonly found: number
  /** Whether there may be matches beside those that are known. */
  readonly more: boolean
}

/** Repositories: what manifests, tags and blobs belong to. One exists from its first manifest on until it is deleted. */
export interface Repositories {
  /** Names in byte order. */
  list(options: ListRepositoriesOptions): Promise<RepositoryPage>

  /**
   * Repositories that have every term in name or description: first the one of this name, then those whose names begin
   * with it, those that have it in their names, those that have it in their descriptions; each of these by name.
   * No term: all repositories.
   *
   * @throws `DISABLED` where the policy has search off, `UNSUPPORTED` where the index does not search
   */
  search(text: string, options: SearchRepositoriesOptions): Promise<FoundRepositories>

  /** @throws `NAME_UNKNOWN` */
  get(repository: string, options?: CallOptions): Promise<FoundRepository>

  /**
   * Describes the repository in plain text, of which a bounded beginning is kept, in place of what its newest tagged manifest says of itself.
   *
   * @param description - `undefined`: from now on the manifests describe it again
   * @throws `NAME_UNKNOWN`; `DESCRIPTION_INVALID` where it has no character that can be seen
   */
  describe(repository: string, description: string | undefined, options?: CallOptions): Promise<void>

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

    search: (text: string, options: SearchRepositoriesOptions) => searchRepositories(context, text, options),

    async get(repository: string, options?: CallOptions): Promise<FoundRepository> {
      return { name: repository, description: descriptionOf(await requireRepository(context, repository, options)) }
    },

    describe: (repository: string, description: string | undefined, options?: CallOptions) => describeRepository(context, repository, description, options),

    delete: (repository: string, options?: DeleteRepositoryOptions) => deleteRepository(context, repository, options),
  }
}

import type { CallOptions } from '@registry/core'
import type { Context } from './context.js'
import { deleteTag } from './delete-tag.js'
import { readTraces } from './doomed.js'
import { rowKeys } from './keyspace.js'
import { requireRepository } from './require-repository.js'
import { isLive, type Tag, type Tombstone } from './rows.js'

/** Which page of the tags of a repository is wanted. */
export interface ListTagsOptions extends CallOptions {
  /** How many at most, from 0 on. */
  readonly limit: number
  /** Only tags strictly behind this one. It need not exist. */
  readonly after?: string | undefined
}

/** A page of the tags of a repository. */
export interface TagPage {
  /** In byte order, at most as many as the `limit`. */
  readonly tags: readonly string[]
  /** Whether there are tags behind the last. */
  readonly more: boolean
}

/** Tags: the names of manifests. */
export interface Tags {
  /**
   * Tags in byte order.
   *
   * @throws `NAME_UNKNOWN`
   * @see distribution-spec, "Listing Tags"
   */
  list(repository: string, options: ListTagsOptions): Promise<TagPage>

  /**
   * Deletes the tag; the manifest stays.
   *
   * @throws `MANIFEST_UNKNOWN`, `NAME_UNKNOWN`
   */
  delete(repository: string, tag: string, options?: CallOptions): Promise<void>
}

const pageSize = 1000

export function tagsOf(context: Context): Tags {
  const { index } = context

  return {
    async list(repository: string, { limit, after, signal }: ListTagsOptions): Promise<TagPage> {
      await requireRepository(context, repository, { signal })
      const tags: string[] = []
      if (limit === 0) return { tags, more: false }
      for (let cursor = after, more = true; more; ) {
        const scan = { after: cursor, limit: Math.min(limit - tags.length + 1, pageSize), signal }
        const { page, dead } = await readTraces(context, repository, () => index.scan(rowKeys.tags(repository), scan), { signal })
        for (const { key, value } of page.entries) {
          const row = value as unknown as Tag | Tombstone
          if (!isLive(row) || dead.has(row.generation)) continue
          if (tags.length === limit) return { tags, more: true }
          tags.push(key.sort)
        }
        cursor = page.entries.at(-1)?.key.sort
        more = page.more
      }
      return { tags, more: false }
    },

    delete: (repository: string, tag: string, options?: CallOptions) => deleteTag(context, repository, tag, options),
  }
}

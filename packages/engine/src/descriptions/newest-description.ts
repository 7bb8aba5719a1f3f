import type { CallOptions } from '@registry/core'
import type { Context } from '../context.js'
import { rowKeys } from '../keyspace.js'
import { scanRows } from '../row-store.js'
import { type DerivedDescription, isLive, type Tag, type Tombstone } from '../rows.js'
import { tagDescriptions } from './tag-descriptions.js'

/** How many tags are looked at: those before them are not what describes a repository today. */
const tagsAtMost = 1000

/** The description of the newest tagged manifest that says anything of itself. */
export async function newestDescription(context: Context, repository: string, options?: CallOptions): Promise<DerivedDescription | undefined> {
  const textOf = tagDescriptions(context, repository, options)
  for (const { tag, row } of await newestTags(context, repository, options)) {
    const text = await textOf(row)
    if (text !== undefined) return { text, tag }
  }
  return undefined
}

interface FoundTag {
  readonly tag: string
  readonly row: Tag
}

/** The newest tags, from the newest on; of two of the same time the one that is behind by name. */
async function newestTags({ index }: Context, repository: string, options?: CallOptions): Promise<readonly FoundTag[]> {
  let newest: FoundTag[] = []
  const keepNewest = (): void => {
    newest = newest.sort((a, b) => b.row.time - a.row.time || (a.tag < b.tag ? 1 : -1)).slice(0, tagsAtMost)
  }
  for await (const { sort, value } of scanRows<Tag | Tombstone>(index, rowKeys.tags(repository), options)) {
    if (!isLive(value)) continue
    newest.push({ tag: sort, row: value })
    if (newest.length === 2 * tagsAtMost) keepNewest()
  }
  keepNewest()
  return newest
}

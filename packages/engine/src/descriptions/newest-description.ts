import type { CallOptions } from '@registry/core'
import type { Context } from '../context.js'
import { rowKeys } from '../keyspace.js'
import { type Row, scanRows } from '../row-store.js'
import { type DerivedDescription, isLive, type Tag, type Tombstone } from '../rows.js'
import { tagDescription } from './tag-description.js'

/** How many tags are looked at: those before them are not what describes a repository today. */
const tagsAtMost = 1000

/** The description of the newest tagged manifest that says anything of itself. */
export async function newestDescription(context: Context, repository: string, options?: CallOptions): Promise<DerivedDescription | undefined> {
  const silent = new Set<string>()
  for (const { tag, row } of await newestTags(context, repository, options)) {
    // A manifest that was deleted and pushed again is another one.
    const { generation } = row.value
    if (silent.has(generation)) continue
    const text = await tagDescription(context, repository, row, options)
    if (text !== undefined) return { text, tag }
    silent.add(generation)
  }
  return undefined
}

interface FoundTag {
  readonly tag: string
  readonly row: Row<Tag>
}

/** The newest tags, from the newest on; of two of the same time the one that is behind by name. */
async function newestTags({ index }: Context, repository: string, options?: CallOptions): Promise<readonly FoundTag[]> {
  let newest: FoundTag[] = []
  const keepNewest = (): void => {
    newest = newest.sort((a, b) => b.row.value.time - a.row.value.time || (a.tag < b.tag ? 1 : -1)).slice(0, tagsAtMost)
  }
  for await (const { sort, value, revision } of scanRows<Tag | Tombstone>(index, rowKeys.tags(repository), options)) {
    if (!isLive(value)) continue
    newest.push({ tag: sort, row: { value, revision } })
    if (newest.length === 2 * tagsAtMost) keepNewest()
  }
  keepNewest()
  return newest
}

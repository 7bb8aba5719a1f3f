import type { CallOptions } from '@registry/core'
import type { Context } from '../context.js'
import { rowKeys } from '../keyspace.js'
import { isLiveRow, readRow } from '../row-store.js'
import type { Tag } from '../rows.js'
import { manifestDescription } from './manifest-description.js'

/** What a tag's manifest says of itself; `undefined` where it says nothing, or was deleted. A manifest is read once, however many tags lead to it. */
export function tagDescriptions(context: Context, repository: string, options?: CallOptions): (tag: Tag) => Promise<string | undefined> {
  const read = async ({ digest, generation }: Tag): Promise<string | undefined> => {
    const manifest = await readRow(context.index, rowKeys.manifest(repository, digest), options)
    if (!isLiveRow(manifest) || manifest.value.generation !== generation) return undefined
    return manifestDescription(context, repository, digest, manifest.value, options)
  }
  // A manifest that was deleted and pushed again is another one.
  const byGeneration = new Map<string, string | undefined>()
  return async (tag) => {
    if (!byGeneration.has(tag.generation)) byGeneration.set(tag.generation, await read(tag))
    return byGeneration.get(tag.generation)
  }
}

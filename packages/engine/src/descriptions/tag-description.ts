import type { CallOptions } from '@registry/core'
import type { Context } from '../context.js'
import { rowKeys } from '../keyspace.js'
import { isLiveRow, readRow, type Row } from '../row-store.js'
import type { Tag } from '../rows.js'
import { manifestDescription } from './manifest-description.js'

/** What a tag's manifest says of itself; `undefined` where it says nothing, or was deleted. */
export async function tagDescription(context: Context, repository: string, { value: { digest, generation } }: Row<Tag>, options?: CallOptions): Promise<string | undefined> {
  const manifest = await readRow(context.index, rowKeys.manifest(repository, digest), options)
  if (!isLiveRow(manifest) || manifest.value.generation !== generation) return undefined
  return manifestDescription(context, repository, digest, manifest.value, options)
}

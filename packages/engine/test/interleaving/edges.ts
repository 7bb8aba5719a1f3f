import { type Digest, parseDigest, RegistryError } from '@registry/core'
import type { Context } from '../../src/context.js'
import { rowKeys } from '../../src/keyspace.js'
import { deleteRow, readRow, scanRows } from '../../src/row-store.js'
import { isLive } from '../../src/rows.js'
import type { CollectorRules } from './collector.js'

/**
 * Whether an edge keeps the blob, in whatever repository. Edges that count no more are swept on the way, and pushes that
 * expired are ended first: one that lives on after all fails its last commit.
 */
export async function isKept(context: Context, digest: Digest, rules: CollectorRules): Promise<boolean> {
  for await (const { sort } of scanRows(context.index, `used/${digest}`)) {
    const [repository, manifest, generation] = sort.split('@') as [string, string, string]
    const looks = [() => isPushed(context, generation), () => isManifest(context, repository, parseDigest(manifest), generation)]
    if (rules.looksAtManifestFirst) looks.reverse()
    if ((await looks[0]!()) || (await looks[1]!())) return true
    await context.index.commit([deleteRow(rowKeys.used(digest, repository, parseDigest(manifest), generation))], { durable: false })
  }
  return false
}

async function isPushed({ index, now }: Context, generation: string): Promise<boolean> {
  const key = rowKeys.push(generation)
  const push = await readRow(index, key)
  if (push === undefined || push.value.expires > now()) return push !== undefined
  try {
    await index.commit([deleteRow(key, push)])
    return false
  } catch (error) {
    if (!RegistryError.is(error, 'CONFLICT')) throw error
    // It was committed or taken back: the manifest tells.
    return false
  }
}

async function isManifest({ index }: Context, repository: string, digest: Digest, generation: string): Promise<boolean> {
  const manifest = (await readRow(index, rowKeys.manifest(repository, digest)))?.value
  return manifest !== undefined && isLive(manifest) && manifest.generation === generation
}

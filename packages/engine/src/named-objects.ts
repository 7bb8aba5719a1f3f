import type { Context } from './context.js'
import { ownerOfObject, rowKeys } from './keyspace.js'
import { readRows } from './row-store.js'

/**
 * Which of these objects no row names.
 *
 * Rows are read in the order in which an object goes from one to the next, since a read of several is no snapshot: from
 * its session or push to the row that says what consists of it, from there to a blob or a manifest, and from a manifest
 * to what is left of it while it is swept.
 */
export async function unnamedObjects({ index }: Context, keys: readonly string[]): Promise<readonly string[]> {
  const owners = [...new Set(keys.map(ownerOfObject))]
  const uploads = await readRows(index, owners.map(rowKeys.upload))
  const pushes = await readRows(index, owners.map(rowKeys.push))
  const wholes = (await readRows(index, owners.map(rowKeys.objectOwner))).flatMap((row, n) => (row ? [{ generation: owners[n]!, ...row.value }] : []))
  const blobs = await readRows(index, wholes.map(({ digest }) => rowKeys.blob(digest)))
  const texts = wholes.flatMap(({ repository, digest, generation }) => (repository === undefined ? [] : [{ repository, digest, generation }]))
  const manifests = await readRows(index, texts.map(({ repository, digest }) => rowKeys.manifest(repository, digest)))
  const doomed = await readRows(index, texts.map(({ repository, generation }) => rowKeys.doomedManifest(repository, generation)))
  const named = new Set<string | undefined>([
    ...[...uploads, ...blobs].flatMap((row) => row?.value.objects.map(({ key }) => key) ?? []),
    ...[...pushes, ...doomed].map((row) => row?.value.object),
    ...manifests.map((row) => (row && 'object' in row.value ? row.value.object : undefined)),
  ])
  return keys.filter((key) => !named.has(key))
}

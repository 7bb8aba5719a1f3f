import type { Context } from '../context.js'
import { blobObjectFolder, ownerOfObject, rowKeys } from '../keyspace.js'
import { unnamedObjects } from '../named-objects.js'
import { ownObject } from '../rebuild/restore-blobs.js'
import { readRow, readRows } from '../row-store.js'
import { noteTrash } from '../trash.js'
import { isIndexWhole, type MayDelete } from './whole-index.js'

const batchSize = 100

/**
 * Deletes the objects that nothing names and nobody can name any more: their process died between the put and the commit.
 * After a rebuild that left something out none is deleted: what the index does not know may yet be mended.
 *
 * @returns how many
 */
export async function deleteUnnamedObjects(context: Context, idPrefix: string, mayDelete: MayDelete = () => isIndexWhole(context)): Promise<number> {
  const rebuild = await readRow(context.index, rowKeys.rebuild())
  if (rebuild !== undefined && rebuild.value.problems > 0) return 0
  let deleted = 0
  for await (const keys of oldObjects(context, idPrefix)) {
    const unnamed = await abandonedObjects(context, keys)
    if (unnamed.length === 0) continue
    if (!(await mayDelete())) return deleted
    // Behind the reads that found no name: another index may lack them all.
    await context.confirmIndex()
    const note = noteTrash(context, unnamed)
    await context.index.commit([note.change])
    note.workOff()
    deleted += unnamed.length
  }
  return deleted
}

async function* oldObjects({ driver, now, policy }: Context, idPrefix: string): AsyncGenerator<readonly string[], void> {
  let keys: string[] = []
  for await (const { key, modified } of driver.list({ prefix: blobObjectFolder(idPrefix) })) {
    // A record of replaced objects goes with its blob, and what nobody here put is nobody's to delete.
    if (key.includes('!') || !ownObject.test(key) || modified.getTime() + policy.orphanMilliseconds > now()) continue
    keys.push(key)
    if (keys.length < batchSize) continue
    yield keys
    keys = []
  }
  yield keys
}

/** Which of these objects nothing names, nor can be given a name by a session that is there. */
export async function abandonedObjects(context: Context, keys: readonly string[]): Promise<readonly string[]> {
  return unnamedObjects(context, await withoutLostOwner(context, await withoutSession(context, keys)))
}

/** A session that is there may still be given an object that it does not name yet. Its end takes everything along. */
async function withoutSession({ index }: Context, keys: readonly string[]): Promise<readonly string[]> {
  const uploads = await readRows(index, keys.map((key) => rowKeys.upload(ownerOfObject(key))))
  return keys.filter((_, n) => uploads[n] === undefined)
}

/** The row that leads from an object to a blob goes in one commit with the blob's. Where it leads nowhere that is lost, and the object may be all that is left. */
async function withoutLostOwner({ index }: Context, keys: readonly string[]): Promise<readonly string[]> {
  const owners = await readRows(index, keys.map((key) => rowKeys.objectOwner(ownerOfObject(key))))
  const led = keys.flatMap((key, n) => {
    const owner = owners[n]?.value
    return owner && owner.repository === undefined ? [{ key, digest: owner.digest }] : []
  })
  const blobs = await readRows(index, led.map(({ digest }) => rowKeys.blob(digest)))
  const lost = new Set(led.filter((_, n) => blobs[n] === undefined).map(({ key }) => key))
  return keys.filter((key) => !lost.has(key))
}

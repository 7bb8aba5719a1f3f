import type { ObjectInfo } from '@registry/core'
import pMap from 'p-map'
import { idPrefixes, ownerOfObject, rowKeys } from '../keyspace.js'
import { ownObject, requestsAtOnce } from '../rebuild/restore-blobs.js'
import { readRow, scanRows } from '../row-store.js'
import type { Trash } from '../rows.js'
import { abandonedObjects } from '../sweep/unnamed-objects.js'
import { noteTrash } from '../trash.js'
import type { Mending, Trouble } from './finding.js'
import type { VerifyContext } from './verify-context.js'

const batchSize = 1000

/** Objects that nothing names. Those that a sweep would not take yet are counted, and no trouble. */
export async function* objectTroubles(context: VerifyContext): AsyncGenerator<Trouble, void> {
  const { count, index, now, policy } = context
  const rebuild = await readRow(index, rowKeys.rebuild())
  // What the index does not know may yet be mended, as for a sweep.
  const isKept = rebuild !== undefined && rebuild.value.problems > 0
  for await (const objects of batchesOf(context)) {
    count('objects', objects.length)
    const abandoned = new Set(await abandonedObjects(context, objects.map(({ key }) => key)))
    const old = objects.filter(({ key, modified }) => abandoned.has(key) && modified.getTime() + policy.orphanMilliseconds <= now())
    count('inPassing', abandoned.size - old.length)
    const left = await withoutTrash(context, old)
    let noted: Promise<Mending> | undefined
    const mend = isKept ? undefined : () => (noted ??= trashAll(context, left))
    const reason = isKept ? 'nothing names it, and a rebuild left something out that may' : 'nothing names it'
    for (const { key } of left) yield { finding: { kind: 'object-unnamed', key, reason }, mend }
  }
}

async function* batchesOf({ driver, reached, signal }: VerifyContext): AsyncGenerator<readonly ObjectInfo[], void> {
  let objects: ObjectInfo[] = []
  for await (const object of driver.list({ prefix: 'blobs/', signal })) {
    const [, folder] = ownObject.exec(object.key) ?? []
    if (folder === undefined || object.key.includes('!')) continue
    reached(idPrefixes.indexOf(folder))
    objects.push(object)
    if (objects.length < batchSize) continue
    yield objects
    objects = []
  }
  if (objects.length > 0) yield objects
}

/**
 * The objects that are still there and that no note dooms. The commit that takes the last name from an object notes it,
 * and the note goes after the object: so notes are read first, and storage is asked second.
 */
async function withoutTrash({ driver, index, signal }: VerifyContext, objects: readonly ObjectInfo[]): Promise<readonly ObjectInfo[]> {
  if (objects.length === 0) return []
  const left = new Map(objects.map((object) => [object.key, object]))
  const dropNoted = async (idPrefix: string): Promise<void> => {
    for await (const { value } of scanRows<Trash>(index, rowKeys.trashIn(idPrefix), { signal })) {
      for (const key of value.objects) left.delete(key)
      if (value.upload === undefined) continue
      for (const key of left.keys()) if (ownerOfObject(key) === value.upload) left.delete(key)
    }
  }
  await pMap(idPrefixes, dropNoted, { concurrency: requestsAtOnce, signal })
  const infos = await pMap(left.keys(), (key) => driver.head(key, { signal }), { concurrency: requestsAtOnce, signal })
  return [...left.values()].filter((_, n) => infos[n] !== undefined)
}

/** Whoever works the note off looks once more whether something names them. */
async function trashAll(context: VerifyContext, objects: readonly ObjectInfo[]): Promise<Mending> {
  const note = noteTrash(context, objects.map(({ key }) => key))
  await context.index.commit([note.change])
  note.workOff()
  return 'repaired'
}

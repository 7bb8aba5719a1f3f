import { ownerOfObject, rowKeys } from '../../src/keyspace.js'
import type { Blob, Trash } from '../../src/rows.js'
import type { World } from './world.js'

/** Objects of uploads that only a look through all of storage would find: no row names them, no session, no note. */
export function uncoveredObjects(world: World): readonly string[] {
  const named = new Set<string>()
  for (const { value } of world.rowsOf<Partial<Blob | Trash>>('')) {
    for (const object of value.objects ?? []) named.add(typeof object === 'string' ? object : object.key)
  }
  const covered = (key: string): boolean => named.has(key) || world.row(rowKeys.upload(ownerOfObject(key))) !== undefined
  return [...world.objects.keys()].filter((key) => key.startsWith('blobs/') && !key.includes('!') && !covered(key))
}

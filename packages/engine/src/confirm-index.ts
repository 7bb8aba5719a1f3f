import { type Index, RegistryError } from '@registry/core'
import { rowKeys } from './keyspace.js'
import { readRow } from './row-store.js'

/**
 * Makes sure that the index is the one with which the registry was opened. Where processes find their index by a name, somebody may have
 * deleted it, and a new one is being filled under that name: what that one lacks is no reason to say that it does not exist, or to delete.
 *
 * @param id - of the index with which it was opened
 * @throws `UNAVAILABLE` where it is another
 */
export async function confirmIndex(index: Index, id: string): Promise<void> {
  const owner = await readRow(index, rowKeys.owner())
  if (owner?.value.id === id) return
  throw new RegistryError('UNAVAILABLE', 'the index was deleted, and another one has taken its place: start this process again', {
    retryable: false,
    detail: { reason: 'TAKEN_OVER' },
  })
}

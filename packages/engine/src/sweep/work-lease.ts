import { RegistryError } from '@registry/core'
import type { Context } from '../context.js'
import { rowKeys } from '../keyspace.js'
import { putRow, readRow } from '../row-store.js'

/**
 * Takes the lease of the background work, or renews it: of all processes on the storage one works. It saves work and
 * guards nothing, since everything may be done twice.
 *
 * @returns whether this process has it now
 */
export async function takeWorkLease({ index, now }: Context, holder: string, milliseconds: number): Promise<boolean> {
  const key = rowKeys.workLease()
  const row = await readRow(index, key)
  if (row && row.value.holder !== holder && row.value.expires > now()) return false
  try {
    await index.commit([putRow(key, { holder, expires: now() + milliseconds }, row ?? 'absent')], { durable: false })
    return true
  } catch (error) {
    if (RegistryError.is(error, 'CONFLICT')) return false
    throw error
  }
}

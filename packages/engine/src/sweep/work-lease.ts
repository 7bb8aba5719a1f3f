import { RegistryError } from '@registry/core'
import type { Context } from '../context.js'
import { rowKeys } from '../keyspace.js'
import { putRow, readRow } from '../row-store.js'

/** The lease of the background work, as one process sees it. */
export interface WorkLease {
  /**
   * Takes the lease, or renews it.
   *
   * @returns whether this process has it now
   */
  take(): Promise<boolean>
}

/**
 * Of all processes on the storage one does the background work. It saves work and guards nothing, since everything may be done twice.
 *
 * Who does not move the row for so long, on the clock of whoever looks, is taken for dead: clocks of two machines are never compared.
 *
 * @param holder - names this process
 */
export function workLease({ index, monotonic }: Context, holder: string, milliseconds: number): WorkLease {
  const key = rowKeys.workLease()
  let seen: { readonly revision: string; readonly since: number } | undefined
  return {
    async take(): Promise<boolean> {
      const row = await readRow(index, key)
      if (row && row.value.holder !== holder) {
        if (seen?.revision !== row.revision) seen = { revision: row.revision, since: monotonic() }
        if (monotonic() - seen.since < milliseconds) return false
      }
      try {
        await index.commit([putRow(key, { holder }, row ?? 'absent')], { durable: false })
        return true
      } catch (error) {
        if (RegistryError.is(error, 'CONFLICT')) return false
        throw error
      }
    },
  }
}

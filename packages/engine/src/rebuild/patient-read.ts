import { setTimeout as sleep } from 'node:timers/promises'
import { RegistryError } from '@registry/core'
import { readOwner } from '../owner-record.js'
import type { RebuildContext } from './rebuild-context.js'

/** What was read, or why it cannot be. */
export type PatientRead<Value> = { readonly value: Value } | { readonly reason: string }

const attempts = 3

/**
 * Reads an object, again where that fails. Where it fails for good it is one bad object, as long as the storage answers
 * otherwise; a storage that does not answer must not pass for one full of bad objects.
 *
 * @throws whatever keeps the storage from answering
 */
export async function readPatiently<Value>({ driver, policy, signal }: RebuildContext, read: () => Promise<Value>): Promise<PatientRead<Value>> {
  for (let attempt = 1; ; attempt++) {
    try {
      return { value: await read() }
    } catch (error) {
      signal.throwIfAborted()
      const settled = RegistryError.is(error, 'NOT_FOUND', 'CORRUPT', 'RANGE_INVALID')
      if (settled || attempt === attempts) {
        if (!settled) await readOwner(driver, { signal })
        return { reason: error instanceof Error ? error.message : String(error) }
      }
      await sleep(policy.ownershipCheckMilliseconds / 10, undefined, { signal })
    }
  }
}

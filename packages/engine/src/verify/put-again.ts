import { type Change, RegistryError } from '@registry/core'
import type { Mending } from './finding.js'
import type { VerifyContext } from './verify-context.js'

/**
 * Puts rows that follow from another one, as long as that one is as it was read.
 *
 * @param check - that it is
 */
export async function putAgain({ index }: VerifyContext, check: Change, changes: readonly Change[]): Promise<Mending> {
  const most = index.capabilities.limits.changes - 1
  try {
    for (let start = 0; start < changes.length; start += most) await index.commit([check, ...changes.slice(start, start + most)])
    return 'repaired'
  } catch (error) {
    if (RegistryError.is(error, 'CONFLICT')) return 'overtaken'
    throw error
  }
}

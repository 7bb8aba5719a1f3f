import { type Change, RegistryError } from '@registry/core'
import { noteDue } from '../due.js'
import type { DueRecord } from '../rows.js'
import type { Mending } from './finding.js'
import type { VerifyContext } from './verify-context.js'

/**
 * Writes a record again, by a note as at the commit of its row: whoever dies in the middle leaves the rest to others.
 *
 * @param checks - that the row is as it was read
 */
export async function writeAgain(context: VerifyContext, record: DueRecord, checks: readonly Change[]): Promise<Mending> {
  const note = noteDue(context, [record])
  try {
    await context.index.commit([...checks, note.change])
  } catch (error) {
    if (RegistryError.is(error, 'CONFLICT')) return 'overtaken'
    throw error
  }
  await note.write()
  note.settle()
  return 'repaired'
}

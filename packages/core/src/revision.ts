import { randomBytes } from 'node:crypto'

/**
 * A revision of 96 random bits: no two puts ever have the same, so that none repeats after a delete or a restart, and no
 * counter has to be kept for entries that are gone.
 */
export function newRevision(): string {
  return randomBytes(12).toString('base64url')
}

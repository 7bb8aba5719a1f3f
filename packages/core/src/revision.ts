import { randomFillSync } from 'node:crypto'

const bytes = 12
/** Random bytes for many revisions: to ask for each by itself takes longer than to write a row. */
const pool = Buffer.alloc(bytes * 256)
let used = pool.byteLength

/**
 * A revision of 96 random bits: no two puts ever have the same, so that none repeats after a delete or a restart, and no
 * counter has to be kept for entries that are gone.
 */
export function newRevision(): string {
  if (used === pool.byteLength) {
    randomFillSync(pool)
    used = 0
  }
  used += bytes
  return pool.toString('base64url', used - bytes, used)
}

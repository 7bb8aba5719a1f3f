import type { Database } from './database.js'
import { schema } from './schema.js'

/**
 * Runs a write transaction that a power failure may undo: SQLite then does not wait for the disk.
 * A later commit with `synchronous = FULL` waits until the whole log is on it, with everything that was written before,
 * so that nothing durable ever rests on something that is lost.
 */
export function withoutSync<Result>(database: Database, write: () => Result): Result {
  // Outside of the transaction: inside of one SQLite does not change it.
  database.pragma('synchronous = NORMAL')
  try {
    return write()
  } finally {
    database.pragma('synchronous = FULL')
  }
}

/**
 * Writes something that changes nothing, inside of a write transaction. A transaction that writes nothing does not wait
 * for the disk either, though what it checked may be of a commit that is not on it yet.
 */
export function forceSync(database: Database): void {
  database.pragma(`user_version = ${schema.version}`)
}

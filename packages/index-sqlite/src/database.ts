import Sqlite from 'better-sqlite3'

/** A prepared statement. */
export type Statement<Row = unknown> = Sqlite.Statement<unknown[], Row>

/** The part of better-sqlite3 that this package uses, and the only file that imports it. */
export interface Database {
  prepare<Row>(sql: string): Statement<Row>
  /** Runs statements that answer nothing. */
  exec(sql: string): void
  /** The value of a setting. */
  pragma(name: string): unknown
  /** Runs `body` between `begin` and a commit; whatever it throws is rolled back. */
  transaction<Result>(begin: 'BEGIN' | 'BEGIN IMMEDIATE', body: () => Result): Result
  close(): void
}

/** A COMMIT that failed: whether what it was to commit survives a crash is not known. */
export class CommitError extends Error {
  override readonly name = 'CommitError'
}

/**
 * Opens a connection.
 *
 * @param file - absolute path; a relative one could be taken for a URI or for a database in memory
 * @param busyTimeout - milliseconds to wait for another process's lock
 */
export function openDatabase(file: string, busyTimeout: number): Database {
  const sqlite = new Sqlite(file, { timeout: busyTimeout })
  const begins = { 'BEGIN': sqlite.prepare('BEGIN'), 'BEGIN IMMEDIATE': sqlite.prepare('BEGIN IMMEDIATE') }
  const commit = sqlite.prepare('COMMIT')

  const commitOrFail = (): void => {
    try {
      commit.run()
    } catch (error) {
      throw new CommitError('COMMIT failed', { cause: error })
    }
  }

  return {
    prepare: <Row>(sql: string): Statement<Row> => sqlite.prepare<unknown[], Row>(sql),
    exec(sql) {
      sqlite.exec(sql)
    },
    pragma: (name) => sqlite.pragma(name, { simple: true }),
    transaction(begin, body) {
      begins[begin].run()
      try {
        const result = body()
        commitOrFail()
        return result
      } catch (error) {
        // SQLite may have rolled back by itself, as it does when the disk is full.
        if (sqlite.inTransaction) sqlite.exec('ROLLBACK')
        throw error
      }
    },
    close() {
      sqlite.close()
    },
  }
}

/** The code of an error of SQLite, such as `SQLITE_BUSY`. */
export function sqliteCode(error: unknown): string | undefined {
  return error instanceof Sqlite.SqliteError ? error.code : undefined
}

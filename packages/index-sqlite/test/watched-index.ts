import path from 'node:path'
import type { Index } from '@registry/core'
import { onTestFinished } from 'vitest'
import { connect } from '../src/connection.js'
import type { Database } from '../src/database.js'
import { defaultLimits } from '../src/options.js'
import { indexOver } from '../src/sqlite-index.js'
import { temporaryDirectory } from './temporary-directory.js'

export interface WatchedIndex {
  readonly index: Index
  readonly database: Database
  readonly file: string
  /** `synchronous`, as it was in each write transaction that was begun. */
  readonly writes: readonly unknown[]
  /** Statements that read one entry, as often as they ran. */
  readonly reads: readonly (readonly unknown[])[]
}

export interface Watching {
  /** Is called where a write transaction is about to end. */
  readonly beforeCommit?: () => void
  /** Is called with the values of each statement that reads one entry, before it runs. */
  readonly onRead?: (values: readonly unknown[]) => void
  /** Is called with the values of each statement that puts an entry. */
  readonly onPut?: (values: readonly unknown[]) => void
}

/** An index whose transactions and statements are watched. */
export async function watchedIndex({ beforeCommit, onRead, onPut }: Watching = {}): Promise<WatchedIndex> {
  const file = path.join(await temporaryDirectory(), 'index.sqlite')
  const database = await connect(file, 50)
  const writes: unknown[] = []
  const reads: (readonly unknown[])[] = []
  const index = indexOver(
    {
      ...database,
      transaction: (begin, body) =>
        database.transaction(begin, () => {
          if (begin === 'BEGIN') return body()
          writes.push(database.pragma('synchronous'))
          const result = body()
          beforeCommit?.()
          return result
        }),
      prepare: <Row>(sql: string) => {
        const statement = database.prepare<Row>(sql)
        const get = statement.get.bind(statement)
        const run = statement.run.bind(statement)
        return Object.assign(statement, {
          get: (...values: unknown[]) => {
            if (sql.startsWith('SELECT sort, value')) {
              reads.push(values)
              onRead?.(values)
            }
            return get(...values)
          },
          run: (...values: unknown[]) => {
            if (sql.startsWith('INSERT OR REPLACE INTO entries')) onPut?.(values)
            return run(...values)
          },
        })
      },
    },
    file,
    defaultLimits,
  )
  onTestFinished(() => index.close())
  return { index, database, file, writes, reads }
}

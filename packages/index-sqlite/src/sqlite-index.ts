import {
  assertEntryKey,
  assertPartition,
  type CallOptions,
  type Change,
  checkChanges,
  type CommitOptions,
  type Entry,
  type EntryKey,
  type EntryPage,
  type Index,
  type IndexLimits,
  type Json,
  pageLimit,
  RegistryError,
  type ScanOptions,
  type SearchOptions,
  type SearchQuery,
} from '@registry/core'
import { applyChanges } from './commit.js'
import { connect } from './connection.js'
import type { Database } from './database.js'
import { forceSync, withoutSync } from './durability.js'
import { translated } from './errors.js'
import { checkOptions, type SqliteIndexOptions } from './options.js'
import { sortRange } from './scan.js'
import { searchRows } from './search.js'
import { type EntryRow, prepareStatements } from './statements.js'

/**
 * Opens an index that keeps its facts in one SQLite file. Several processes of one machine may open the same file.
 *
 * @throws `CONFIG` where an option is wrong or the file belongs to another program
 * @throws `UNSUPPORTED` where a newer version wrote the file
 * @throws `CORRUPT`, `ACCESS_DENIED`, `NO_SPACE`, `UNAVAILABLE` where the file cannot be used
 */
export async function sqliteIndex(options: SqliteIndexOptions): Promise<Index> {
  const { file, busyTimeout, limits } = checkOptions(options)
  const database = await connect(file, busyTimeout)
  try {
    return indexOver(database, file, limits)
  } catch (error) {
    database.close()
    throw translated(error, file, 'open')
  }
}

/** An index over a database that is open. */
export function indexOver(database: Database, file: string, limits: IndexLimits): Index {
  const statements = prepareStatements(database)
  let closed = false

  const enter = (operation: string, options: CallOptions | undefined): void => {
    if (closed) throw new RegistryError('CLOSED', `the index in ${file} was closed`, { driver: 'sqlite', operation })
    options?.signal?.throwIfAborted()
  }
  const translating = <Result>(operation: string, body: () => Result): Result => {
    try {
      return body()
    } catch (error) {
      throw translated(error, file, operation)
    }
  }

  return {
    contract: 1,
    name: 'sqlite',
    capabilities: Object.freeze({ search: true, limits }),

    async get(keys: readonly EntryKey[], options?: CallOptions): Promise<readonly (Entry | undefined)[]> {
      enter('get', options)
      keys.forEach(assertEntryKey)
      const rows = translating('get', () =>
        // One transaction: all of them as they were at the same moment.
        database.transaction('BEGIN', () => keys.map(({ partition, sort }) => statements.get.get(partition, sort))),
      )
      return rows.map((row, number) => row && entryOf(keys[number]!.partition, row))
    },

    async scan(partition: string, options: ScanOptions = {}): Promise<EntryPage> {
      enter('scan', options)
      assertPartition(partition)
      const limit = pageLimit(options.limit)
      const statement = options.reverse === true ? statements.scanReverse : statements.scan
      // One more than asked for tells whether there are more.
      const rows = translating('scan', () => statement.all({ partition, ...sortRange(options), limit: limit + 1 }))
      return pageOf(partition, rows, limit)
    },

    async commit(changes: readonly Change[], options: CommitOptions = {}): Promise<readonly (string | undefined)[]> {
      enter('commit', options)
      const sized = checkChanges(changes, limits, options)
      const durable = options.durable ?? true
      const write = (): readonly (string | undefined)[] =>
        database.transaction('BEGIN IMMEDIATE', () => {
          const { revisions, wrote } = applyChanges(statements, sized)
          if (durable && !wrote) forceSync(database)
          return revisions
        })
      return translating('commit', () => (durable ? write() : withoutSync(database, write)))
    },

    async search({ partition, text }: SearchQuery, options: SearchOptions = {}): Promise<EntryPage> {
      enter('search', options)
      assertPartition(partition)
      const limit = pageLimit(options.limit)
      const rows = translating('search', () =>
        database.transaction('BEGIN', () => searchRows(statements, { partition, text, after: options.after, limit: limit + 1 })),
      )
      return pageOf(partition, rows, limit)
    },

    async close(): Promise<void> {
      if (closed) return
      closed = true
      translating('close', () => {
        database.close()
      })
    },
  }
}

function pageOf(partition: string, rows: readonly EntryRow[], limit: number): EntryPage {
  return { entries: rows.slice(0, limit).map((row) => entryOf(partition, row)), more: rows.length > limit }
}

function entryOf(partition: string, { sort, value, revision }: EntryRow): Entry {
  return { key: { partition, sort }, value: JSON.parse(value) as Json, revision }
}

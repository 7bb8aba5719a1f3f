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
  pageLimit,
  RegistryError,
  type ScanOptions,
  type SearchOptions,
  type SearchQuery,
} from '@registry/core'
import { applyCommits, keepCommitted, type Outcome } from './commit.js'
import { connect } from './connection.js'
import { type Database, sqliteCode } from './database.js'
import { withoutSync } from './durability.js'
import { pageOf } from './entry.js'
import { aside, fileError, translated } from './errors.js'
import { getEntries } from './get-entries.js'
import { checkOptions, type SqliteIndexOptions } from './options.js'
import { RecentRows } from './recent-rows.js'
import { sortBounds } from './scan.js'
import { schema, type Schema } from './schema.js'
import { searchRows } from './search.js'
import { type Commit, SharedCommits } from './shared-commits.js'
import { prepareStatements, type Statements } from './statements.js'

/**
 * Opens an index that keeps its facts in one SQLite file. Several processes of one machine may open the same file.
 *
 * @throws `CONFIG` where an option is wrong or the file belongs to another program
 * @throws `UNSUPPORTED` where a newer version wrote the file
 * @throws `CORRUPT`, `ACCESS_DENIED`, `NO_SPACE`, `UNAVAILABLE` where the file cannot be used
 */
export async function sqliteIndex(options: SqliteIndexOptions): Promise<Index> {
  return openIndex(options, schema)
}

/** The same with other migrations than those that are released. */
export async function openIndex(options: SqliteIndexOptions, known: Schema): Promise<Index> {
  const { file, busyTimeout, limits, onMigration } = checkOptions(options)
  const database = await connect(file, busyTimeout, { schema: known, onMigration })
  try {
    return indexOver(database, file, limits)
  } catch (error) {
    database.close()
    // The mark and the version are ours, and a statement finds no table or column.
    if (sqliteCode(error) === 'SQLITE_ERROR') throw fileError(file, 'CORRUPT', `its tables are not those of schema version ${known.version}`, aside, { operation: 'open', cause: error })
    throw translated(error, file, 'open')
  }
}

/** An index over a database that is open. */
export function indexOver(database: Database, file: string, limits: IndexLimits): Index {
  const statements = prepareStatements(database)
  const recent = new RecentRows()
  let closed = false
  let damage: RegistryError | undefined

  const enter = (operation: string, options: CallOptions | undefined): void => {
    if (closed) throw new RegistryError('CLOSED', `the index in ${file} was closed`, { driver: 'sqlite', operation })
    options?.signal?.throwIfAborted()
  }
  const translating = <Result>(operation: string, body: () => Result): Result => {
    try {
      return body()
    } catch (error) {
      const meaning = translated(error, file, operation)
      if (RegistryError.is(meaning, 'CORRUPT')) damage = meaning
      throw meaning
    }
  }

  const apply = (together: readonly Commit[]): readonly Outcome[] =>
    translating('commit', () => {
      // Whoever writes on in a damaged file may damage what is still whole.
      if (damage !== undefined) throw new RegistryError('CORRUPT', damage.message, { driver: 'sqlite', operation: 'commit', cause: damage })
      const durable = together.some((commit) => commit.durable)
      const write = (): readonly Outcome[] =>
        database.transaction('BEGIN IMMEDIATE', () => {
          assertVersion(statements, file)
          return applyCommits(database, statements, together)
        })
      try {
        const outcomes = durable ? write() : withoutSync(database, write)
        keepCommitted(recent, together, outcomes)
        return outcomes
      } catch (error) {
        // What became of it may be unknown.
        recent.clear()
        throw error
      }
    })
  const commits = new SharedCommits(apply, (error) => !(RegistryError.is(error) && error.outcome === 'unknown'))

  return {
    contract: 1,
    name: 'sqlite',
    capabilities: Object.freeze({ search: true, limits }),

    async get(keys: readonly EntryKey[], options?: CallOptions): Promise<readonly (Entry | undefined)[]> {
      enter('get', options)
      keys.forEach(assertEntryKey)
      return translating('get', () => getEntries(database, statements, recent, keys))
    },

    async scan(partition: string, options: ScanOptions = {}): Promise<EntryPage> {
      enter('scan', options)
      assertPartition(partition)
      const limit = pageLimit(options.limit)
      const statement = options.reverse === true ? statements.scanReverse : statements.scan
      // One more than asked for tells whether there are more.
      return translating('scan', () => pageOf(partition, statement.all({ partition, ...sortBounds(options), limit: limit + 1 }), limit))
    },

    async commit(changes: readonly Change[], options: CommitOptions = {}): Promise<readonly (string | undefined)[]> {
      enter('commit', options)
      return commits.add({ changes: checkChanges(changes, limits, options), durable: options.durable ?? true })
    },

    async search({ partition, text }: SearchQuery, options: SearchOptions = {}): Promise<EntryPage> {
      enter('search', options)
      assertPartition(partition)
      const limit = pageLimit(options.limit)
      return translating('search', () => {
        const rows = database.transaction('BEGIN', () => searchRows(statements, { partition, text, after: options.after, limit: limit + 1 }))
        return pageOf(partition, rows, limit)
      })
    },

    async close(): Promise<void> {
      if (closed) return
      closed = true
      commits.flush()
      translating('close', () => {
        database.close()
      })
    },
  }
}

/** A later release may migrate the file while this process has it open, and must not find anything in it in the older form. */
function assertVersion(statements: Statements, file: string): void {
  const { user_version: version } = statements.version.get()!
  if (version === schema.version) return
  const what = `a later version of @registry/index-sqlite migrated it to schema version ${version} while this process had it open`
  throw fileError(file, 'UNSUPPORTED', what, 'start this process again, with that version', { operation: 'commit' })
}

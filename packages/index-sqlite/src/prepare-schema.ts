import type { Database } from './database.js'
import { fileError } from './errors.js'
import { type Migrated, migrate } from './migration.js'
import { applicationId, type Schema } from './schema.js'

/**
 * Creates the tables in an empty database, migrates older ones, and refuses a database that is not ours.
 *
 * @returns what was migrated, `undefined` where nothing had to be
 * @throws `CONFIG` where another program keeps its tables in it
 * @throws `UNSUPPORTED` where its schema is of a version that this package does not know
 */
export function prepareSchema(database: Database, file: string, schema: Schema): Migrated | undefined {
  // The lock first: of processes that start together one creates the tables, or migrates them.
  return database.transaction('BEGIN IMMEDIATE', () => {
    const id = database.pragma('application_id')
    if (id === applicationId) return migrate(database, file, schema)
    const tables = database.prepare<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'").all().map(({ name }) => name)
    if (['version', 'repository'].every((name) => tables.includes(name))) {
      const todo = 'name another file: `sqlalchemy_index_database`, or `file` of the section `sqlite`'
      throw fileError(file, 'CONFIG', 'it is the search index of a classic docker-registry, and was not touched', todo, { operation: 'open' })
    }
    if (id !== 0 || tables.length > 0) {
      throw fileError(file, 'CONFIG', 'it belongs to another program', 'choose another file for the index', { operation: 'open' })
    }
    database.exec(`${schema.tables}; PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${schema.version}`)
    return undefined
  })
}

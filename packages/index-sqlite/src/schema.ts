import { RegistryError } from '@registry/core'
import type { Database } from './database.js'

/** `Rgix`: marks a file as ours. */
export const applicationId: number = 0x52676978

/** Version of the tables below. */
export const schemaVersion: number = 1

/**
 * `entries.search_id` is the row of `search` that holds the folded text of an entry, NULL where it has none.
 * Trigrams are compared as they are: core has folded texts and queries.
 */
const tables = `
  CREATE TABLE entries (
    partition TEXT NOT NULL,
    sort TEXT NOT NULL,
    value TEXT NOT NULL,
    revision TEXT NOT NULL,
    search_id INTEGER,
    PRIMARY KEY (partition, sort)
  ) WITHOUT ROWID;
  CREATE VIRTUAL TABLE search USING fts5(partition UNINDEXED, sort UNINDEXED, text, columnsize = 0, tokenize = 'trigram case_sensitive 1');
  PRAGMA application_id = ${applicationId};
  PRAGMA user_version = ${schemaVersion};
`

/**
 * Creates the tables in an empty database, and refuses one that is not ours.
 *
 * @throws `CONFIG` where another program keeps its tables in it
 * @throws `UNSUPPORTED` where its schema is of a version that this package does not know
 */
export function prepareSchema(database: Database, file: string): void {
  // The lock first: two processes that start together on a new file create its tables once.
  database.transaction('BEGIN IMMEDIATE', () => {
    const id = database.pragma('application_id')
    if (id === applicationId) {
      assertVersion(Number(database.pragma('user_version')), file)
      return
    }
    const { count } = database.prepare<{ count: number }>('SELECT count(*) AS count FROM sqlite_schema').all()[0]!
    if (id !== 0 || count > 0) {
      throw new RegistryError('CONFIG', `${file} belongs to another program: choose another file for the index`, { driver: 'sqlite', operation: 'open' })
    }
    database.exec(tables)
  })
}

function assertVersion(version: number, file: string): void {
  if (version === schemaVersion) return
  throw new RegistryError(
    'UNSUPPORTED',
    `${file} has schema version ${version}, this version of @registry/index-sqlite knows ${schemaVersion}: use the version that wrote it, or a later one`,
    { driver: 'sqlite', operation: 'open' },
  )
}

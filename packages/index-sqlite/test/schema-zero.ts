import { foldText, type PutChange } from '@registry/core'
import { openDatabase } from '../src/database.js'
import { applicationId, schema, type Schema } from '../src/schema.js'

/** A schema that never was released, with the texts beside the values, to have something to migrate from. */
const zeroTables = `
  CREATE TABLE facts (partition TEXT NOT NULL, sort TEXT NOT NULL, value TEXT NOT NULL, revision TEXT NOT NULL, text TEXT, PRIMARY KEY (partition, sort));
  PRAGMA application_id = ${applicationId};
  PRAGMA user_version = 0;
`

/** Those of version 1, which was released. */
const tablesOfOne = `
  CREATE TABLE entries (
    partition TEXT NOT NULL, sort TEXT NOT NULL, value TEXT NOT NULL, revision TEXT NOT NULL, search_id INTEGER, PRIMARY KEY (partition, sort)
  ) WITHOUT ROWID;
  CREATE VIRTUAL TABLE search USING fts5(partition UNINDEXED, sort UNINDEXED, text, columnsize = 0, tokenize = 'trigram case_sensitive 1');
`

/** The released schema, which knows that one too. */
export const schemaWithZero: Schema = {
  ...schema,
  migrations: [
    {
      from: 0,
      to: 1,
      sql: `
        ${tablesOfOne}
        INSERT INTO search (rowid, partition, sort, text) SELECT rowid, partition, sort, text FROM facts WHERE text IS NOT NULL;
        INSERT INTO entries SELECT partition, sort, value, revision, iif(text IS NULL, NULL, rowid) FROM facts;
        DROP TABLE facts;
      `,
    },
    ...schema.migrations,
  ],
}

/** Stores entries as version 0 would have. */
export function plantZero(file: string, facts: readonly PutChange[]): void {
  const database = openDatabase(file, 0)
  database.exec(zeroTables)
  const insert = database.prepare('INSERT INTO facts VALUES (?, ?, ?, ?, ?)')
  for (const [number, { key, value, text }] of facts.entries()) {
    insert.run(key.partition, key.sort, JSON.stringify(value), `revision ${number}`, text === undefined ? null : foldText(text))
  }
  database.close()
}

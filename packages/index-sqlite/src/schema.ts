import type { Migration } from './migration.js'

/** `Rgix`: marks a file as ours. */
export const applicationId: number = 0x52676978

/** The tables of one version, and how those of older versions become them. */
export interface Schema {
  readonly version: number
  /** Creates them in an empty database. */
  readonly tables: string
  readonly migrations: readonly Migration[]
}

/** What this package writes. Its version is `user_version` in the file. */
export const schema: Schema = {
  version: 1,
  /*
   * `entries.search_id` is the row of `search` that holds the folded text of an entry, NULL where it has none.
   * Trigrams are compared as they are: core has folded texts and queries.
   */
  tables: `
    CREATE TABLE entries (
      partition TEXT NOT NULL,
      sort TEXT NOT NULL,
      value TEXT NOT NULL,
      revision TEXT NOT NULL,
      search_id INTEGER,
      PRIMARY KEY (partition, sort)
    ) WITHOUT ROWID;
    CREATE VIRTUAL TABLE search USING fts5(partition UNINDEXED, sort UNINDEXED, text, columnsize = 0, tokenize = 'trigram case_sensitive 1');
  `,
  /* A step that changes what a table means gives it another name: an older process that still reads it then fails. */
  migrations: [],
}

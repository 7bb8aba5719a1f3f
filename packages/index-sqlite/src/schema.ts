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

/*
 * `entries.text` is the text of an entry in the form that `keptText` gives it, NULL where it has none, and stands before the value, which may be long.
 * `entries.search_id` is the row of `searchable` that leads back to it, and that of `trigrams`, which tells the rows that have three characters one after
 * the other: compared as they are, since core has folded texts and queries, and without their places, which would be most of the bytes.
 * `trigram_terms` tells which of these three characters there are.
 */
const tables = `
  CREATE TABLE entries (
    partition TEXT NOT NULL,
    sort TEXT NOT NULL,
    revision TEXT NOT NULL,
    search_id INTEGER,
    text TEXT,
    value TEXT NOT NULL,
    PRIMARY KEY (partition, sort)
  ) WITHOUT ROWID;
  CREATE TABLE searchable (id INTEGER PRIMARY KEY, partition TEXT NOT NULL, sort TEXT NOT NULL);
  CREATE VIRTUAL TABLE trigrams USING fts5(text, content = '', columnsize = 0, detail = none, tokenize = 'trigram case_sensitive 1');
  CREATE VIRTUAL TABLE trigram_terms USING fts5vocab(trigrams, row);
`

/** What this package writes. Its version is `user_version` in the file. */
export const schema: Schema = {
  version: 2,
  tables,
  /* A step that changes what a table means gives it another name: an older process that still reads it then fails. */
  migrations: [
    {
      // Version 1 kept texts in the search table `search`, without the white space behind them.
      from: 1,
      to: 2,
      sql: `
        ALTER TABLE entries RENAME TO entries_1;
        ${tables}
        INSERT INTO searchable (id, partition, sort) SELECT rowid, partition, sort FROM search;
        INSERT INTO trigrams (rowid, text) SELECT rowid, text || '  ' FROM search;
        INSERT INTO entries (partition, sort, revision, search_id, text, value)
          SELECT old.partition, old.sort, old.revision, old.search_id, search.text || '  ', old.value
          FROM entries_1 AS old LEFT JOIN search ON search.rowid = old.search_id
          ORDER BY old.partition, old.sort;
        DROP TABLE search;
        DROP TABLE entries_1;
      `,
    },
  ],
}

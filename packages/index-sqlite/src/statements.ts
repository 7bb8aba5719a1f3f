import type { Database, Statement } from './database.js'

/** A row of `entries`, as scans and searches read it. */
export interface EntryRow {
  readonly sort: string
  readonly value: string
  readonly revision: string
}

/** What a commit needs to know of an entry as it is. */
export interface CurrentRow {
  readonly revision: string
  readonly search_id: number | null
  readonly text: string | null
}

/** Every statement of an index, prepared once. */
export interface Statements {
  readonly version: Statement<{ readonly user_version: number }>
  readonly dataVersion: Statement<{ readonly data_version: number }>
  readonly get: Statement<EntryRow>
  readonly scan: Statement<EntryRow>
  readonly scanReverse: Statement<EntryRow>
  readonly current: Statement<CurrentRow>
  readonly put: Statement
  readonly remove: Statement
  readonly lastSearchable: Statement<{ readonly id: number | null }>
  readonly addSearchable: Statement
  readonly removeSearchable: Statement
  readonly addTrigrams: Statement
  readonly removeTrigrams: Statement
  readonly trigramsFrom: Statement<{ readonly term: string; readonly doc: number }>
  readonly countMatches: Statement<{ readonly count: number }>
  readonly searchMatches: Statement<EntryRow>
  readonly searchWalk: Statement<EntryRow>
}

/** Whether a text has all terms. Most queries have one. */
function hasTerms(text: string): string {
  return `instr(${text}, @first) > 0 AND (@others = '[]' OR NOT EXISTS (SELECT 1 FROM json_each(@others) AS term WHERE instr(${text}, term.value) = 0))`
}

export function prepareStatements(database: Database): Statements {
  const scan = 'SELECT sort, value, revision FROM entries WHERE partition = @partition AND sort >= @from AND sort < @to ORDER BY sort'
  return {
    version: database.prepare('PRAGMA user_version'),
    dataVersion: database.prepare('PRAGMA data_version'),
    get: database.prepare('SELECT sort, value, revision FROM entries WHERE partition = ? AND sort = ?'),
    scan: database.prepare(`${scan} LIMIT @limit`),
    scanReverse: database.prepare(`${scan} DESC LIMIT @limit`),
    current: database.prepare('SELECT revision, search_id, text FROM entries WHERE partition = ? AND sort = ?'),
    put: database.prepare('INSERT OR REPLACE INTO entries (partition, sort, revision, search_id, text, value) VALUES (?, ?, ?, ?, ?, ?)'),
    remove: database.prepare('DELETE FROM entries WHERE partition = ? AND sort = ?'),
    lastSearchable: database.prepare('SELECT max(id) AS id FROM searchable'),
    addSearchable: database.prepare('INSERT INTO searchable (partition, sort) VALUES (?, ?)'),
    removeSearchable: database.prepare('DELETE FROM searchable WHERE id = ?'),
    addTrigrams: database.prepare('INSERT INTO trigrams (rowid, text) VALUES (?, ?)'),
    // Only with the text that was added are its trigrams found again.
    removeTrigrams: database.prepare("INSERT INTO trigrams (trigrams, rowid, text) VALUES ('delete', ?, ?)"),
    trigramsFrom: database.prepare('SELECT term, doc FROM trigram_terms WHERE term >= @beginning AND term < @end'),
    countMatches: database.prepare('SELECT count(*) AS count FROM (SELECT 1 FROM trigrams WHERE trigrams MATCH @match LIMIT @limit)'),
    // Sorts the keys of what has the trigrams, then reads the entries one after the other. Without a bound SQLite would leave the order out.
    searchMatches: database.prepare(`
      SELECT entries.sort, entries.value, entries.revision
      FROM (
        SELECT searchable.sort FROM trigrams CROSS JOIN searchable ON searchable.id = trigrams.rowid
        WHERE trigrams MATCH @match AND searchable.partition = @partition AND searchable.sort >= @from
        ORDER BY searchable.sort LIMIT @keys
      ) AS found CROSS JOIN entries ON entries.partition = @partition AND entries.sort = found.sort
      WHERE ${hasTerms('entries.text')} LIMIT @limit`),
    // Stops when the page is full, or when it has passed as many as it may.
    searchWalk: database.prepare(`
      SELECT entries.sort, entries.value, entries.revision
      FROM (
        SELECT sort, text FROM entries WHERE partition = @partition AND sort >= @from ORDER BY sort LIMIT @passed
      ) AS walked CROSS JOIN entries ON entries.partition = @partition AND entries.sort = walked.sort
      WHERE ${hasTerms('walked.text')} LIMIT @limit`),
  }
}

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
}

/** Every statement of an index, prepared once. */
export interface Statements {
  readonly version: Statement<{ readonly user_version: number }>
  readonly get: Statement<EntryRow>
  readonly scan: Statement<EntryRow>
  readonly scanReverse: Statement<EntryRow>
  readonly current: Statement<CurrentRow>
  readonly put: Statement
  readonly remove: Statement
  readonly addText: Statement
  readonly changeText: Statement
  readonly removeText: Statement
  readonly countMatches: Statement<{ readonly count: number }>
  readonly searchAll: Statement<EntryRow>
  readonly searchMatches: Statement<EntryRow>
}

function hasTerms(terms: string): string {
  return `NOT EXISTS (SELECT 1 FROM json_each(${terms}) AS term WHERE instr(search.text, term.value) = 0)`
}

export function prepareStatements(database: Database): Statements {
  const scan = 'SELECT sort, value, revision FROM entries WHERE partition = @partition AND sort >= @from AND sort < @to ORDER BY sort'
  return {
    version: database.prepare('PRAGMA user_version'),
    get: database.prepare('SELECT sort, value, revision FROM entries WHERE partition = ? AND sort = ?'),
    scan: database.prepare(`${scan} LIMIT @limit`),
    scanReverse: database.prepare(`${scan} DESC LIMIT @limit`),
    current: database.prepare('SELECT revision, search_id FROM entries WHERE partition = ? AND sort = ?'),
    put: database.prepare('INSERT OR REPLACE INTO entries (partition, sort, value, revision, search_id) VALUES (?, ?, ?, ?, ?)'),
    remove: database.prepare('DELETE FROM entries WHERE partition = ? AND sort = ?'),
    addText: database.prepare('INSERT INTO search (partition, sort, text) VALUES (?, ?, ?)'),
    changeText: database.prepare('UPDATE search SET text = ? WHERE rowid = ?'),
    removeText: database.prepare('DELETE FROM search WHERE rowid = ?'),
    countMatches: database.prepare('SELECT count(*) AS count FROM (SELECT 1 FROM search WHERE search MATCH @match LIMIT @limit)'),
    // Walks the partition in order, and stops when the page is full.
    searchAll: database.prepare(`
      SELECT entries.sort, entries.value, entries.revision
      FROM entries CROSS JOIN search ON search.rowid = entries.search_id
      WHERE entries.partition = @partition AND entries.sort >= @from AND ${hasTerms('@terms')}
      ORDER BY entries.sort LIMIT @limit`),
    // Sorts the matches, then looks up the values of the first.
    searchMatches: database.prepare(`
      SELECT entries.sort, entries.value, entries.revision
      FROM (
        SELECT sort FROM search
        WHERE search MATCH @match AND partition = @partition AND sort >= @from AND (@unproven = '[]' OR ${hasTerms('@unproven')})
        ORDER BY sort LIMIT @limit
      ) AS found CROSS JOIN entries ON entries.partition = @partition AND entries.sort = found.sort
      ORDER BY entries.sort`),
  }
}

import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { memoryDriver } from '@registry/core/memory'
import { createRegistry } from '@registry/engine'
import { sqliteIndex } from '@registry/index-sqlite'
import Sqlite from 'better-sqlite3'
import { percentiles, timesOf } from './measured.mjs'
import { measurePushes, pushColumns } from './pushes.mjs'
import { pageSize, searches } from './searches.mjs'
import { fill } from './shards.mjs'
import { milliseconds, printTable } from './table.mjs'

/** Searches in SQLite, and in a plain table of names and descriptions beside it, which is read with LIKE. */
export async function measureSqlite({ folder, repositories, rounds, pushes }) {
  const files = Object.fromEntries(['index', 'textless', 'plain'].map((name) => [name, join(folder, `${name}.sqlite`)]))
  const index = await sqliteIndex({ file: files.index })
  const registry = await createRegistry({ driver: memoryDriver(), index, exclusive: true })
  await fill(index, repositories)
  const plain = plainTable(files.plain, repositories)
  const rows = []
  for (const [title, text] of searches) {
    const search = () => registry.repositories.search(text, { limit: pageSize })
    const { found, more, repositories: page } = await search()
    const ours = percentiles(await timesOf(rounds, search)).map(milliseconds)
    const like = percentiles(await timesOf(rounds, () => plain.search(text))).map(milliseconds)
    // Where everything was ranked, both have the same page.
    const [names, likeNames] = [page, plain.search(text)].map((found) => found.map(({ name }) => name).join(' '))
    if (!more && names !== likeNames) throw new Error(`LIKE finds ${likeNames || 'nothing'} by ${JSON.stringify(text)}, and the registry ${names || 'nothing'}`)
    rows.push([`${title}${text && `: \`${text}\``}`, `${found.toLocaleString('en')}${more ? '+' : ''}`, ...ours, ...like])
  }
  printTable('SQLite', ['search', 'found', 'p50 ms', 'p95 ms', 'LIKE p50 ms', 'LIKE p95 ms'], rows)
  await registry.close()
  plain.close()

  const textless = await sqliteIndex({ file: files.textless })
  await fill(textless, repositories, { searchable: false })
  await textless.close()
  const bytes = await Promise.all([files.index, files.textless, files.plain].map(async (file) => Math.round((await stat(file)).size / repositories.length)))
  printTable('Bytes for each repository, SQLite', ['rows and search', 'rows alone', 'for search', 'plain table'], [[bytes[0], bytes[1], bytes[0] - bytes[1], bytes[2]]])

  let number = 0
  const pushRows = await measurePushes('SQLite', pushes, { openIndex: () => sqliteIndex({ file: join(folder, `pushes-${number++}.sqlite`) }) })
  printTable('Pushes, SQLite', pushColumns, pushRows)
}

/** What is written first: it finds the same in the same order, and says how many. */
function plainTable(file, repositories) {
  const database = new Sqlite(file)
  database.exec('CREATE TABLE repository (name TEXT PRIMARY KEY, description TEXT) WITHOUT ROWID')
  const insert = database.prepare('INSERT INTO repository VALUES (?, ?)')
  database.transaction(() => {
    for (const { name, description } of repositories) insert.run(name, description)
  })()
  const statementOf = (terms) => {
    const having = (column, operator) => terms.map((_, n) => `${column} LIKE @term${n}`).join(operator)
    const found = terms.length === 0 ? 'true' : terms.map((_, n) => `(name LIKE @term${n} OR description LIKE @term${n})`).join(' AND ')
    const rank = terms.length === 0 ? '0' : `CASE WHEN name = @text THEN 0 WHEN name LIKE @text || '%' THEN 1 WHEN ${having('name', ' AND ')} THEN 2 ELSE 3 END`
    return database.prepare(`SELECT name, description, count(*) OVER () AS found, ${rank} AS rank FROM repository WHERE ${found} ORDER BY rank, name LIMIT ${pageSize}`)
  }
  return {
    search: (text) => {
      const terms = text.split(' ').filter((term) => term !== '')
      return statementOf(terms).all({ text, ...Object.fromEntries(terms.map((term, n) => [`term${n}`, `%${term}%`])) })
    },
    close: () => database.close(),
  }
}

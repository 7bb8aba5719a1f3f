import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../src/database.js'
import { sqliteIndex } from '../src/index.js'
import { schemaVersion } from '../src/schema.js'
import { temporaryDirectory } from './temporary-directory.js'

async function mode(file: string): Promise<string> {
  return ((await stat(file)).mode & 0o777).toString(8)
}

/** A path in a new directory, after `prepare` wrote a database there. */
async function prepared(prepare: (database: Database) => void): Promise<string> {
  const file = path.join(await temporaryDirectory(), 'index.sqlite')
  const database = openDatabase(file, 0)
  prepare(database)
  database.close()
  return file
}

/** An index that opens, as others must not. */
async function refused(file: string, code: string, ...words: readonly string[]): Promise<void> {
  const error: unknown = await sqliteIndex({ file, busyTimeout: 50 }).then(() => 'opened', (reason: unknown) => reason)
  expect(error).toMatchObject({ code, driver: 'sqlite', operation: 'open' })
  for (const word of [file, ...words]) expect((error as Error).message).toContain(word)
}

describe('opening an index', () => {
  it('makes the directories, for this user alone', async () => {
    const directory = await temporaryDirectory()
    const file = path.join(directory, 'a', 'b', 'index.sqlite')
    const index = await sqliteIndex({ file })
    await index.commit([{ op: 'put', key: { partition: 'p', sort: 's' }, value: 1 }])
    expect([await mode(path.join(directory, 'a')), await mode(path.join(directory, 'a/b')), await mode(file), await mode(`${file}-wal`)]).toEqual(['700', '700', '600', '600'])
    await index.close()
  })

  it('takes an empty file for a new index', async () => {
    const file = path.join(await temporaryDirectory(), 'index.sqlite')
    await writeFile(file, '')
    const index = await sqliteIndex({ file })
    expect((await index.scan('p')).entries).toEqual([])
    await index.close()
  })

  it('takes a name that SQLite would read as a URI for a path', async () => {
    const directory = await temporaryDirectory()
    const index = await sqliteIndex({ file: path.relative(process.cwd(), path.join(directory, 'file:x?mode=memory')) })
    await index.close()
    expect((await stat(path.join(directory, 'file:x?mode=memory'))).isFile()).toBe(true)
  })

  it('refuses a newer schema, and names both versions', async () => {
    const file = path.join(await temporaryDirectory(), 'index.sqlite')
    await (await sqliteIndex({ file })).close()
    const database = openDatabase(file, 0)
    database.exec(`PRAGMA user_version = ${schemaVersion + 6}`)
    database.close()
    await refused(file, 'UNSUPPORTED', `version ${schemaVersion + 6}`, `knows ${schemaVersion}`)
  })

  it('refuses a database of another program, and leaves it as it is', async () => {
    const foreign = await prepared((database) => { database.exec('CREATE TABLE notes (text)') })
    const marked = await prepared((database) => { database.exec('PRAGMA application_id = 1; PRAGMA user_version = 3') })
    for (const file of [foreign, marked]) {
      const before = await readFile(file)
      await refused(file, 'CONFIG', 'another program')
      expect((await readFile(file)).equals(before)).toBe(true)
    }
  })

  it('refuses a file that is no database, and leaves it as it is', async () => {
    const file = path.join(await temporaryDirectory(), 'index.sqlite')
    await writeFile(file, 'Not a database. '.repeat(1000))
    await refused(file, 'CORRUPT', 'no SQLite database')
    expect((await readFile(file, 'utf8')).startsWith('Not a database. Not')).toBe(true)
  })

  it('refuses a directory, and a path through a file', async () => {
    const directory = await temporaryDirectory()
    await mkdir(path.join(directory, 'folder'))
    await writeFile(path.join(directory, 'plain'), '')
    await refused(path.join(directory, 'folder'), 'CONFIG', 'no file')
    await refused(path.join(directory, 'plain', 'index.sqlite'), 'CONFIG', 'a file, not a directory')
  })

  it('refuses options that make no sense', async () => {
    for (const options of [{ file: '' }, { file: ':memory:' }, { file: 'a\0b' }, { file: 'x', busyTimeout: -1 }, { file: 'x', busyTimeout: 0.5 }]) {
      await expect(sqliteIndex(options), JSON.stringify(options)).rejects.toMatchObject({ code: 'CONFIG' })
    }
  })
})

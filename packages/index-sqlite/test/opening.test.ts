import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { ErrorCode } from '@registry/core'
import { describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../src/database.js'
import { sqliteIndex } from '../src/index.js'
import { schema } from '../src/schema.js'
import { expectTrouble } from './expect-trouble.js'
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

/** Fails unless the index is refused, in words. */
async function refused(file: string, code: ErrorCode, todo: string, ...words: readonly string[]): Promise<void> {
  const error = await expectTrouble(sqliteIndex({ file, busyTimeout: 50 }), code, file, todo)
  expect(error).toMatchObject({ operation: 'open' })
  for (const word of words) expect((error as Error).message).toContain(word)
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

  it('refuses a newer schema, names both versions, and leaves it as it is', async () => {
    const file = path.join(await temporaryDirectory(), 'index.sqlite')
    await (await sqliteIndex({ file })).close()
    const database = openDatabase(file, 0)
    database.exec(`PRAGMA user_version = ${schema.version + 6}`)
    database.close()
    const before = await readFile(file)
    await refused(file, 'UNSUPPORTED', 'use the version that wrote it', `version ${schema.version + 6}`, `knows ${schema.version}`)
    expect((await readFile(file)).equals(before)).toBe(true)
  })

  it('refuses a database of another program, and leaves it as it is', async () => {
    const foreign = await prepared((database) => { database.exec('CREATE TABLE notes (text)') })
    const marked = await prepared((database) => { database.exec('PRAGMA application_id = 1; PRAGMA user_version = 3') })
    for (const file of [foreign, marked]) {
      const before = await readFile(file)
      await refused(file, 'CONFIG', 'choose another file', 'another program')
      expect((await readFile(file)).equals(before)).toBe(true)
    }
  })

  it('knows the search index of a classic docker-registry, leaves it as it is, and says which option names another file', async () => {
    const file = await prepared((database) => { database.exec('CREATE TABLE version (id INTEGER); CREATE TABLE repository (id INTEGER, name TEXT)') })
    const before = await readFile(file)
    await refused(file, 'CONFIG', '`sqlalchemy_index_database`, or `file` of the section `sqlite`', 'search index of a classic docker-registry, and was not touched')
    expect((await readFile(file)).equals(before)).toBe(true)
  })

  it('refuses a file that is no database, and leaves it as it is', async () => {
    const file = path.join(await temporaryDirectory(), 'index.sqlite')
    await writeFile(file, 'Not a database. '.repeat(1000))
    await refused(file, 'CORRUPT', 'choose another file', 'no SQLite database')
    expect(await readFile(file, 'utf8')).toBe('Not a database. '.repeat(1000))
  })

  it('refuses a directory, and a path through a file', async () => {
    const directory = await temporaryDirectory()
    await mkdir(path.join(directory, 'folder'))
    await writeFile(path.join(directory, 'plain'), '')
    await refused(path.join(directory, 'folder'), 'CONFIG', 'choose another path', 'no file')
    await refused(path.join(directory, 'plain', 'index.sqlite'), 'CONFIG', 'choose another path', 'a file, not a directory')
  })

  it('refuses options that make no sense', async () => {
    for (const options of [{ file: '' }, { file: ':memory:' }, { file: 'a\0b' }, { file: 'x', busyTimeout: -1 }, { file: 'x', busyTimeout: 0.5 }]) {
      await expect(sqliteIndex(options), JSON.stringify(options)).rejects.toMatchObject({ code: 'CONFIG' })
    }
  })
})

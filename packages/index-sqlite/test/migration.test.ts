import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { PutChange } from '@registry/core'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { openDatabase } from '../src/database.js'
import { type Migrated, sqliteIndex } from '../src/index.js'
import { schema, type Schema } from '../src/schema.js'
import { openIndex } from '../src/sqlite-index.js'
import { expectTrouble } from './expect-trouble.js'
import { plantZero, schemaWithZero } from './schema-zero.js'
import { temporaryDirectory } from './temporary-directory.js'

const put = (sort: string, value = 1): PutChange => ({ op: 'put', key: { partition: 'p', sort }, value, text: sort })

async function planted(): Promise<{ directory: string; file: string }> {
  const directory = await temporaryDirectory()
  const file = path.join(directory, 'index.sqlite')
  plantZero(file, [put('apple'), put('pear')])
  return { directory, file }
}

/** The schema with a step from version 0 that fails at its end. */
const failing: Schema = { ...schema, migrations: [{ from: 0, to: schema.version, sql: 'DROP TABLE facts; CREATE TABLE entries (a); SELECT nothing FROM nowhere' }] }

describe('migration', () => {
  it('keeps the file as it was beside it, private and whole, and tells where', async () => {
    const { directory, file } = await planted()
    const told: Migrated[] = []
    const open = async (): Promise<readonly unknown[]> => {
      const index = await openIndex({ file, onMigration: (migrated) => told.push(migrated) }, schemaWithZero)
      const { entries } = await index.search({ partition: 'p', text: 'app' })
      await index.close()
      return entries
    }
    expect(await open()).toEqual([{ key: { partition: 'p', sort: 'apple' }, value: 1, revision: 'revision 0' }])
    expect(await open()).toHaveLength(1)
    expect(told).toEqual([{ from: 0, to: schema.version, copy: `${file}.before-0` }])
    expect((await readdir(directory)).sort()).toEqual(['index.sqlite', 'index.sqlite.before-0'])
    expect((await stat(`${file}.before-0`)).mode & 0o777).toBe(0o600)
    const copy = openDatabase(`${file}.before-0`, 0)
    onTestFinished(() => { copy.close() })
    expect([copy.pragma('user_version'), copy.pragma('integrity_check')]).toEqual([0, 'ok'])
    expect(copy.prepare('SELECT sort FROM facts ORDER BY sort').all()).toEqual([{ sort: 'apple' }, { sort: 'pear' }])
  })

  it('warns where nobody asked to be told', async () => {
    const { file } = await planted()
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    onTestFinished(() => { warn.mockRestore() })
    await (await openIndex({ file }, schemaWithZero)).close()
    expect(warn.mock.calls.map(([message]) => message)).toEqual([expect.stringContaining(`${file}.before-0`)])
  })

  it('has the copy on the disk before the first step, and takes what others committed until then', async () => {
    const { file } = await planted()
    const log = openDatabase(file, 0)
    onTestFinished(() => { log.close() })
    expect(log.pragma('journal_mode = WAL')).toBe('wal')
    log.exec("INSERT INTO facts VALUES ('p', 'late', '1', 'r', NULL)")
    await expectTrouble(openIndex({ file }, failing), 'INTERNAL', file, 'use the version that wrote it')
    const copy = openDatabase(`${file}.before-0`, 0)
    onTestFinished(() => { copy.close() })
    expect(copy.prepare('SELECT count(*) AS count FROM facts').all()).toEqual([{ count: 3 }])
  })

  it('leaves the file as it was where a step fails, and replaces the copy at the next attempt', async () => {
    const { directory, file } = await planted()
    const before = await readFile(file)
    for (const attempt of [1, 2]) {
      await expectTrouble(openIndex({ file }, failing), 'INTERNAL', file, 'report this')
      expect((await readFile(file)).equals(before), `attempt ${attempt}`).toBe(true)
    }
    expect((await readdir(directory)).sort()).toEqual(['index.sqlite', 'index.sqlite.before-0'])
    const index = await openIndex({ file, onMigration: () => undefined }, schemaWithZero)
    onTestFinished(() => index.close())
    expect((await index.scan('p')).entries).toHaveLength(2)
  })

  it('takes all steps of a chain, or none', async () => {
    const { file } = await planted()
    const chain: Schema = {
      ...schema,
      version: schema.version + 1,
      migrations: [{ from: schema.version, to: schema.version + 1, sql: 'SELECT nothing FROM nowhere' }, ...schemaWithZero.migrations],
    }
    const before = await readFile(file)
    const error = await expectTrouble(openIndex({ file }, chain), 'INTERNAL', file, 'report this')
    expect((error as Error).message).toContain(`from schema version ${schema.version} to ${schema.version + 1}`)
    expect((await readFile(file)).equals(before)).toBe(true)
    const good: Schema = { ...chain, migrations: chain.migrations.map((step) => (step.from === schema.version ? { ...step, sql: 'CREATE TABLE most (a)' } : step)) }
    await (await openIndex({ file, onMigration: () => undefined }, good)).close()
    const database = openDatabase(file, 0)
    onTestFinished(() => { database.close() })
    expect(database.pragma('user_version')).toBe(schema.version + 1)
  })

  it('finds the texts of version 1, whatever is in them, by terms of every length', async () => {
    const file = path.join(await temporaryDirectory(), 'index.sqlite')
    const texts = ['a', 'ab', '', 'left\0right', '"%_', '\u{1f600}', 'Äpfel\npears']
    plantZero(file, texts.map((text, number) => ({ ...put(String(number)), text })))
    const index = await openIndex({ file, onMigration: () => undefined }, schemaWithZero)
    onTestFinished(() => index.close())
    const found = async (text: string): Promise<readonly string[]> => (await index.search({ partition: 'p', text })).entries.map(({ key }) => key.sort)
    const expected: readonly (readonly [string, string])[] = [
      ['a', '016'], ['b', '1'], ['ab', '1'], ['', '0123456'], ['left', '3'], ['right', '3'], ['t\0r', '3'], ['ft', '3'], ['"', '4'], ['%_', '4'], ['\u{1f600}', '5'], ['rs äp', '6'], ['b ', '1'], ['zz', ''],
    ]
    for (const [text, sorts] of expected) expect([text, (await found(text)).join('')]).toEqual([text, sorts])
  })

  it('goes on over what a copy left behind that was cut off', async () => {
    const { directory, file } = await planted()
    await writeFile(`${file}.before-0.partial`, 'half')
    await (await openIndex({ file, onMigration: () => undefined }, schemaWithZero)).close()
    expect((await readdir(directory)).sort()).toEqual(['index.sqlite', 'index.sqlite.before-0'])
  })

  it('refuses a version that no step begins at, and leaves it as it is', async () => {
    const { directory, file } = await planted()
    const before = await readFile(file)
    await expectTrouble(sqliteIndex({ file }), 'UNSUPPORTED', file, 'an earlier version that knows both')
    expect((await readFile(file)).equals(before)).toBe(true)
    expect(await readdir(directory)).toEqual(['index.sqlite'])
  })

  it('lets no process write that opened the file before a later version migrated it', async () => {
    const file = path.join(await temporaryDirectory(), 'index.sqlite')
    const index = await sqliteIndex({ file })
    onTestFinished(() => index.close())
    await index.commit([put('a')])
    const later = openDatabase(file, 0)
    later.exec(`PRAGMA user_version = ${schema.version + 1}`)
    await expectTrouble(index.commit([put('b')]), 'UNSUPPORTED', file, 'start this process again')
    await expectTrouble(index.commit([{ op: 'check', key: put('a').key, expect: 'present' }]), 'UNSUPPORTED', file, 'start this process again')
    expect([later.pragma('user_version'), (await index.scan('p')).entries.length]).toEqual([schema.version + 1, 1])
    later.close()
  })
})

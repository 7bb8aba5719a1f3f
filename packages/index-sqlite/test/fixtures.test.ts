import { copyFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { sqliteIndex } from '../src/index.js'
import { schema } from '../src/schema.js'
import { temporaryDirectory } from './temporary-directory.js'

/** Every schema from 1 on was released. */
const released = Array.from({ length: schema.version }, (_, number) => number + 1)

describe('what a release wrote', () => {
  for (const version of released) {
    it(`with schema version ${version} opens, with all that is in it, and can be written`, async () => {
      const file = path.join(await temporaryDirectory(), 'index.sqlite')
      await copyFile(path.join(import.meta.dirname, 'fixtures', `schema-${version}.sqlite`), file)
      const index = await sqliteIndex({ file, onMigration: () => undefined })
      onTestFinished(() => index.close())
      const { entries } = await index.scan('facts')
      expect(entries.map(({ key, value }) => [key.sort, value])).toEqual([['a', { n: 1 }], ['b', ['x', null, 0.5]], ['\u{1f600}', 'text']])
      expect((await index.get([{ partition: 'elsewhere', sort: 'a' }]))[0]?.value).toBe(true)
      const found = async (text: string): Promise<readonly string[]> => (await index.search({ partition: 'facts', text })).entries.map(({ key }) => key.sort)
      expect([await found('ÄPFEL'), await found('apple'), await found('gone'), await found('p')]).toEqual([['a'], ['\u{1f600}'], [], ['a', '\u{1f600}']])
      await index.commit([{ op: 'put', key: { partition: 'facts', sort: 'a' }, value: 2, text: 'plum', expect: entries[0]! }])
      expect([await found('äpfel'), await found('plum')]).toEqual([[], ['a']])
    })
  }
})

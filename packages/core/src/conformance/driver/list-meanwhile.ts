import { expectAnswer, expectEqual } from '../expectations.js'
import { nextTurn, patternBytes } from './bodies.js'
import { manyKeys } from './list.js'
import { expectContents, keyBytes, listKeys, putBytes, putKeys, type DriverCase } from './objects.js'

export const listMeanwhileCases: readonly DriverCase[] = [
  {
    id: 'list/deleted-ahead',
    clause: 'A list may show or pass over what is deleted before it gets there; it shows the rest, and goes on to the end.',
    async run({ open }) {
      const [driver, other] = [await open(), await open()]
      const keys = Array.from({ length: 90 }, (_, i) => `many/${i % 9}/${i}`).sort()
      // Whole folders, and single keys of others.
      const gone = keys.filter((key, i) => key.startsWith('many/4/') || key.startsWith('many/8/') || i % 7 === 5).slice(5)
      await putKeys(driver, keys)
      const got: string[] = []
      for await (const { key } of driver.list()) {
        if (got.length === 0) await other.delete(gone)
        got.push(key)
      }
      expectEqual('keys that were not deleted', got.filter((key) => !gone.includes(key)), keys.filter((key) => !gone.includes(key)))
    },
  },
  {
    id: 'list/overwritten-meanwhile',
    clause: 'An object that is overwritten meanwhile, again and again, is listed once and is never absent.',
    async run({ open }) {
      const [driver, other] = [await open(), await open()]
      const keys = ['folder/a', 'folder/b', 'folder/c']
      await putKeys(driver, keys)
      const writing = { ended: false }
      const writers = keys.map(async (key) => {
        for (let times = 0; times < 10; times++) await putBytes(other, key, patternBytes(100, times + 1))
      })
      const written = Promise.allSettled(writers).finally(() => {
        writing.ended = true
      })
      while (!writing.ended) {
        expectEqual('keys of a list while its objects are overwritten', await listKeys(driver), keys)
        for (const key of keys) expectEqual('key in head while the object is overwritten', (await driver.head(key))?.key, key)
        await nextTurn()
      }
      await written
      await Promise.all(writers)
    },
  },
  {
    id: 'list/left-many',
    clause: 'Three thousand lists may be left early, one after the other, and nothing of them keeps the driver from going on, or from closing.',
    async run({ open }) {
      const driver = await open()
      const keys = manyKeys(30).toSorted()
      await putKeys(driver, keys)
      for (let times = 0; times < 3000; times++) {
        for await (const { key } of driver.list()) {
          expectEqual('first key of a list that is left', key, keys[0])
          break
        }
      }
      await expectContents('after lists that were left', driver, Object.fromEntries(keys.map((key) => [key, keyBytes(key)])))
      await expectAnswer('close behind lists that were left', driver.close())
    },
  },
]

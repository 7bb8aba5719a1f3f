import type { Driver, ObjectInfo } from '../../driver.js'
import { expectEqual, expectSoon, expectThat } from '../expectations.js'
import { patternBytes } from './bodies.js'
import { generatedObject } from './generated.js'
import { severalParts } from './large.js'
import { expectSameFacts, putBytes, type DriverCase } from './objects.js'

const hour = 60 * 60 * 1000

export const headCases: readonly DriverCase[] = [
  {
    id: 'head/absent',
    clause: 'head of a key without an object resolves to undefined.',
    async run({ open }) {
      const driver = await open()
      const info = await driver.head('folder/absent')
      expectThat('head(absent)', info === undefined, 'undefined', info)
    },
  },
  {
    id: 'head/present',
    clause: 'head tells key and size of the object.',
    async run({ open }) {
      const driver = await open()
      await putBytes(driver, 'folder/key', patternBytes(1234))
      const info = await driver.head('folder/key')
      expectEqual('head(folder/key)', [info?.key, info?.size], ['folder/key', 1234])
    },
  },
  {
    id: 'head/modified',
    clause: 'modified is the Date when the object was put, by a clock within an hour of ours.',
    async run({ open }) {
      const driver = await open()
      await putBytes(driver, 'key', patternBytes(1))
      const modified: unknown = (await driver.head('key'))?.modified
      const near = modified instanceof Date && Math.abs(modified.getTime() - Date.now()) < hour
      expectThat('modified of an object that was just put', near, `a Date near ${new Date().toISOString()}`, modified)
    },
  },
  {
    id: 'head/overwritten',
    clause: 'head tells the facts of the last object put.',
    async run({ open }) {
      const driver = await open()
      await putBytes(driver, 'key', patternBytes(10))
      await driver.head('key')
      await putBytes(driver, 'key', patternBytes(7))
      expectEqual('size in head after an overwrite', (await driver.head('key'))?.size, 7)
    },
  },
  {
    id: 'head/modified-overwritten',
    clause: 'An overwrite makes modified its own date, in head, open and list, also where the bytes are the same.',
    async run({ open }) {
      const driver = await open()
      await putBytes(driver, 'key', patternBytes(10))
      const first = (await driver.head('key'))?.modified
      // The clock of a backend may count whole seconds.
      await expectSoon('modified of an object that is overwritten', 'a later date than that of the first put', async () => {
        await putBytes(driver, 'key', patternBytes(10))
        const last = (await driver.head('key'))?.modified
        return first !== undefined && last !== undefined && last > first
      })
      await expectSameFacts('after an overwrite', driver, 'key')
    },
  },
  {
    id: 'head/modified-later',
    clause: 'What is put later is younger: another key, one that was deleted and is put again, and one put by a new instance.',
    async run({ open }) {
      const driver = await open()
      await putBytes(driver, 'key', patternBytes(10))
      await putBytes(driver, 'gone', patternBytes(10))
      const first = (await expectSameFacts('after the first put', driver, 'gone'))?.modified
      await driver.delete(['gone'])
      await untilLater(driver, first)
      for (const instance of [driver, await open()]) {
        for (const [key, what] of [['gone', 'a key that was deleted and is put again'], ['new', 'another key']] as const) {
          await putBytes(instance, key, patternBytes(10))
          expectLater(`modified of ${what}`, await instance.head(key), first)
        }
        await instance.delete(['gone', 'new'])
      }
    },
  },
  {
    id: 'head/large-modified',
    clause: 'modified of a large object is when it was put, near ours, and that of an overwrite is its own, the same in head, open and list.',
    async run({ open }) {
      const driver = await open()
      const object = generatedObject(severalParts(driver))
      await driver.put('large', object.body())
      const first = (await expectSameFacts('after a large put', driver, 'large'))?.modified
      const near = first !== undefined && Math.abs(first.getTime() - Date.now()) < hour
      expectThat('modified of a large object that was just put', near, `a Date near ${new Date().toISOString()}`, first)
      await untilLater(driver, first)
      await driver.put('large', object.body())
      expectLater('modified of a large object that was overwritten', await expectSameFacts('after a large overwrite', driver, 'large'), first)
    },
  },
  {
    id: 'head/folder',
    clause: 'The folder of a key is no object, and an object is no folder.',
    async run({ open }) {
      const driver = await open()
      await putBytes(driver, 'a/b/c', patternBytes(1))
      expectEqual('head of a key that is the folder of another', await driver.head('a/b'), undefined)
      expectEqual('head of a key below an object', await driver.head('a/b/c/d'), undefined)
    },
  },
]

/** Until the clock of the backend, which may count whole seconds, has gone on. */
async function untilLater(driver: Driver, first: Date | undefined): Promise<void> {
  await expectSoon('modified of a key that is put again and again', 'a later date than that of the first put', async () => {
    await putBytes(driver, 'probe', patternBytes(10))
    return isLater(await driver.head('probe'), first)
  })
}

function expectLater(what: string, info: ObjectInfo | undefined, first: Date | undefined): void {
  expectThat(what, isLater(info, first), `a later date than that of the first put, ${String(first?.toISOString())}`, info?.modified)
}

function isLater(info: ObjectInfo | undefined, first: Date | undefined): boolean {
  return info !== undefined && first !== undefined && info.modified > first
}

import { expectCode, expectEqual } from '../expectations.js'
import { patternBytes } from './bodies.js'
import { expectContents, keyBytes, listKeys, putBytes, putKeys, type Contents, type DriverCase } from './objects.js'

/** A case that deleting `deleted` leaves of `present` what is not among them. */
function deletes(id: string, clause: string, present: readonly string[], deleted: readonly string[]): DriverCase {
  return {
    id,
    clause,
    async run({ open }) {
      const driver = await open()
      await putKeys(driver, present)
      await driver.delete(deleted)
      const left: Contents = Object.fromEntries(present.filter((key) => !deleted.includes(key)).map((key) => [key, keyBytes(key)]))
      await expectContents(`after delete of ${deleted.length}`, driver, left)
    },
  }
}

export const deleteCases: readonly DriverCase[] = [
  deletes('delete/one', 'delete removes the object.', ['folder/a', 'folder/b'], ['folder/a']),
  deletes('delete/many', 'delete removes all of its keys.', ['a/a', 'a/b', 'a/c/d', 'b', 'c/d'], ['a/a', 'a/c/d', 'b', 'c/d']),
  deletes('delete/absent', 'An absent key is fine.', ['folder/a'], ['folder/absent', 'absent/folder/key']),
  deletes('delete/some-absent', 'Absent keys beside present ones are fine.', ['a/a', 'a/b', 'b'], ['a/absent', 'a/a', 'c/absent', 'b']),
  deletes('delete/none', 'No keys are fine.', ['a/a'], []),
  deletes('delete/same', 'A key may be named twice.', ['a/a', 'a/b'], ['a/a', 'a/a']),
  deletes('delete/neighbours', 'Keys that begin with a deleted one stay.', ['a/b', 'a/b!', 'a/b-c/d', 'a/bc', 'b'], ['a/b']),
  deletes('delete/folder', 'The folder of a key is no object: nothing below it is deleted.', ['a/b/c', 'a/b/d'], ['a', 'a/b']),
  deletes('delete/below', 'A key below an object is absent.', ['a/b'], ['a/b/c']),
  {
    id: 'delete/thousand',
    clause: 'delete takes more keys than a backend takes in one request.',
    async run({ open }) {
      const driver = await open()
      const keys = Array.from({ length: 3005 }, (_, i) => `folder/${i}`)
      const present = keys.filter((_, i) => i % 100 === 0 || i % 100 === 99 || i > 3000)
      await putKeys(driver, [...present, 'stays'])
      await driver.delete(keys)
      expectEqual('keys after delete of 3005', await listKeys(driver), ['stays'])
    },
  },
  {
    id: 'delete/at-once',
    clause: 'The same keys may be deleted by several calls at once, of one instance and of two.',
    async run({ open }) {
      const [driver, other] = [await open(), await open()]
      const keys = Array.from({ length: 30 }, (_, i) => `folder/${i % 3}/${i}`)
      await putKeys(driver, [...keys, 'folder/0/stays'])
      await Promise.all([driver.delete(keys), other.delete(keys), driver.delete(keys.toReversed())])
      await expectContents('after three deletes of the same keys at once', other, { 'folder/0/stays': keyBytes('folder/0/stays') })
    },
  },
  {
    id: 'delete/gone',
    clause: 'A deleted object is absent from head and open.',
    async run({ open }) {
      const driver = await open()
      await putBytes(driver, 'folder/key', patternBytes(10))
      await driver.delete(['folder/key'])
      expectEqual('head of a deleted object', await driver.head('folder/key'), undefined)
      await expectCode('open of a deleted object', 'NOT_FOUND', driver.open('folder/key'))
    },
  },
  {
    id: 'delete/put-again',
    clause: 'A deleted key can be put again.',
    async run({ open }) {
      const driver = await open()
      await putBytes(driver, 'folder/key', patternBytes(10, 1))
      await driver.delete(['folder/key'])
      await putBytes(driver, 'folder/key', patternBytes(20, 2))
      await expectContents('after a put of a deleted key', driver, { 'folder/key': patternBytes(20, 2) })
    },
  },
]

import type { Driver } from '../../driver.js'
import { expectTypeError } from '../expectations.js'
import { bodyOf, patternBytes } from './bodies.js'
import { expectContents, putBytes, type DriverCase } from './objects.js'

/** No keys: they would leave their folder, or mean another thing to a file system, a URL or a person. */
const untame: readonly string[] = [
  '', '/', '/a', 'a/', 'a//b', '.', '..', '../a', 'a/..', 'a/./b', 'a/../../b', '@a', 'A', 'a b', 'a%2fb', 'a\\b', 'a:b', 'a*', 'ä', 'a\0', 'a\n',
  'a'.repeat(201), `a/${'b'.repeat(201)}`, `${'a/'.repeat(449)}abc`,
]

/** A case that the method refuses what is no key, and changes nothing. */
function refuses(method: string, call: (driver: Driver, key: string) => Promise<unknown>): DriverCase {
  return {
    id: `${method}/untame`,
    clause: `${method} of what is no key, such as one that leaves its folder or is too long, rejects with a TypeError, and changes nothing.`,
    async run({ open }) {
      const driver = await open()
      await putBytes(driver, 'folder/key', patternBytes(10))
      for (const key of untame) await expectTypeError(`${method} of the key ${JSON.stringify(key)}`, call(driver, key))
      await expectContents(`after ${method} of what is no key`, driver, { 'folder/key': patternBytes(10) })
    },
  }
}

export const untameCases: readonly DriverCase[] = [
  refuses('head', (driver, key) => driver.head(key)),
  refuses('open', (driver, key) => driver.open(key)),
  refuses('put', (driver, key) => driver.put(key, bodyOf(patternBytes(5, 2)))),
  refuses('delete', (driver, key) => driver.delete(['folder/key', key])),
]

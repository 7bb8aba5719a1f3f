import type { Driver } from '../../driver.js'
import { expectCode } from '../expectations.js'
import { bodyOf, patternBytes } from './bodies.js'
import { expectContents, listKeys, putBytes, type DriverCase } from './objects.js'

/** A case that the method of a closed driver rejects with CLOSED. */
function refuses(method: string, call: (driver: Driver) => Promise<unknown>): DriverCase {
  return {
    id: `${method}/closed`,
    clause: `${method} of a driver that was closed rejects with CLOSED.`,
    async run({ open }) {
      const driver = await open()
      const other = await open()
      await putBytes(driver, 'folder/key', patternBytes(10))
      await driver.close()
      await expectCode(`${method} after close`, 'CLOSED', call(driver))
      await expectContents(`after ${method} of a closed driver`, other, { 'folder/key': patternBytes(10) })
    },
  }
}

export const closeCases: readonly DriverCase[] = [
  refuses('head', (driver) => driver.head('folder/key')),
  refuses('open', (driver) => driver.open('folder/key')),
  refuses('put', (driver) => driver.put('folder/key', bodyOf(patternBytes(3, 2)))),
  refuses('delete', (driver) => driver.delete(['folder/key'])),
  refuses('list', (driver) => listKeys(driver)),
  {
    id: 'close/twice',
    clause: 'close may be called again.',
    async run({ open }) {
      const driver = await open()
      await driver.close()
      await driver.close()
      await Promise.all([driver.close(), driver.close()])
    },
  },
  {
    id: 'close/other-instance',
    clause: 'Closing one instance leaves the others on the same data open.',
    async run({ open }) {
      const [driver, other] = [await open(), await open()]
      await putBytes(driver, 'folder/key', patternBytes(10, 1))
      await driver.close()
      await putBytes(other, 'folder/other', patternBytes(10, 2))
      await expectContents('of the instance that is open', other, { 'folder/key': patternBytes(10, 1), 'folder/other': patternBytes(10, 2) })
    },
  },
]

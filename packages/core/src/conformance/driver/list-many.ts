import { ConformanceError, expectEqual } from '../expectations.js'
import { manyKeys } from './list.js'
import { expectInOrder } from './list-thousands.js'
import { listKeys, putKeys, type DriverCase } from './objects.js'

const hour = 60 * 60 * 1000

export const listManyCases: readonly DriverCase[] = [
  {
    id: 'list/ten-thousand',
    clause: 'Ten thousand objects are listed in order, all in one loop, with their facts, by prefix, also one behind all others, from after to the end, and in pages of a thousand by after, each of them left early.',
    async run({ open }) {
      const driver = await open()
      const keys = manyKeys(10_000)
      await putKeys(driver, keys)
      const sorted = keys.toSorted()
      const listed: string[] = []
      for await (const { key, size, modified } of driver.list()) {
        listed.push(key)
        const isRight = size === key.length && Math.abs(modified.getTime() - Date.now()) < hour
        if (!isRight) throw new ConformanceError(`size and modified of object ${listed.length} of one list: expected ${key.length} and about now, got ${size} and ${modified.toISOString()}`)
      }
      expectInOrder('one list', listed, sorted)
      const paged: string[] = []
      for (let pages = 0; pages < 10; pages++) {
        let taken = 0
        for await (const { key } of driver.list({ after: paged.at(-1) })) {
          paged.push(key)
          if (++taken === 1000) break
        }
      }
      expectInOrder('ten pages', paged, sorted)
      expectEqual('keys after the last one', await listKeys(driver, { after: paged.at(-1) }), [])
      const after = sorted[10]!
      expectInOrder(`one list after ${after}`, await listKeys(driver, { after }), sorted.slice(11))
      await putKeys(driver, ['another/before', 'zz/behind'])
      const prefix = 'many/'
      expectInOrder(`one list with the prefix ${prefix}`, await listKeys(driver, { prefix }), sorted)
      expectEqual('keys with a prefix that ten thousand others come before', await listKeys(driver, { prefix: 'zz/' }), ['zz/behind'])
    },
  },
]

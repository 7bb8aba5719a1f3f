import type { Driver } from '../../driver.js'
import { ConformanceError, expectEqual } from '../expectations.js'
import { listKeys, putKeys, type DriverCase } from './objects.js'

/** Each in a folder of its own: more keys, and more folders, than two pages of a thousand. */
const keys: readonly string[] = Array.from({ length: 2500 }, (_, i) => `many/${i}/key`).sort()

export const listThousandCases: readonly DriverCase[] = [
  {
    id: 'list/thousands-changed-meanwhile',
    clause: 'While thousands of objects are listed, puts before and behind and deletes of what was listed neither hide nor double the others.',
    async run({ open }) {
      const [driver, other] = [await open(), await open()]
      await putKeys(driver, keys)
      const added: string[] = []
      await expectWalk('a list while objects are put', driver, async (key, count) => {
        if (count % 100 !== 0) return
        const more = [`!/${count}`, `${key}-behind/${count}`, `z/${count}`]
        added.push(...more)
        await putKeys(other, more)
      })
      await driver.delete(added)
      let listed: string[] = []
      await expectWalk('a list while what it has listed is deleted', driver, async (key, count) => {
        listed.push(key)
        if (count % 100 !== 0) return
        await other.delete(listed)
        listed = []
      })
      expectEqual('keys after everything was deleted', await listKeys(driver), [])
    },
  },
  {
    id: 'list/thousands-side-by-side',
    clause: 'Lists of thousands of objects that go on at the same time in one instance do not disturb each other, whether they end or are left.',
    async run({ open }) {
      const driver = await open()
      await putKeys(driver, keys)
      await expectWalk('a list beside others', driver, async (_, count) => {
        if (![1, 700, 1000, 1001, 1999].includes(count)) return
        await expectWalk('a list inside another one', driver)
        for await (const { key } of driver.list({ prefix: 'many/1' })) {
          expectEqual('first key of a list that is left, inside another one', key, 'many/1/key')
          break
        }
      })
      const together = [0, 1200, 0, 900].map(async (start) => {
        const after = start > 0 ? keys[start - 1] : undefined
        expectInOrder(`one of four lists at once, after ${String(after)}`, await listKeys(driver, { after }), keys.slice(start))
      })
      await Promise.all(together)
    },
  },
]

/** A list of everything yields each of {@link keys} once, in order; `each` is called with those, and how many there were. */
async function expectWalk(what: string, driver: Driver, each?: (key: string, count: number) => Promise<void>): Promise<void> {
  const wanted = new Set(keys)
  const got: string[] = []
  for await (const { key } of driver.list()) {
    if (!wanted.has(key)) continue
    got.push(key)
    if (got.length > keys.length) throw new ConformanceError(`${what}: expected ${keys.length} keys, got more`)
    await each?.(key, got.length)
  }
  expectInOrder(what, got, keys)
}

/** Both lists are the same. The first difference is shown, and not the whole of them. */
export function expectInOrder(what: string, got: readonly string[], expected: readonly string[]): void {
  const position = expected.findIndex((key, index) => key !== got[index])
  if (position >= 0) expectEqual(`key ${position} of ${what}`, got[position], expected[position])
  expectEqual(`number of keys of ${what}`, got.length, expected.length)
}

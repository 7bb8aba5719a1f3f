import { expectEqual, expectThat } from '../expectations.js'
import { patternBytes } from './bodies.js'
import { keyBytes, listKeys, putBytes, putKeys, type DriverCase } from './objects.js'

/** Ascending by the bytes of the whole key: `! - . / 0 _ a`. */
const ordered = [
  '!', '-a', '.a/b', '0', '_',
  'a!/x', 'a!x', 'a-/x', 'a-b', 'a./x', 'a.b', 'a/!', 'a/-', 'a/b', 'a/b!', 'a/b-c/d', 'a/b.c', 'a/c/d', 'a/c0', 'a0', 'a_b', 'aa',
  'b/1', 'b/10', 'b/2', 'b0',
]

export const listCases: readonly DriverCase[] = [
  {
    id: 'list/empty',
    clause: 'A list may be empty.',
    async run({ open }) {
      const driver = await open()
      expectEqual('keys of an empty namespace', await listKeys(driver), [])
      expectEqual('keys of an empty namespace with a prefix', await listKeys(driver, { prefix: 'a/b' }), [])
    },
  },
  {
    id: 'list/info',
    clause: 'list tells key, size and modified, as head does.',
    async run({ open }) {
      const driver = await open()
      for (const [key, size] of [['a/b', 0], ['a/c/d', 5000], ['e', 1]] as const) await putBytes(driver, key, patternBytes(size))
      for await (const info of driver.list()) expectEqual(`facts of ${info.key} in list, compared with head`, info, await driver.head(info.key))
      expectEqual('keys', await listKeys(driver), ['a/b', 'a/c/d', 'e'])
    },
  },
  {
    id: 'list/order',
    clause: 'list ascends by the bytes of the whole key: a-b comes before a/b.',
    async run({ open }) {
      const driver = await open()
      await putKeys(driver, shuffled(ordered))
      expectEqual('keys in order', await listKeys(driver), ordered)
    },
  },
  {
    id: 'list/hundreds',
    clause: 'list yields every object once, however many there are.',
    async run({ open }) {
      const driver = await open()
      const keys = manyKeys(400)
      await putKeys(driver, keys)
      const got = await listKeys(driver)
      expectEqual('number of keys', got.length, keys.length)
      expectEqual('keys', got, keys.toSorted())
    },
  },
  {
    id: 'list/overwritten',
    clause: 'An object that was put twice is listed once, with its last facts.',
    async run({ open }) {
      const driver = await open()
      await putBytes(driver, 'a/b', patternBytes(10))
      await putBytes(driver, 'a/b', patternBytes(7))
      const listed: unknown[] = []
      for await (const { key, size } of driver.list()) listed.push([key, size])
      expectEqual('keys and sizes', listed, [['a/b', 7]])
    },
  },
  {
    id: 'list/deleted',
    clause: 'A deleted object is not listed.',
    async run({ open }) {
      const driver = await open()
      await putKeys(driver, ['a/b', 'a/c', 'd'])
      await driver.delete(['a/b', 'd'])
      expectEqual('keys after a delete', await listKeys(driver), ['a/c'])
    },
  },
  {
    id: 'list/break',
    clause: 'The loop over a list may be left, and others go on.',
    async run({ open }) {
      const driver = await open()
      const keys = manyKeys(50).toSorted()
      await putKeys(driver, keys)
      const [outer, inner]: [string[], string[]] = [[], []]
      for await (const { key } of driver.list()) {
        outer.push(key)
        for await (const other of driver.list()) {
          inner.push(other.key)
          break
        }
      }
      expectEqual('keys of the loop that went on', outer, keys)
      expectEqual('first keys of the loops that were left', inner, keys.map(() => keys[0]))
    },
  },
  {
    id: 'list/delete-meanwhile',
    clause: 'Deleting what was listed, while the list goes on, loses nothing of the rest.',
    async run({ open }) {
      const driver = await open()
      const keys = manyKeys(100)
      await putKeys(driver, keys)
      const got: string[] = []
      for await (const { key } of driver.list()) {
        got.push(key)
        await driver.delete([key])
      }
      expectEqual('keys of a list that deletes', got, keys.toSorted())
      expectEqual('keys after it', await listKeys(driver), [])
    },
  },
  {
    id: 'list/put-meanwhile',
    clause: 'Putting while a list goes on neither hides nor doubles what was there before.',
    async run({ open }) {
      const driver = await open()
      const keys = manyKeys(60)
      await putKeys(driver, keys)
      const got: string[] = []
      for await (const { key } of driver.list()) {
        if (keys.includes(key)) got.push(key)
        // One before and one behind what is listed, while there is something to list.
        if (keys.includes(key)) await putKeys(driver, [`!/${key}`, `${key}!`])
      }
      expectEqual('keys of the objects that were there before', got, keys.toSorted())
    },
  },
  {
    id: 'list/modified',
    clause: 'modified in list is a Date.',
    async run({ open }) {
      const driver = await open()
      await putBytes(driver, 'a', keyBytes('a'))
      for await (const { modified } of driver.list()) {
        expectThat('modified in list', (modified as unknown) instanceof Date, 'a Date', modified)
      }
    },
  },
]

/** Keys in folders of three depths, in no order. */
export function manyKeys(count: number): string[] {
  return Array.from({ length: count }, (_, i) => ['many', ...(i % 3 > 0 ? [`${i % 5}`] : []), ...(i % 3 > 1 ? ['deep'] : []), `n${i}`].join('/'))
}

function shuffled(keys: readonly string[]): string[] {
  return [...keys.filter((_, i) => i % 3 === 1), ...keys.filter((_, i) => i % 3 === 2).reverse(), ...keys.filter((_, i) => i % 3 === 0)]
}

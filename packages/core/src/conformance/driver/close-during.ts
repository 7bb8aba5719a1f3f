import { expectAnswer, expectBytes, expectEqual } from '../expectations.js'
import { bodyOf, nextTurn, patternBytes } from './bodies.js'
import { manyKeys } from './list.js'
import { expectContents, listKeys, putBytes, putKeys, severalChunks, type DriverCase } from './objects.js'
import { beginPut, whilePaused } from './paused-put.js'

export const closeDuringCases: readonly DriverCase[] = [
  {
    id: 'close/during-put',
    clause: 'A put that is under way at the close is stored whole and lasts, or rejects and leaves the key as it was; then close resolves.',
    async run({ open }) {
      const driver = await open()
      const [old, bytes] = [patternBytes(100, 1), patternBytes(severalChunks(driver), 2)]
      await putBytes(driver, 'folder/old', old)
      const keys = ['folder/new', 'folder/old'] as const
      const puts = keys.map((key) => beginPut(driver, key, bodyOf(bytes), bytes.byteLength / 2))
      let closing: Promise<void> | undefined
      await whilePaused(puts, async () => {
        closing = driver.close()
        closing.catch(() => undefined)
      })
      const settled = await Promise.allSettled(puts.map(({ answer }) => answer))
      await expectAnswer('close while puts were under way', closing!)
      const stored = keys.filter((_, index) => settled[index]?.status === 'fulfilled')
      const contents = { 'folder/old': old, ...Object.fromEntries(stored.map((key) => [key, bytes])) }
      await expectContents('after a close while puts were under way, and a restart', await open(), contents)
    },
  },
  {
    id: 'close/during-delete',
    clause: 'A delete that is under way at the close is done and lasts, or rejects, and takes no other key.',
    async run({ open }) {
      const keys = manyKeys(30)
      for (let turns = 0; turns < 4; turns++) {
        const driver = await open()
        await putKeys(driver, [...keys, 'stays'])
        const deleting = driver.delete(keys).then(() => true, () => false)
        for (let turn = 0; turn < turns; turn++) await nextTurn()
        await expectAnswer('close while a delete was under way', driver.close())
        const isDone = await expectAnswer('delete at a close', deleting)
        const left = await listKeys(await open())
        expectEqual('keys that were not to be deleted, after a close and a restart', left.filter((key) => !keys.includes(key)), ['stays'])
        if (isDone) expectEqual('keys after a delete that resolved beside a close, and a restart', left, ['stays'])
      }
    },
  },
  {
    id: 'close/during-open',
    clause: 'A body that is read on after the close comes whole or throws, and is never short.',
    async run({ open }) {
      for (const start of [0, 10]) {
        const driver = await open()
        const bytes = patternBytes(severalChunks(driver))
        await putBytes(driver, 'key', bytes)
        const object = await driver.open('key', start > 0 ? { range: { start } } : {})
        const chunks: Uint8Array[] = []
        let closing: Promise<void> | undefined
        const reading = async (): Promise<Uint8Array> => {
          for await (const chunk of object.body) {
            chunks.push(Uint8Array.from(chunk))
            closing ??= driver.close()
          }
          return Buffer.concat(chunks)
        }
        const got = await reading().catch(() => undefined)
        await object[Symbol.asyncDispose]()
        await expectAnswer('close while an object was open', closing ?? driver.close())
        if (got !== undefined) expectBytes(`bytes from ${start} on of a body that was read on after the close`, got, bytes.subarray(start))
      }
    },
  },
  {
    id: 'close/during-list',
    clause: 'A list that goes on after the close is whole or throws, and never ends early.',
    async run({ open }) {
      const driver = await open()
      const keys = manyKeys(60).toSorted()
      await putKeys(driver, keys)
      const got: string[] = []
      let closing: Promise<void> | undefined
      const listing = async (): Promise<boolean> => {
        for await (const { key } of driver.list()) {
          got.push(key)
          closing ??= driver.close()
        }
        return true
      }
      const isEnded = await listing().catch(() => false)
      await expectAnswer('close while a list was under way', closing ?? driver.close())
      if (isEnded) expectEqual('keys of a list that went on after the close', got, keys)
    },
  },
]

import { expectAnswer, expectBytes, expectEqual } from '../expectations.js'
import { bodyOf, patternBytes } from './bodies.js'
import { manyKeys } from './list.js'
import { expectContents, putBytes, putKeys, severalChunks, type DriverCase } from './objects.js'
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
    id: 'close/during-open',
    clause: 'A body that is read on after the close comes whole or throws, and is never short.',
    async run({ open }) {
      const driver = await open()
      const bytes = patternBytes(severalChunks(driver))
      await putBytes(driver, 'key', bytes)
      const object = await driver.open('key')
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
      if (got !== undefined) expectBytes('bytes of a body that was read on after the close', got, bytes)
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

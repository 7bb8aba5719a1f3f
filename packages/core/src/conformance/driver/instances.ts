import { expectBytes, expectCode, expectEqual } from '../expectations.js'
import { bodyOf, clockGoesOn, patternBytes } from './bodies.js'
import { expectContents, expectSameFacts, listKeys, putBytes, readAll, severalChunks, type DriverCase } from './objects.js'
import { beginPut, whilePaused } from './paused-put.js'

export const instanceCases: readonly DriverCase[] = [
  {
    id: 'instances/put',
    clause: 'What one instance has put, another on the same data sees at once, also in place of what it saw before.',
    async run({ open }) {
      const [driver, other] = [await open(), await open()]
      expectEqual('keys before the put', await listKeys(other), [])
      expectEqual('head before the put', await other.head('folder/key'), undefined)
      for (const size of [severalChunks(driver), 10]) {
        await putBytes(driver, 'folder/key', patternBytes(size, size))
        await expectContents('after a put by another instance', other, { 'folder/key': patternBytes(size, size) })
      }
    },
  },
  {
    id: 'instances/delete',
    clause: 'What one instance has deleted, another on the same data no longer sees.',
    async run({ open }) {
      const [driver, other] = [await open(), await open()]
      await putBytes(driver, 'folder/key', patternBytes(10))
      await expectContents('after a put by another instance', other, { 'folder/key': patternBytes(10) })
      await driver.delete(['folder/key'])
      expectEqual('head after a delete by another instance', await other.head('folder/key'), undefined)
      await expectCode('open after a delete by another instance', 'NOT_FOUND', other.open('folder/key'))
      await expectContents('after a delete by another instance', other, {})
    },
  },
  {
    id: 'instances/restart',
    clause: 'What was put and deleted before a restart stays so after it.',
    async run({ open }) {
      const before = await open()
      const bytes = patternBytes(severalChunks(before), 1)
      await putBytes(before, 'a/b', bytes)
      await putBytes(before, 'empty', patternBytes(0))
      await putBytes(before, 'gone', patternBytes(10))
      await before.delete(['gone'])
      await before.close()
      const after = await open()
      await expectContents('after a restart', after, { 'a/b': bytes, empty: patternBytes(0) })
      await putBytes(after, 'a/b', patternBytes(5, 2))
      await expectContents('after a restart and an overwrite', after, { 'a/b': patternBytes(5, 2), empty: patternBytes(0) })
    },
  },
  {
    id: 'instances/come-and-go',
    clause: 'Opening another instance, and closing one, takes nothing from what is under way in the others.',
    async run({ open }) {
      const [driver, leaving] = [await open(), await open()]
      const bytes = patternBytes(severalChunks(driver), 1)
      await putBytes(driver, 'folder/old', bytes)
      const reader = await driver.open('folder/old')
      const declared = beginPut(driver, 'folder/declared', bodyOf(bytes), bytes.byteLength / 2, { size: bytes.byteLength })
      const puts = [beginPut(driver, 'folder/new', bodyOf(bytes), bytes.byteLength / 2), declared]
      await whilePaused(puts, async () => {
        const coming = await open()
        await leaving.close()
        await expectContents('while another instance puts', coming, { 'folder/old': bytes })
        await coming.close()
      })
      for (const put of puts) expectEqual('answer of a put, while another instance came and went', await put.answer, { size: bytes.byteLength })
      expectBytes('bytes of an object that was open, while another instance came and went', await readAll(reader), bytes)
      await expectContents('after another instance came and went', driver, { 'folder/declared': bytes, 'folder/new': bytes, 'folder/old': bytes })
    },
  },
  {
    id: 'instances/modified',
    clause: 'modified is the same for every instance and after a restart, to the millisecond, in head, open and list.',
    async run({ open }) {
      const [driver, other] = [await open(), await open()]
      await putBytes(driver, 'folder/key', patternBytes(10))
      const put = await expectSameFacts('of the instance that has put', driver, 'folder/key')
      expectEqual('facts in another instance', await expectSameFacts('of another instance', other, 'folder/key'), put)
      await clockGoesOn()
      await driver.close()
      await other.close()
      const after = await open()
      expectEqual('facts after a restart', await expectSameFacts('after a restart', after, 'folder/key'), put)
    },
  },
]

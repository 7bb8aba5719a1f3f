import type { Driver } from '../../driver.js'
import { expectReason } from '../expectations.js'
import { patternBytes } from './bodies.js'
import { expectContents, listKeys, putBytes, putKeys, readAll, severalChunks, type DriverCase } from './objects.js'

/** A case that a call with a signal that was aborted before rejects with its reason, and does nothing. */
function refuses(method: string, call: (driver: Driver, signal: AbortSignal) => Promise<unknown>): DriverCase {
  return {
    id: `${method}/aborted`,
    clause: `${method} with a signal that is aborted already rejects with signal.reason itself, whatever that is.`,
    async run({ open }) {
      const driver = await open()
      await putBytes(driver, 'folder/key', patternBytes(10))
      for (const reason of [new Error('aborted before the call'), 'a reason that is no error']) {
        await expectReason(`${method} with an aborted signal`, reason, call(driver, AbortSignal.abort(reason)))
      }
      await expectContents(`after an aborted ${method}`, driver, { 'folder/key': patternBytes(10) })
    },
  }
}

export const abortCases: readonly DriverCase[] = [
  refuses('head', (driver, signal) => driver.head('folder/key', { signal })),
  refuses('open', (driver, signal) => driver.open('folder/key', { signal })),
  refuses('delete', (driver, signal) => driver.delete(['folder/key'], { signal })),
  refuses('list', (driver, signal) => listKeys(driver, { signal })),
  {
    id: 'open/aborted-unread',
    clause: 'A body whose signal is aborted before it is read throws signal.reason itself.',
    async run({ open }) {
      const driver = await open()
      await putBytes(driver, 'key', patternBytes(1000))
      for (const range of [undefined, { start: 10, end: 990 }]) {
        const controller = new AbortController()
        const object = await driver.open('key', { range, signal: controller.signal })
        const reason = new Error('aborted before the first byte')
        controller.abort(reason)
        await expectReason(`reading ${range ? 'a range' : 'a body'} whose signal is aborted`, reason, readAll(object))
      }
    },
  },
  {
    id: 'open/aborted-midway',
    clause: 'A body whose signal is aborted in the middle throws signal.reason itself.',
    async run({ open }) {
      const driver = await open()
      await putBytes(driver, 'key', patternBytes(severalChunks(driver)))
      for (const range of [undefined, { start: 10 }]) {
        const controller = new AbortController()
        const object = await driver.open('key', { range, signal: controller.signal })
        const reason = new Error('aborted in the middle')
        const reading = async (): Promise<number> => {
          let size = 0
          try {
            for await (const chunk of object.body) {
              size += chunk.byteLength
              controller.abort(reason)
            }
          } finally {
            await object[Symbol.asyncDispose]()
          }
          return size
        }
        await expectReason('reading on after an abort', reason, reading())
      }
    },
  },
  {
    id: 'list/aborted-midway',
    clause: 'A list whose signal is aborted in the loop throws signal.reason itself, and yields no more.',
    async run({ open }) {
      const driver = await open()
      await putKeys(driver, Array.from({ length: 20 }, (_, i) => `folder/${i}`))
      for (const options of [{}, { prefix: 'folder/' }, { after: 'folder/1' }]) {
        const controller = new AbortController()
        const reason = new Error('aborted in the loop')
        const listing = async (): Promise<string[]> => {
          const keys: string[] = []
          for await (const { key } of driver.list({ ...options, signal: controller.signal })) {
            keys.push(key)
            if (keys.length === 2) controller.abort(reason)
            if (keys.length > 2) return keys
          }
          return keys
        }
        await expectReason(`listing on after an abort of list(${JSON.stringify(options)})`, reason, listing())
      }
    },
  },
]

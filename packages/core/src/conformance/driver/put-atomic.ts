import type { Driver } from '../../driver.js'
import { expectCode, expectEqual, expectReason, expectThat } from '../expectations.js'
import { abortingBody, bodyOf, patternBytes, throwingBody } from './bodies.js'
import { generatedObject } from './generated.js'
import { expectLarge, largeBytes } from './large.js'
import { expectContents, expectUntouched, keyBytes, putBytes, severalChunks, type DriverCase } from './objects.js'
import { beginPut, whilePaused } from './paused-put.js'

/** A case that a put fails as `attempt` expects, and leaves everything as it was. */
function fails(id: string, clause: string, attempt: (driver: Driver, key: string) => Promise<void>): DriverCase {
  return {
    id,
    clause: `${clause} The key stays as it was, and nothing is left behind.`,
    async run({ open }) {
      const driver = await open()
      await expectUntouched(driver, (key) => attempt(driver, key))
    },
  }
}

export const putAtomicCases: readonly DriverCase[] = [
  fails('put/throws-at-once', 'put rejects with what the body throws, unwrapped.', async (driver, key) => {
    const reason = new Error('thrown before the first byte')
    await expectReason('put of a body that throws at once', reason, driver.put(key, throwingBody(bodyOf(patternBytes(0)), reason)))
  }),
  fails('put/throws-midway', 'put rejects with what the body throws after some bytes, unwrapped.', async (driver, key) => {
    // It looks like an error of the file system: the driver may not take it for its own.
    const reason = Object.assign(new Error('thrown in the middle'), { code: 'ENOENT', syscall: 'read' })
    const bytes = patternBytes(severalChunks(driver), 4)
    await expectReason('put of a body that throws', reason, driver.put(key, throwingBody(bodyOf(bytes), reason)))
    const declared = driver.put(key, throwingBody(bodyOf(bytes), reason), { size: bytes.byteLength + 1 })
    await expectReason('put, with its size declared, of a body that throws', reason, declared)
    await expectReason('put of a body that throws undefined', undefined, driver.put(key, throwingBody(bodyOf(bytes), undefined)))
  }),
  fails('put/throws-at-end', 'put rejects with what the body throws behind its last byte, also when it has all of the declared bytes.', async (driver, key) => {
    const reason = new Error('thrown behind the last byte: the digest is another one')
    for (const bytes of [patternBytes(100, 4), patternBytes(severalChunks(driver), 4)]) {
      const put = driver.put(key, throwingBody(bodyOf(bytes), reason), { size: bytes.byteLength })
      await expectReason(`put of ${bytes.byteLength} bytes, as declared, whose body then throws`, reason, put)
    }
  }),
  fails('put/short', 'A body of fewer bytes than declared is SIZE_MISMATCH.', async (driver, key) => {
    await expectCode('put of 99 bytes, declared 100', 'SIZE_MISMATCH', driver.put(key, bodyOf(patternBytes(99, 4)), { size: 100 }))
    await expectCode('put of no bytes, declared 1', 'SIZE_MISMATCH', driver.put(key, bodyOf(patternBytes(0)), { size: 1 }))
  }),
  fails('put/long', 'A body of more bytes than declared is SIZE_MISMATCH.', async (driver, key) => {
    await expectCode('put of 101 bytes, declared 100', 'SIZE_MISMATCH', driver.put(key, bodyOf(patternBytes(101, 4)), { size: 100 }))
    await expectCode('put of 1 byte, declared 0', 'SIZE_MISMATCH', driver.put(key, bodyOf(patternBytes(1, 4)), { size: 0 }))
    const behind = driver.put(key, bodyOf(patternBytes(101, 4), 100), { size: 100 })
    await expectCode('put of 101 bytes, declared 100, the last one in a chunk of its own', 'SIZE_MISMATCH', behind)
  }),
  fails('put/aborted', 'put with a signal that is aborted already rejects with its reason.', async (driver, key) => {
    const reason = new Error('aborted before the call')
    for (const size of [undefined, 10]) {
      const put = driver.put(key, bodyOf(patternBytes(10, 4)), { size, signal: AbortSignal.abort(reason) })
      await expectReason(`put with an aborted signal, ${declared(size)}`, reason, put)
    }
  }),
  fails('put/aborted-midway', 'put whose signal is aborted while the body comes rejects with the reason of the signal.', async (driver, key) => {
    const reason = new Error('aborted in the middle')
    const bytes = patternBytes(severalChunks(driver), 4)
    for (const size of [undefined, bytes.byteLength]) {
      const controller = new AbortController()
      const body = abortingBody(bodyOf(bytes), 2 * 64 * 1024 - 7, controller, reason)
      await expectReason(`put, aborted in the middle, ${declared(size)}`, reason, driver.put(key, body, { size, signal: controller.signal }))
    }
  }),
  fails('put/aborted-waiting', 'put whose signal is aborted while the body hangs rejects at once.', async (driver, key) => {
    const reason = new Error('aborted while the body hangs')
    const bytes = patternBytes(severalChunks(driver), 4)
    for (const size of [undefined, bytes.byteLength]) {
      const controller = new AbortController()
      const put = beginPut(driver, key, bodyOf(bytes), bytes.byteLength / 2, { size, signal: controller.signal })
      await whilePaused([put], async () => {
        controller.abort(reason)
        await expectReason(`put of a body that hangs, aborted, ${declared(size)}`, reason, put.answer)
      })
    }
  }),
  fails('put/beyond-limit', 'A body of more than limits.objectBytes is LIMIT_EXCEEDED.', async (driver, key) => {
    const limit = limitToTry(driver)
    const what = `put of ${limit + 1} bytes where limits.objectBytes is ${limit}`
    await expectCode(what, 'LIMIT_EXCEEDED', driver.put(key, generatedObject(limit + 1).body()))
    await expectCode(`${what}, declared`, 'LIMIT_EXCEEDED', driver.put(key, generatedObject(limit + 1).body(), { size: limit + 1 }))
  }),
  {
    id: 'put/at-limit',
    clause: 'A body of exactly limits.objectBytes is stored.',
    async run({ open }) {
      const driver = await open()
      const limit = limitToTry(driver)
      const object = generatedObject(limit)
      await driver.put('folder/key', object.body())
      await expectLarge('after a put of limits.objectBytes', driver, { 'folder/key': object })
    },
  },
  {
    id: 'put/unseen',
    clause: 'Until put resolves, no instance sees anything of a new object, and every instance sees the old one.',
    async run({ open }) {
      const driver = await open()
      const other = await open()
      const old = { 'folder/old': keyBytes('folder/old') }
      await putBytes(driver, 'folder/old', old['folder/old'])
      const bytes = patternBytes(severalChunks(driver), 4)
      const puts = ['folder/new', 'folder/old'].map((key) => beginPut(driver, key, bodyOf(bytes), bytes.byteLength / 2))
      await whilePaused(puts, async () => {
        for (const instance of [driver, other]) await expectContents('while two puts are under way', instance, old)
      })
      await Promise.all(puts.map(({ answer }) => answer))
      await expectContents('after both puts', other, { 'folder/new': bytes, 'folder/old': bytes })
    },
  },
  {
    id: 'put/aborted-late',
    clause: 'A signal that is aborted after put has resolved changes nothing.',
    async run({ open }) {
      const driver = await open()
      const controller = new AbortController()
      const stored = await driver.put('folder/key', bodyOf(patternBytes(10)), { signal: controller.signal })
      controller.abort(new Error('aborted after the put'))
      expectEqual('size in the answer of put', stored.size, 10)
      await expectContents('after a late abort', driver, { 'folder/key': patternBytes(10) })
    },
  },
]

function declared(size: number | undefined): string {
  return size === undefined ? 'its size not declared' : 'its size declared'
}

/** `limits.objectBytes`, where that much can be tried. */
function limitToTry(driver: Driver): number {
  const { objectBytes } = driver.capabilities.limits
  const advice = 'open the driver with a smaller limit in the harness, or name this case in the deviations'
  expectThat('limits.objectBytes', objectBytes <= largeBytes, `at most ${largeBytes}, so that it can be tried (${advice})`, objectBytes)
  return objectBytes
}

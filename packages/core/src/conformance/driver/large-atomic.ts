import type { Driver } from '../../driver.js'
import { expectCode, expectReason } from '../expectations.js'
import { abortingBody, throwingBody } from './bodies.js'
import { generatedObject } from './generated.js'
import { expectLarge, nearEnd, severalParts } from './large.js'
import type { DriverCase } from './objects.js'
import { beginPut, whilePaused } from './paused-put.js'

/** A case that a large put, of a new key and over a large object, fails as `attempt` expects, and leaves everything as it was. */
function fails(id: string, clause: string, attempt: (driver: Driver, key: string, size: number) => Promise<void>): DriverCase {
  return {
    id,
    clause: `${clause} The key stays as it was, and nothing is left behind.`,
    async run({ open }) {
      const driver = await open()
      const size = severalParts(driver)
      const contents = { 'folder/old': generatedObject(size) }
      await driver.put('folder/old', contents['folder/old'].body())
      for (const key of ['folder/new', 'folder/old']) await attempt(driver, key, size)
      await expectLarge('after large puts that failed', driver, contents)
    },
  }
}

export const largeAtomicCases: readonly DriverCase[] = [
  fails('put/large-throws-midway', 'put rejects with what a large body throws near its end, unwrapped.', async (driver, key, size) => {
    const reason = new Error('thrown near the end')
    const object = generatedObject(size, 2)
    const some = driver.put(key, throwingBody(object.body(0, nearEnd(size)), reason))
    await expectReason('put of a large body that throws', reason, some)
    const all = driver.put(key, throwingBody(object.body(), reason), { size })
    await expectReason('put, with its size declared, of a large body that throws behind its last byte', reason, all)
  }),
  fails('put/large-short', 'A large body of fewer bytes than declared is SIZE_MISMATCH.', async (driver, key, size) => {
    for (const bytes of [nearEnd(size), size - 1]) {
      const put = driver.put(key, generatedObject(bytes, 2).body(), { size })
      await expectCode(`put of ${bytes} bytes, declared ${size}`, 'SIZE_MISMATCH', put)
    }
  }),
  fails('put/large-long', 'A large body of more bytes than declared is SIZE_MISMATCH.', async (driver, key, size) => {
    const put = driver.put(key, oneByteMore(generatedObject(size, 2).body()), { size })
    await expectCode(`put of ${size + 1} bytes, declared ${size}`, 'SIZE_MISMATCH', put)
    const early = driver.put(key, generatedObject(size, 2).body(), { size: nearEnd(size) })
    await expectCode(`put of ${size} bytes, declared ${nearEnd(size)}`, 'SIZE_MISMATCH', early)
  }),
  fails('put/large-aborted-midway', 'put whose signal is aborted near the end of a large body rejects with the reason of the signal.', async (driver, key, size) => {
    for (const options of [{}, { size }]) {
      const controller = new AbortController()
      const reason = new Error('aborted near the end')
      const body = abortingBody(generatedObject(size, 2).body(), nearEnd(size), controller, reason)
      await expectReason('put of a large body, aborted near its end', reason, driver.put(key, body, { ...options, signal: controller.signal }))
    }
  }),
  {
    id: 'put/large-unseen',
    clause: 'Until put of a large body resolves, no instance sees anything of a new object, and every instance sees the old one.',
    async run({ open }) {
      const [driver, other] = [await open(), await open()]
      const size = severalParts(driver)
      const [old, object] = [generatedObject(size, 1), generatedObject(size, 2)]
      await driver.put('folder/old', old.body())
      const puts = ['folder/new', 'folder/old'].map((key) => beginPut(driver, key, object.body(), nearEnd(size)))
      await whilePaused(puts, async () => {
        for (const instance of [driver, other]) await expectLarge('while two large puts are under way', instance, { 'folder/old': old })
      })
      await Promise.all(puts.map(({ answer }) => answer))
      await expectLarge('after both puts', other, { 'folder/new': object, 'folder/old': object })
    },
  },
]

async function* oneByteMore(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  yield* body
  yield Uint8Array.of(1)
}

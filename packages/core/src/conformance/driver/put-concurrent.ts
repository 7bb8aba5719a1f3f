import type { Driver } from '../../driver.js'
import { ConformanceError, expectEqual } from '../expectations.js'
import { bodyOf, nextTurn, patternBytes } from './bodies.js'
import { expectContents, expectObject, keyBytes, putBytes, readAll, severalChunks, type DriverCase } from './objects.js'

export const putConcurrentCases: readonly DriverCase[] = [
  {
    id: 'put/two-writers',
    clause: 'While two instances overwrite a key, a reader sees one of the objects, whole, with its own size.',
    async run({ open }) {
      const [first, second, reader] = [await open(), await open(), await open()]
      const size = Math.floor(severalChunks(reader) / 4)
      const versions = [patternBytes(size, 1), patternBytes(size - 1000, 2)] as const
      await putBytes(first, 'folder/key', versions[0])
      const writers = [overwrite(first, versions[0]), overwrite(second, versions[1])]
      const writing = { ended: false }
      const written = Promise.allSettled(writers).finally(() => {
        writing.ended = true
      })
      while (!writing.ended) {
        await expectOneOf(reader, versions)
        await nextTurn()
      }
      await written
      await Promise.all(writers)
      await expectOneOf(reader, versions)
    },
  },
  {
    id: 'put/many-at-once',
    clause: 'Puts of different keys at the same time, in folders that are new, do not disturb each other.',
    async run({ open }) {
      const drivers = [await open(), await open()]
      const keys = Array.from({ length: 48 }, (_, i) => `new/${i % 2}/${i % 3}/${i}`)
      await Promise.all(keys.map((key, i) => putBytes(drivers[i % 2]!, key, keyBytes(key))))
      await expectContents('after 48 puts at once', drivers[0]!, Object.fromEntries(keys.map((key) => [key, keyBytes(key)])))
    },
  },
  {
    id: 'put/body-of-this-driver',
    clause: 'The body may be that of an object of the same driver, even of the same key.',
    async run({ open }) {
      const driver = await open()
      const bytes = patternBytes(severalChunks(driver))
      await putBytes(driver, 'source', bytes)
      for (const key of ['copy', 'source']) {
        const object = await driver.open('source')
        try {
          await driver.put(key, object.body)
        } finally {
          await object[Symbol.asyncDispose]()
        }
        await expectObject(driver, key, bytes)
      }
    },
  },
]

async function overwrite(driver: Driver, bytes: Uint8Array): Promise<void> {
  for (let times = 0; times < 5; times++) await driver.put('folder/key', bodyOf(bytes, 16 * 1024))
}

async function expectOneOf(driver: Driver, versions: readonly Uint8Array[]): Promise<void> {
  const object = await driver.open('folder/key')
  const got = await readAll(object)
  if (versions.some((bytes) => Buffer.compare(got, bytes) === 0)) {
    expectEqual('size in open of a key that two writers overwrite, compared with its bytes', object.info.size, got.byteLength)
    return
  }
  throw new ConformanceError(`bytes of a key that two writers overwrite: expected one of two objects, whole, got ${got.byteLength} bytes of neither`)
}

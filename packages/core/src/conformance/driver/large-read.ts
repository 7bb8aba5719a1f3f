import type { ByteRange, Driver, OpenObject } from '../../driver.js'
import { ConformanceError, expectEqual } from '../expectations.js'
import { expectGenerated, generatedObject, type GeneratedObject } from './generated.js'
import { severalParts } from './large.js'
import type { DriverCase } from './objects.js'

const mebibyte = 2 ** 20

/** A reader of a part of a large object: opened, and read as far as its first chunk or not at all. */
interface Reader {
  readonly what: string
  readonly object: OpenObject
  readonly rest: AsyncIterator<Uint8Array>
  readonly first: Uint8Array | undefined
  readonly start: number
}

export const largeReadCases: readonly DriverCase[] = [
  {
    id: 'open/large-range',
    clause: 'A range of a large object has its bytes, wherever it starts and whatever it crosses, also beside others.',
    async run({ open }) {
      const driver = await open()
      const object = generatedObject(severalParts(driver))
      await driver.put('folder/large', object.body())
      const boundaries = [1, 4, 5, 8, 10, 15, 16].map((count) => count * mebibyte).filter((boundary) => boundary < object.size)
      const ranges: ByteRange[] = [
        ...boundaries.flatMap((boundary) => [
          { start: boundary - 3, end: boundary + 5 },
          { start: boundary, end: boundary + 1 },
          { start: boundary + 70_001, end: boundary + 200_000 },
        ]),
        { start: Math.floor(object.size / 3), end: object.size - 1 },
        { start: object.size - 100_000 },
        { start: object.size - 1, end: object.size + 1 },
      ]
      await Promise.all(ranges.map((range) => expectRange(driver, object, range)))
    },
  },
  {
    id: 'open/large-overwritten-while-read',
    clause: 'A reader of a large object that is overwritten meanwhile, by any instance, gets the whole of the old one, wherever it is.',
    async run({ open }) {
      const [driver, other] = [await open(), await open()]
      const size = severalParts(driver)
      for (const [index, writer] of [driver, other].entries()) {
        const old = generatedObject(size, 1)
        await driver.put('folder/large', old.body())
        const readers = await threeReaders(driver, size)
        await writer.put('folder/large', generatedObject(size, 2).body())
        for (const reader of readers) await expectGenerated(`${reader.what}, overwritten meanwhile by instance ${index + 1}`, all(reader), old, reader.start)
      }
    },
  },
  {
    id: 'open/large-deleted-while-read',
    clause: 'A reader of a large object that is deleted meanwhile, by any instance, gets the whole of it or an error, never a short body.',
    async run({ open }) {
      const [driver, other] = [await open(), await open()]
      const size = severalParts(driver)
      const old = generatedObject(size)
      for (const [index, deleter] of [driver, other].entries()) {
        await driver.put('folder/large', old.body())
        const readers = await threeReaders(driver, size)
        await deleter.delete(['folder/large'])
        for (const reader of readers) {
          try {
            await expectGenerated(`${reader.what}, deleted meanwhile by instance ${index + 1}`, all(reader), old, reader.start)
          } catch (error) {
            if (error instanceof ConformanceError) throw error
          }
        }
      }
    },
  },
]

async function expectRange(driver: Driver, object: GeneratedObject, range: ByteRange): Promise<void> {
  const what = `bytes ${range.start} to ${range.end ?? 'the last'} of ${object.size}`
  const part = await driver.open('folder/large', { range })
  try {
    expectEqual(`size in open with a range, ${what}`, part.info.size, object.size)
    await expectGenerated(what, part.body, object, range.start, Math.min(range.end ?? object.size, object.size))
  } finally {
    await part[Symbol.asyncDispose]()
  }
}

async function threeReaders(driver: Driver, size: number): Promise<readonly Reader[]> {
  const middle = Math.floor(size / 2)
  return [
    await reader(driver, 'a large object of which nothing was read', 0, false),
    await reader(driver, 'a large object of which one chunk was read', 0, true),
    await reader(driver, 'the second half of a large object', middle, false),
  ]
}

async function reader(driver: Driver, what: string, start: number, isBegun: boolean): Promise<Reader> {
  const object = await driver.open('folder/large', start > 0 ? { range: { start } } : {})
  const rest = object.body[Symbol.asyncIterator]()
  const first = isBegun ? await rest.next() : undefined
  // A chunk is the driver's again as soon as the next one is asked for.
  return { what, object, rest, start, first: first?.done === false ? Uint8Array.from(first.value) : undefined }
}

/** What the reader has read, and what it reads on. */
async function* all({ object, rest, first }: Reader): AsyncGenerator<Uint8Array, void> {
  try {
    if (first) yield first
    yield* { [Symbol.asyncIterator]: () => rest }
  } finally {
    await object[Symbol.asyncDispose]()
  }
}

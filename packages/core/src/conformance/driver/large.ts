import type { Driver, ObjectInfo } from '../../driver.js'
import { expectEqual } from '../expectations.js'
import { nextTurn } from './bodies.js'
import { expectGenerated, generatedObject, type GeneratedObject } from './generated.js'
import { expectStored, type DriverCase } from './objects.js'

/** What a namespace is to hold: large objects by key. */
export type LargeContents = Readonly<Record<string, GeneratedObject>>

/** More than ten parts of 8 MiB, whose names are in another order as texts than as numbers, and several parts, buffers or windows of any backend. */
export const largeBytes: number = 88 * 1024 * 1024

/** Several parts of most backends, whose parts have from 5 to 16 MiB, unless the limit is smaller: what goes wrong between parts is tried with it. */
export function severalParts(driver: Driver): number {
  return Math.min(driver.capabilities.limits.objectBytes, 20 * 2 ** 20) - 7
}

/** Near the end of so many bytes: in the last part of those that {@link severalParts} has. */
export function nearEnd(size: number): number {
  return Math.floor(size * 0.9)
}

/** A case that a large body is stored. */
function storesLarge(id: string, clause: string, isDeclared: boolean): DriverCase {
  return {
    id,
    clause,
    async run({ open }) {
      const driver = await open()
      const object = generatedObject(Math.min(largeBytes, driver.capabilities.limits.objectBytes))
      const stored = await driver.put('folder/large', object.body(), isDeclared ? { size: object.size } : {})
      expectStored(stored, object.size)
      await expectLarge('after a large put', driver, { 'folder/large': object })
    },
  }
}

export const largeCases: readonly DriverCase[] = [
  storesLarge('put/large', 'A body of 88 MiB, or of limits.objectBytes where that is less, is stored, also when its size is not declared.', false),
  storesLarge('put/large-declared', 'A body of 88 MiB, or of limits.objectBytes where that is less, is stored with its size declared.', true),
  {
    id: 'put/large-chunk',
    clause: 'A chunk may be larger than any part, and is still the source\'s again as soon as the next one is asked for.',
    async run({ open }) {
      const driver = await open()
      const object = generatedObject(severalParts(driver))
      await driver.put('folder/large', oneChunk(object))
      await expectLarge('after a put of one large chunk', driver, { 'folder/large': object })
    },
  },
  {
    id: 'put/large-odd-chunks',
    clause: 'Chunks need not fit any part: one may end in the middle of it, and go on in the next.',
    async run({ open }) {
      const driver = await open()
      const object = generatedObject(severalParts(driver))
      await driver.put('folder/large', oddChunks(object))
      await expectLarge('after a put of chunks that fit no part', driver, { 'folder/large': object })
    },
  },
  {
    id: 'put/large-boundaries',
    clause: 'A body may have exactly as many bytes as one part or several, or one more.',
    async run({ open }) {
      const driver = await open()
      const parts = [1, 2, 4, 5, 8, 10, 16].map((count) => Math.min(count * 2 ** 20, driver.capabilities.limits.objectBytes - 1))
      for (const size of new Set(parts.flatMap((bytes) => [bytes, bytes + 1]))) {
        const object = generatedObject(size)
        await driver.put('folder/large', object.body())
        await expectLarge(`after a put of ${size} bytes`, driver, { 'folder/large': object })
      }
    },
  },
  {
    id: 'put/large-overwritten',
    clause: 'put takes the place of a large object, whether it has fewer parts, as many or more, for every instance.',
    async run({ open }) {
      const [driver, other] = [await open(), await open()]
      const whole = severalParts(driver)
      for (const [index, size] of [whole, Math.floor(whole / 2), whole, whole, 0].entries()) {
        const object = generatedObject(size, index + 1)
        await driver.put('folder/large', object.body())
        for (const instance of [driver, other]) await expectLarge(`after put ${index + 1} of one key`, instance, { 'folder/large': object })
      }
    },
  },
  {
    id: 'delete/large',
    clause: 'A deleted large object is gone with all of its parts.',
    async run({ open }) {
      const driver = await open()
      const object = generatedObject(severalParts(driver))
      for (const key of ['folder/gone', 'folder/stays']) await driver.put(key, object.body())
      await driver.delete(['folder/gone'])
      expectEqual('head of a deleted large object', await driver.head('folder/gone'), undefined)
      await expectLarge('after delete of a large object', driver, { 'folder/stays': object })
    },
  },
  {
    id: 'instances/large',
    clause: 'A large object that one instance has put, another on the same data sees whole, and so does one after a restart.',
    async run({ open }) {
      const [driver, other] = [await open(), await open()]
      const object = generatedObject(severalParts(driver))
      await driver.put('folder/large', object.body())
      await expectLarge('of an instance beside the one that has put', other, { 'folder/large': object })
      for (const instance of [driver, other]) await instance.close()
      await expectLarge('after a restart', await open(), { 'folder/large': object })
    },
  },
]

/** The namespace holds these objects and no other: in `list`, in `head`, in the facts of `open` and in their bytes. */
export async function expectLarge(when: string, driver: Driver, contents: LargeContents): Promise<void> {
  const facts = (info: ObjectInfo | undefined): unknown => info && [info.key, info.size]
  const listed: unknown[] = []
  for await (const info of driver.list()) listed.push(facts(info))
  expectEqual(`keys and sizes in list ${when}`, listed, Object.keys(contents).sort().map((key) => [key, contents[key]?.size]))
  for (const [key, content] of Object.entries(contents)) {
    expectEqual(`key and size in head(${key}) ${when}`, facts(await driver.head(key)), [key, content.size])
    const object = await driver.open(key)
    try {
      expectEqual(`key and size in open(${key}) ${when}`, facts(object.info), [key, content.size])
      await expectGenerated(`the bytes of ${key} ${when}`, object.body, content)
    } finally {
      await object[Symbol.asyncDispose]()
    }
  }
}

async function* oneChunk(object: GeneratedObject): AsyncGenerator<Uint8Array, void> {
  const chunk = object.slice(0, object.size)
  yield chunk
  chunk.fill(0xff)
}

async function* oddChunks(object: GeneratedObject): AsyncGenerator<Uint8Array, void> {
  const buffer = new Uint8Array(99_991)
  for (let start = 0; start < object.size; start += buffer.byteLength) {
    const bytes = object.slice(start, Math.min(object.size, start + buffer.byteLength))
    buffer.set(bytes)
    await nextTurn()
    yield buffer.subarray(0, bytes.byteLength)
    buffer.fill(0xff)
  }
}

import { expectEqual } from '../expectations.js'
import { bareBody, bodyOf, patternBytes } from './bodies.js'
import { expectContents, expectObject, putBytes, severalChunks, type DriverCase } from './objects.js'

/** A case that the body, of `bytes`, is stored as it is. */
function stores(id: string, clause: string, size: number | 'several chunks', body: (bytes: Uint8Array) => AsyncIterable<Uint8Array>): DriverCase {
  return {
    id,
    clause,
    async run({ open }) {
      const driver = await open()
      const bytes = patternBytes(size === 'several chunks' ? severalChunks(driver) : size)
      const stored = await driver.put('folder/key', body(bytes))
      expectEqual(`size in the answer of put of ${bytes.byteLength} bytes`, stored.size, bytes.byteLength)
      await expectContents('after one put', driver, { 'folder/key': bytes })
    },
  }
}

export const putCases: readonly DriverCase[] = [
  stores('put/empty', 'A body may have no bytes.', 0, bodyOf),
  stores('put/one-byte', 'A body may have one byte.', 1, bodyOf),
  stores('put/several-chunks', 'A body may have any length, which need not be declared.', 'several chunks', bodyOf),
  stores('put/one-chunk', 'A chunk may have any length.', 'several chunks', (bytes) => bodyOf(bytes, bytes.byteLength)),
  stores('put/small-chunks', 'A chunk may have one byte.', 500, (bytes) => bodyOf(bytes, 1)),
  stores('put/odd-chunks', 'Chunks need not fit any block.', 'several chunks', (bytes) => bodyOf(bytes, 99_991)),
  stores('put/empty-chunks', 'A chunk may be empty, and ends nothing.', 300, emptyChunksBetween),
  stores('put/views', 'A chunk may be a view of a larger buffer.', 100_000, views),
  stores('put/reused-buffer', "A chunk is the source's again as soon as the next one is asked for.", 'several chunks', reusedBuffer),
  stores('put/bare-iterable', 'A body is an AsyncIterable; its iterator need not have return.', 100_000, (bytes) => bareBody(bodyOf(bytes))),
  {
    id: 'put/declared-size',
    clause: 'A body may have its size declared.',
    async run({ open }) {
      const driver = await open()
      for (const size of [0, 1, severalChunks(driver)]) {
        const bytes = patternBytes(size)
        const stored = await driver.put(`folder/${size}`, bodyOf(bytes), { size })
        expectEqual(`size in the answer of put with the size ${size} declared`, stored.size, size)
        await expectObject(driver, `folder/${size}`, bytes)
      }
    },
  },
  {
    id: 'put/overwrite-shorter',
    clause: 'put takes the place of a longer object.',
    async run({ open }) {
      const driver = await open()
      await putBytes(driver, 'folder/key', patternBytes(severalChunks(driver), 1))
      await putBytes(driver, 'folder/key', patternBytes(10, 2))
      await expectContents('after two puts of one key', driver, { 'folder/key': patternBytes(10, 2) })
    },
  },
  {
    id: 'put/overwrite-longer',
    clause: 'put takes the place of a shorter object.',
    async run({ open }) {
      const driver = await open()
      const bytes = patternBytes(severalChunks(driver), 2)
      await putBytes(driver, 'folder/key', patternBytes(10, 1))
      await putBytes(driver, 'folder/key', bytes)
      await expectContents('after two puts of one key', driver, { 'folder/key': bytes })
    },
  },
  {
    id: 'put/overwrite-same-size',
    clause: 'put takes the place of an object of the same size, however soon after it, for every instance.',
    async run({ open }) {
      const [driver, other] = [await open(), await open()]
      for (const size of [10, severalChunks(driver)]) {
        for (let seed = 1; seed <= 5; seed++) {
          await putBytes(driver, 'folder/key', patternBytes(size, seed))
          for (const instance of [driver, other]) await expectObject(instance, 'folder/key', patternBytes(size, seed))
        }
      }
    },
  },
  {
    id: 'put/same-bytes',
    clause: 'Objects with the same bytes are objects of their own: neither an overwrite nor a delete of one changes another.',
    async run({ open }) {
      const driver = await open()
      const bytes = patternBytes(severalChunks(driver))
      for (const key of ['a/first', 'b/second', 'b/third']) await putBytes(driver, key, bytes)
      const object = await driver.open('a/first')
      try {
        await driver.put('a/copy', object.body)
      } finally {
        await object[Symbol.asyncDispose]()
      }
      await putBytes(driver, 'a/first', patternBytes(10, 2))
      await driver.delete(['b/second'])
      await expectContents('after an overwrite and a delete', driver, { 'a/first': patternBytes(10, 2), 'a/copy': bytes, 'b/third': bytes })
    },
  },
]

async function* emptyChunksBetween(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield new Uint8Array(0)
  for await (const chunk of bodyOf(bytes, 100)) {
    yield chunk
    yield new Uint8Array(0)
  }
}

async function* views(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of bodyOf(bytes, 10_000)) {
    const larger = new Uint8Array(chunk.byteLength + 200).fill(0xff)
    larger.set(chunk, 100)
    yield larger.subarray(100, 100 + chunk.byteLength)
  }
}

async function* reusedBuffer(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  const buffer = new Uint8Array(64 * 1024)
  for await (const chunk of bodyOf(bytes, buffer.byteLength)) {
    buffer.set(chunk)
    yield buffer.subarray(0, chunk.byteLength)
    buffer.fill(0xff)
  }
}

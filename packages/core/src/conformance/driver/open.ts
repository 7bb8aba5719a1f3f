import type { ByteRange, OpenObject } from '../../driver.js'
import { expectAnswer, expectBytes, expectCode, expectEqual } from '../expectations.js'
import { patternBytes } from './bodies.js'
import { expectContents, putBytes, readAll, readBytes, severalChunks, type DriverCase } from './objects.js'

/** More than the handles that a process may have behind `ulimit -n 1024`. Where it may have more, a leak is not seen: Node raises its own limit. */
const thousands = 3000

export const openCases: readonly DriverCase[] = [
  {
    id: 'open/absent',
    clause: 'open of a key without an object rejects with NOT_FOUND itself, with and without a range.',
    async run({ open }) {
      const driver = await open()
      await expectCode('open(absent)', 'NOT_FOUND', driver.open('folder/absent'))
      await expectCode('open(absent, range)', 'NOT_FOUND', driver.open('folder/absent', { range: { start: 5 } }))
    },
  },
  {
    id: 'open/folder',
    clause: 'open of the folder of a key, or of a key below an object, rejects with NOT_FOUND.',
    async run({ open }) {
      const driver = await open()
      await putBytes(driver, 'a/b/c', patternBytes(1))
      await expectCode('open of a key that is the folder of another', 'NOT_FOUND', driver.open('a/b'))
      await expectCode('open of a key below an object', 'NOT_FOUND', driver.open('a/b/c/d'))
    },
  },
  {
    id: 'open/info',
    clause: "open tells the whole object's facts, the same as head.",
    async run({ open }) {
      const driver = await open()
      await putBytes(driver, 'folder/key', patternBytes(1234))
      const object = await driver.open('folder/key')
      await readAll(object)
      const head = await driver.head('folder/key')
      expectEqual('key and size in open', [object.info.key, object.info.size], ['folder/key', 1234])
      expectEqual('modified in open, compared with head', object.info.modified, head?.modified)
    },
  },
  {
    id: 'open/readers',
    clause: 'Readers of one object do not disturb each other.',
    async run({ open }) {
      const driver = await open()
      const bytes = patternBytes(severalChunks(driver))
      await putBytes(driver, 'key', bytes)
      const [first, second] = await Promise.all([driver.open('key'), driver.open('key')])
      const both = await Promise.all([readAll(first), readAll(second)])
      for (const [index, got] of both.entries()) expectBytes(`bytes of reader ${index + 1} of 2`, got, bytes)
    },
  },
  {
    id: 'open/kept-chunks',
    clause: 'A chunk stays as it is, whatever is read after it.',
    async run({ open }) {
      const driver = await open()
      const bytes = patternBytes(severalChunks(driver))
      for (const key of ['first', 'second']) await putBytes(driver, key, bytes)
      const first = await keptChunks(await driver.open('first'))
      await readBytes(driver, 'second', { range: middle(bytes) })
      await keptChunks(await driver.open('second'))
      expectBytes('bytes of the chunks of an object, put together after another was read', Buffer.concat(first), bytes)
    },
  },
  {
    id: 'open/reuse',
    clause: 'Where a driver may use the memory of a chunk again, that is when the next one is asked for, and readers at the same time share none.',
    async run({ open }) {
      const driver = await open()
      const bytes = patternBytes(severalChunks(driver))
      await putBytes(driver, 'key', bytes)
      const early = await driver.open('key', { reuse: true })
      const reader = early.body[Symbol.asyncIterator]()
      const chunk = (await reader.next()).value as Uint8Array
      await reader.return?.()
      await early[Symbol.asyncDispose]()
      for (let round = 1; round <= 3; round++) {
        const both = await Promise.all([readBytes(driver, 'key', { reuse: true }), readBytes(driver, 'key', { range: middle(bytes), reuse: true })])
        expectBytes(`bytes of an object in round ${round}`, both[0], bytes)
        expectBytes(`a range of it, read at the same time, in round ${round}`, both[1], partOf(bytes))
      }
      expectBytes('the first chunk of a reader that asked for no other', chunk, bytes.subarray(0, chunk.byteLength))
    },
  },
  {
    id: 'open/overwritten-while-read',
    clause: 'A reader sees one object, whole or a range of it: an overwrite meanwhile, by any instance, shows nothing of the new one, and never shortens the old.',
    async run({ open }) {
      const [driver, other] = [await open(), await open()]
      const old = patternBytes(severalChunks(driver), 1)
      for (const writer of [driver, other]) {
        await putBytes(driver, 'key', old)
        const [whole, part] = [await driver.open('key'), await driver.open('key', { range: middle(old) })]
        await putBytes(writer, 'key', patternBytes(100, 2))
        expectBytes('bytes of an object that was opened before the overwrite', await readAll(whole), old)
        expectBytes('a range of an object that was opened before the overwrite', await readAll(part), partOf(old))
        expectBytes('bytes of an object that was opened after it', await readBytes(driver, 'key'), patternBytes(100, 2))
        const range = { start: 10, end: 90 }
        expectBytes('a range of an object that was opened after it', await readBytes(driver, 'key', { range }), patternBytes(100, 2).subarray(10, 90))
      }
    },
  },
  {
    id: 'open/deleted-while-read',
    clause: 'A reader whose object is deleted meanwhile, by any instance, gets all that it asked for or an error, never a short body.',
    async run({ open }) {
      const [driver, other] = [await open(), await open()]
      const bytes = patternBytes(severalChunks(driver))
      for (const deleter of [driver, other]) {
        await putBytes(driver, 'key', bytes)
        const [whole, part] = [await driver.open('key'), await driver.open('key', { range: middle(bytes) })]
        await deleter.delete(['key'])
        const got = await readAll(whole).catch(() => undefined)
        if (got !== undefined) expectBytes('bytes of an object that was deleted after open', got, bytes)
        const gotPart = await readAll(part).catch(() => undefined)
        if (gotPart !== undefined) expectBytes('a range of an object that was deleted after open', gotPart, partOf(bytes))
      }
    },
  },
  {
    id: 'open/dispose-unread',
    clause: 'An object may be disposed of without being read.',
    async run({ open }) {
      const driver = await open()
      const bytes = patternBytes(severalChunks(driver))
      await putBytes(driver, 'key', bytes)
      const object = await driver.open('key')
      await object[Symbol.asyncDispose]()
      expectBytes('bytes of the next open', await readBytes(driver, 'key'), bytes)
    },
  },
  {
    id: 'open/dispose-unread-many',
    clause: 'Three thousand objects may be opened and disposed of without being read, one after the other, and nothing of them stays open.',
    async run({ open }) {
      const driver = await open()
      await putBytes(driver, 'key', patternBytes(1000))
      for (let times = 0; times < thousands; times++) {
        const object = await driver.open('key')
        await object[Symbol.asyncDispose]()
      }
      expectBytes('bytes of the next open', await readBytes(driver, 'key'), patternBytes(1000))
    },
  },
  {
    id: 'open/refused-many',
    clause: 'Three thousand opens may be refused for their range, one after the other, and nothing of them stays open.',
    async run({ open }) {
      const driver = await open()
      await putBytes(driver, 'key', patternBytes(1000))
      for (let times = 0; times < thousands; times++) {
        const refused = driver.open('key', { range: { start: 1000 } })
        await expectCode(`open ${times + 1} of ${thousands} with a range behind the end`, 'RANGE_INVALID', refused)
      }
      expectBytes('bytes of the next open', await readBytes(driver, 'key'), patternBytes(1000))
    },
  },
  {
    id: 'open/many-at-once',
    clause: 'A hundred objects may be open at the same time, unread and half read, while everything else goes on.',
    async run({ open }) {
      const driver = await open()
      const bytes = patternBytes(severalChunks(driver))
      await putBytes(driver, 'key', bytes)
      const objects: OpenObject[] = []
      try {
        for (let count = 0; count < 100; count++) {
          const object = await expectAnswer(`open while ${count} objects are open`, driver.open('key'))
          objects.push(object)
          if (count % 2 === 0) await object.body[Symbol.asyncIterator]().next()
        }
        await expectAnswer('put while 100 objects are open', putBytes(driver, 'other', patternBytes(10)))
        await expectAnswer('reading while 100 objects are open', expectContents('while 100 objects are open', driver, { key: bytes, other: patternBytes(10) }))
      } finally {
        await Promise.all(objects.map((object) => object[Symbol.asyncDispose]()))
      }
    },
  },
  {
    id: 'open/dispose-twice',
    clause: 'An object may be disposed of twice, read or not.',
    async run({ open }) {
      const driver = await open()
      await putBytes(driver, 'key', patternBytes(1000))
      const unread = await driver.open('key')
      const read = await driver.open('key')
      expectBytes('bytes before the second disposal', await readAll(read), patternBytes(1000))
      for (const object of [unread, unread, read]) await object[Symbol.asyncDispose]()
      await Promise.all([unread[Symbol.asyncDispose](), read[Symbol.asyncDispose]()])
      expectBytes('bytes of the next open', await readBytes(driver, 'key'), patternBytes(1000))
    },
  },
  {
    id: 'open/dispose-read',
    clause: 'An object may be disposed of after its end.',
    async run({ open }) {
      const driver = await open()
      await putBytes(driver, 'key', patternBytes(1000))
      const object = await driver.open('key')
      let size = 0
      for await (const chunk of object.body) size += chunk.byteLength
      await object[Symbol.asyncDispose]()
      expectEqual('bytes read before it was disposed of', size, 1000)
    },
  },
  {
    id: 'open/dispose-midway',
    clause: 'An object may be left in the middle and disposed of.',
    async run({ open }) {
      const driver = await open()
      const bytes = patternBytes(severalChunks(driver))
      await putBytes(driver, 'key', bytes)
      const object = await driver.open('key')
      let chunks = 0
      for await (const chunk of object.body) {
        if (chunk.byteLength > 0) chunks++
        break
      }
      await object[Symbol.asyncDispose]()
      expectEqual('chunks read before the loop was left', chunks, 1)
      expectBytes('bytes of the next open', await readBytes(driver, 'key'), bytes)
    },
  },
]

/** Most of the object: several chunks of it. */
function middle({ byteLength }: Uint8Array): ByteRange {
  return { start: 10, end: byteLength - 10 }
}

function partOf(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(10, bytes.byteLength - 10)
}

/** The chunks of an opened object as they were given, without a copy. */
async function keptChunks(object: OpenObject): Promise<readonly Uint8Array[]> {
  const chunks: Uint8Array[] = []
  for await (const chunk of object.body) chunks.push(chunk)
  await object[Symbol.asyncDispose]()
  return chunks
}

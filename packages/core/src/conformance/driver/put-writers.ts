import type { Driver } from '../../driver.js'
import { expectReason } from '../expectations.js'
import { bodyOf, patternBytes } from './bodies.js'
import { generatedObject, type GeneratedObject } from './generated.js'
import { expectLarge, nearEnd, severalParts } from './large.js'
import { expectContents, expectObject, expectStored, putBytes, severalChunks, type Contents, type DriverCase } from './objects.js'
import { beginPut, whilePaused, type PausedPut } from './paused-put.js'

/** Neither the order in which the writers began nor its reverse. */
const finishing = [2, 0, 3, 1] as const

export const putWriterCases: readonly DriverCase[] = [
  {
    id: 'put/writers-of-one-key',
    clause: 'Several puts of one key at once, by one instance and by two: whichever resolves last is the object, whole, in whatever order they began.',
    async run({ open }) {
      const [driver, other] = [await open(), await open()]
      for (const instances of [[driver], [driver, other]]) {
        const bodies = finishing.map((index) => patternBytes(severalChunks(driver) - index * 1000, index + 1))
        const puts = bodies.map((bytes, index) => paused(instances[index % instances.length]!, 'folder/key', bytes))
        await whilePaused(puts, async () => {
          for (const index of finishing) {
            puts[index]!.resume()
            await puts[index]!.answer
            await expectContents(`after the put of writer ${index + 1} of 4`, other, { 'folder/key': bodies[index]! })
          }
        })
      }
    },
  },
  {
    id: 'put/large-writers',
    clause: 'Several puts of one key and of another one at once, with large bodies, by two instances: each is stored whole, and the last to resolve is the object.',
    async run({ open }) {
      const instances = [await open(), await open()] as const
      const [driver] = instances
      const objects = finishing.map((index) => generatedObject(severalParts(driver) - index, index + 1))
      const keys = ['folder/a', 'folder/a', 'folder/b', 'folder/a'] as const
      const puts = objects.map((object, index) => beginPut(instances[index % 2]!, keys[index]!, object.body(), nearEnd(object.size)))
      const contents: Record<string, GeneratedObject> = {}
      await whilePaused(puts, async () => {
        for (const index of finishing) {
          puts[index]!.resume()
          expectStored(await puts[index]!.answer, objects[index]!.size)
          contents[keys[index]] = objects[index]!
          await expectLarge(`after the large put of writer ${index + 1} of 4`, driver, contents)
        }
      })
    },
  },
  {
    id: 'put/writers-of-many-keys',
    clause: 'Sixty puts of different keys may be under way in one instance while everything else goes on, and each stores its own bytes.',
    async run({ open }) {
      const driver = await open()
      await putBytes(driver, 'folder/old', patternBytes(10))
      const bodies = Array.from({ length: 60 }, (_, index) => patternBytes(3000 + index, index + 1))
      const puts = bodies.map((bytes, index) => beginPut(driver, `folder/${index % 2}/${index}`, bodyOf(bytes, 1000), 1500))
      const contents: Record<string, Uint8Array> = { 'folder/old': patternBytes(10) }
      await whilePaused(puts, async () => {
        await expectContents('while 60 puts are under way', driver, contents)
        for (const [index, put] of [...puts.entries()].reverse()) {
          put.resume()
          await put.answer
          contents[`folder/${index % 2}/${index}`] = bodies[index]!
        }
      })
      await expectContents('after 60 puts that were under way at once', driver, contents)
    },
  },
  {
    id: 'put/failed-beside-others',
    clause: 'A put that throws or is aborted takes nothing from the other puts of its key, under way or answered.',
    async run({ open }) {
      const driver = await open()
      const [first, second] = [patternBytes(severalChunks(driver), 1), patternBytes(severalChunks(driver) - 1000, 2)]
      const controller = new AbortController()
      const reason = new Error('one of several writers broke off')
      const puts = [
        paused(driver, 'folder/key', first),
        paused(driver, 'folder/key', second, controller.signal),
        paused(driver, 'folder/key', second),
        paused(driver, 'folder/key', second),
        beginPut(driver, 'folder/key', bodyOf(second), second.byteLength / 2, { size: second.byteLength }),
      ] as const
      await whilePaused(puts, async () => {
        controller.abort(reason)
        await expectReason('put, aborted beside others', reason, puts[1].answer)
        puts[2].breakOff(reason)
        await expectReason('put of a body that throws, beside others', reason, puts[2].answer)
        await expectContents('after two of four puts of one key have failed', driver, {})
        for (const [index, bytes] of [[0, first], [3, second]] as const) {
          puts[index].resume()
          await puts[index].answer
          await expectContents('after a put beside which others have failed', driver, { 'folder/key': bytes })
        }
        puts[4].breakOff(reason)
        await expectReason('put of a body that throws, behind the answers to others', reason, puts[4].answer)
        await expectContents('after a put has failed behind the answers to others', driver, { 'folder/key': second })
      })
    },
  },
  {
    id: 'put/deleted-meanwhile',
    clause: 'A delete while a put of the same key is under way takes the old object alone, and one that empties the folder takes nothing from the put.',
    async run({ open }) {
      const [driver, other] = [await open(), await open()]
      const bytes = patternBytes(severalChunks(driver), 2)
      for (const instance of [driver, other]) {
        for (const key of ['a/same', 'b/c/emptied']) await putBytes(driver, key, patternBytes(10))
        const contents: Contents = { 'a/same': bytes, 'b/c/new': bytes }
        const puts = Object.keys(contents).map((key) => paused(driver, key, bytes))
        await whilePaused(puts, async () => {
          await instance.delete(['a/same', 'b/c/emptied'])
          await expectContents('after deletes while puts are under way', driver, {})
        })
        await Promise.all(puts.map(({ answer }) => answer))
        await expectContents('after puts beside which others were deleted', driver, contents)
        await driver.delete(Object.keys(contents))
      }
    },
  },
  {
    id: 'put/beside-deletes',
    clause: 'A put and a delete of the only other key in its folder, at the same time and again and again, both succeed.',
    async run({ open }) {
      const [driver, other] = [await open(), await open()]
      const contents: Record<string, Uint8Array> = {}
      for (let round = 0; round < 20; round++) {
        const [kept, gone] = [`a/${round}/b/kept`, `a/${round}/b/gone`]
        await putBytes(driver, gone, patternBytes(10))
        // The folder is empty for a moment, or is not.
        await Promise.all([putBytes(driver, kept, patternBytes(20)), (round % 2 === 0 ? driver : other).delete([gone])])
        contents[kept] = patternBytes(20)
        await expectObject(other, kept, patternBytes(20))
      }
      await expectContents('after puts beside deletes', driver, contents)
    },
  },
]

function paused(driver: Driver, key: string, bytes: Uint8Array, signal?: AbortSignal): PausedPut {
  return beginPut(driver, key, bodyOf(bytes), bytes.byteLength / 2, { signal })
}

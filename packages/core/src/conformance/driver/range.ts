import type { ByteRange } from '../../driver.js'
import { expectBytes, expectCode, expectEqual } from '../expectations.js'
import { patternBytes } from './bodies.js'
import { putBytes, readAll, readBytes, severalChunks, type DriverCase } from './objects.js'

/** A case that the range, of an object of `size` bytes, gives the bytes from `start` to `end`. */
function gives(id: string, clause: string, range: (size: number) => ByteRange, slice: (size: number) => [start: number, end: number]): DriverCase {
  return {
    id,
    clause,
    async run({ open }) {
      const driver = await open()
      const bytes = patternBytes(severalChunks(driver))
      await putBytes(driver, 'key', bytes)
      const asked = range(bytes.byteLength)
      const what = `bytes ${asked.start} to ${asked.end ?? 'the last'} of ${bytes.byteLength}`
      expectBytes(what, await readBytes(driver, 'key', { range: asked }), bytes.subarray(...slice(bytes.byteLength)))
    },
  }
}

/** A case that the range, of an object of `size` bytes, is refused by open itself. */
function refuses(id: string, clause: string, size: number, ranges: readonly ByteRange[]): DriverCase {
  return {
    id,
    clause,
    async run({ open }) {
      const driver = await open()
      await putBytes(driver, 'key', patternBytes(size))
      for (const range of ranges) {
        const what = `open of ${size} bytes with the range ${range.start} to ${range.end ?? 'the last'}`
        await expectCode(what, 'RANGE_INVALID', driver.open('key', { range }))
      }
    },
  }
}

export const rangeCases: readonly DriverCase[] = [
  gives('open/range', 'A range has the bytes from start to end, end exclusive.', () => ({ start: 3, end: 11 }), () => [3, 11]),
  gives('open/range-first', 'A range may start at 0.', () => ({ start: 0, end: 1 }), () => [0, 1]),
  gives('open/range-last', 'A range may be the last byte alone.', (size) => ({ start: size - 1, end: size }), (size) => [size - 1, size]),
  gives('open/range-open', 'A range without an end goes to the last byte.', () => ({ start: 1000 }), (size) => [1000, size]),
  gives('open/range-clamped', 'An end behind the object is clamped to its size.', (size) => ({ start: 9, end: size + 1 }), (size) => [9, size]),
  {
    id: 'open/range-far',
    clause: 'An end may be as far behind the object as a number can be.',
    async run({ open }) {
      const driver = await open()
      const bytes = patternBytes(100)
      await putBytes(driver, 'key', bytes)
      for (const end of [2 ** 31, 2 ** 32, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER]) {
        expectBytes(`bytes 10 to ${end} of 100`, await readBytes(driver, 'key', { range: { start: 10, end } }), bytes.subarray(10))
      }
    },
  },
  gives('open/range-long', 'A range may span several chunks.', (size) => ({ start: 1, end: size - 1 }), (size) => [1, size - 1]),
  refuses('open/range-behind', 'A range that starts at or behind the end is RANGE_INVALID, before a byte is read.', 10, [
    { start: 10 },
    { start: 10, end: 11 },
    { start: 11, end: 20 },
  ]),
  refuses('open/range-reversed', 'A range that does not end behind its start is RANGE_INVALID.', 10, [
    { start: 5, end: 4 },
    { start: 5, end: 5 },
    { start: 0, end: 0 },
  ]),
  refuses('open/range-empty-object', 'An empty object has no range.', 0, [{ start: 0 }, { start: 0, end: 1 }]),
  {
    id: 'open/range-info',
    clause: "open with a range tells the whole object's size.",
    async run({ open }) {
      const driver = await open()
      await putBytes(driver, 'key', patternBytes(100))
      const object = await driver.open('key', { range: { start: 10, end: 20 } })
      await readAll(object)
      expectEqual('size in open with a range', object.info.size, 100)
    },
  },
]

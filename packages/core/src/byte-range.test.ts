import { describe, expect, it } from 'vitest'
import { resolveRange } from './byte-range.js'
import type { ByteRange } from './driver.js'

describe('resolveRange', () => {
  it.each<[ByteRange | undefined, number, { start: number; end: number }]>([
    [undefined, 10, { start: 0, end: 10 }],
    [undefined, 0, { start: 0, end: 0 }],
    [{ start: 0 }, 10, { start: 0, end: 10 }],
    [{ start: 9 }, 10, { start: 9, end: 10 }],
    [{ start: 0, end: 1 }, 10, { start: 0, end: 1 }],
    [{ start: 2, end: 10 }, 10, { start: 2, end: 10 }],
    [{ start: 2, end: 11 }, 10, { start: 2, end: 10 }],
    [{ start: 2, end: undefined }, 10, { start: 2, end: 10 }],
  ])('%j of %i bytes', (range, size, expected) => {
    expect(resolveRange(range, size)).toEqual(expected)
  })

  it.each<[ByteRange, number]>([
    [{ start: 10 }, 10],
    [{ start: 11 }, 10],
    [{ start: 0 }, 0],
    [{ start: 5, end: 5 }, 10],
    [{ start: 5, end: 4 }, 10],
    [{ start: 0, end: 0 }, 10],
  ])('refuses %j of %i bytes with RANGE_INVALID', (range, size) => {
    expect(() => resolveRange(range, size)).toThrow(expect.objectContaining({ code: 'RANGE_INVALID' }))
  })

  const mistakes: readonly ByteRange[] = [{ start: -1 }, { start: 1.5 }, { start: NaN }, { start: 0, end: Infinity }, { start: 0, end: -1 }]

  it.each(mistakes)('takes %j for a mistake', (range) => {
    expect(() => resolveRange(range, 10)).toThrow(TypeError)
  })
})

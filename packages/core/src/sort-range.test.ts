import { describe, expect, it } from 'vitest'
import { isInRange, prefixEnd } from './sort-range.js'

describe('prefixEnd', () => {
  it('is the first text behind everything with the prefix', () => {
    const ends = { a: 'b', 'a\u007f': 'a\u0080', 'a\u07ff': 'a\u0800', 'a\ud7ff': 'a\ue000', 'a\uffff': 'a\u{10000}', 'a\u{10ffff}': 'b', 'a\u{10ffff}\u{10ffff}': 'b' }
    for (const [prefix, end] of Object.entries(ends)) {
      expect(prefixEnd(prefix)).toBe(end)
      expect(Buffer.compare(Buffer.from(`${prefix}\u{10ffff}\u{10ffff}`), Buffer.from(end))).toBe(-1)
    }
    expect([prefixEnd(''), prefixEnd('\u{10ffff}\u{10ffff}')]).toEqual([undefined, undefined])
  })
})

describe('isInRange', () => {
  it('wants what is behind after, before before, and begins with the prefix', () => {
    const sorts = ['a', 'b', 'ba', 'bb', '\uffff', '\u{1f600}']
    const wanted = (range: Parameters<typeof isInRange>[1]): readonly string[] => sorts.filter((sort) => isInRange(sort, range))
    expect(wanted({})).toEqual(sorts)
    expect(wanted({ after: 'b' })).toEqual(['ba', 'bb', '\uffff', '\u{1f600}'])
    expect(wanted({ after: '\uffff' })).toEqual(['\u{1f600}'])
    expect(wanted({ before: 'bb' })).toEqual(['a', 'b', 'ba'])
    expect(wanted({ before: '\u{1f600}', after: 'bb' })).toEqual(['\uffff'])
    expect(wanted({ prefix: 'b', after: 'b', before: 'bb' })).toEqual(['ba'])
  })
})

import { describe, expect, it } from 'vitest'
import { prefixEnd, sortRange } from './scan.js'

const none = Buffer.alloc(0)

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

describe('sortRange', () => {
  it('takes the narrower bound on each side', () => {
    expect(sortRange({})).toEqual({ from: '', to: none })
    expect(sortRange({ after: 'a' })).toEqual({ from: 'a\0', to: none })
    expect(sortRange({ after: 'a', prefix: 'b' })).toEqual({ from: 'b', to: 'c' })
    expect(sortRange({ after: 'b', prefix: 'b' })).toEqual({ from: 'b\0', to: 'c' })
    expect(sortRange({ before: 'bb', prefix: 'b' })).toEqual({ from: 'b', to: 'bb' })
    expect(sortRange({ before: 'z', prefix: 'b' })).toEqual({ from: 'b', to: 'c' })
    expect(sortRange({ before: '\u{1f600}', prefix: '\ufffe' })).toEqual({ from: '\ufffe', to: '\uffff' })
  })
})

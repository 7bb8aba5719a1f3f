import { describe, expect, it } from 'vitest'
import { parseContentRange, parseRange } from './range.js'

describe('parseRange', () => {
  it.each([
    ['bytes=0-0', { start: 0, end: 1 }],
    ['bytes=5-', { start: 5, end: 10 }],
    ['bytes=5-100', { start: 5, end: 10 }],
    ['bytes=-3', { start: 7, end: 10 }],
    ['bytes=-100', { start: 0, end: 10 }],
    ['BYTES = 1-2', { start: 1, end: 3 }],
  ])('%s of ten bytes', (header, range) => {
    expect(parseRange(header, 10)).toEqual(range)
  })

  it.each(['bytes=10-', 'bytes=10-12', 'bytes=5-0', 'bytes=-0'])('%s of ten bytes lies in none', (header) => {
    expect(parseRange(header, 10)).toBe('unsatisfiable')
  })

  it.each([undefined, '', 'bytes=-', 'bytes=0-1,4-5', 'items=0-1', 'bytes=a-b', 'bytes 0-1'])('%s asks for the whole', (header) => {
    expect(parseRange(header, 10)).toBeUndefined()
  })

  it('finds no byte in an empty blob', () => {
    expect(parseRange('bytes=0-', 0)).toBe('unsatisfiable')
  })
})

describe('parseContentRange', () => {
  it.each([
    ['0-9', { start: 0, size: 10 }],
    ['10-10', { start: 10, size: 1 }],
    ['bytes 0-9/10', { start: 0, size: 10 }],
    ['bytes=0-9', { start: 0, size: 10 }],
    ['0-9/*', { start: 0, size: 10 }],
  ])('%s', (header, placement) => {
    expect(parseContentRange(header)).toEqual(placement)
  })

  it.each(['', '9-0', '-5', '5-', 'x', '0-1-2', '1e3-1e4', `0-${'9'.repeat(20)}`])('%s is malformed', (header) => {
    expect(parseContentRange(header)).toBe('malformed')
  })

  it('is absent where there is none', () => {
    expect(parseContentRange(undefined)).toBeUndefined()
  })
})

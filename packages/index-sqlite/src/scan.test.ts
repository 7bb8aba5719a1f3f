import { describe, expect, it } from 'vitest'
import { sortBounds } from './scan.js'

const none = Buffer.alloc(0)

describe('sortBounds', () => {
  it('takes the narrower bound on each side', () => {
    expect(sortBounds({})).toEqual({ from: '', to: none })
    expect(sortBounds({ after: 'a' })).toEqual({ from: 'a\0', to: none })
    expect(sortBounds({ after: 'a', prefix: 'b' })).toEqual({ from: 'b', to: 'c' })
    expect(sortBounds({ after: 'b', prefix: 'b' })).toEqual({ from: 'b\0', to: 'c' })
    expect(sortBounds({ before: 'bb', prefix: 'b' })).toEqual({ from: 'b', to: 'bb' })
    expect(sortBounds({ before: 'z', prefix: 'b' })).toEqual({ from: 'b', to: 'c' })
    expect(sortBounds({ before: '\u{1f600}', prefix: '\ufffe' })).toEqual({ from: '\ufffe', to: '\uffff' })
  })
})

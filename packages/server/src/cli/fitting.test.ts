import { describe, expect, it } from 'vitest'
import { fitting } from './fitting.js'

describe('fitting', () => {
  it.each([
    ['abcdef', 6, 'abcdef'],
    ['abcdef', 5, 'abcd…'],
    ['abc def', 5, 'abc…'],
    ['小さい', 6, '小さい'],
    ['小さい', 5, '小さ…'],
    ['小さい', 4, '小…'],
    ['👩\u200d👧👩\u200d👧', 4, '👩\u200d👧👩\u200d👧'],
    ['👩\u200d👧👩\u200d👧', 3, '👩\u200d👧…'],
    ['e\u0301e\u0301e\u0301', 3, 'e\u0301e\u0301e\u0301'],
    ['e\u0301e\u0301e\u0301', 2, 'e\u0301…'],
    ['', 1, ''],
    ['abc', Infinity, 'abc'],
  ])('of %j keeps what fits in %d columns', (line, columns, kept) => {
    expect(fitting(line, columns)).toBe(kept)
  })
})

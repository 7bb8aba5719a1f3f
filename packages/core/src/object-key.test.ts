import { describe, expect, it } from 'vitest'
import { assertObjectKey, isKeySegment, isObjectKey } from './object-key.js'

const segment = 'a'.repeat(200)
const tame = [
  'a', 'registry.json', 'a/b/c', '.a', '..a', '...', 'a..b', '-', '!', '_', '0/1',
  segment, `${segment}/${segment}`, `${'a/'.repeat(449)}ab`,
]
const wild = [
  '', '/', '/a', 'a/', 'a//b', '.', '..', '../a', 'a/../b', 'a/.', 'A', 'a b', 'a\n', 'a\0', 'a\\b', '@a', 'a%2fb', 'é',
  `${segment}a`, `${'a/'.repeat(450)}b`,
]

describe('object keys', () => {
  it.each(tame)('may be %s', (key) => {
    expect(isObjectKey(key)).toBe(true)
    assertObjectKey(key)
  })

  it.each(wild)('may not be %j', (key) => {
    expect(isObjectKey(key)).toBe(false)
    expect(() => {
      assertObjectKey(key)
    }).toThrow(TypeError)
  })

  it('have segments without a slash', () => {
    expect(isKeySegment('a.b')).toBe(true)
    expect(isKeySegment('a/b')).toBe(false)
    expect(isKeySegment('@temporary')).toBe(false)
  })
})

import { isInRange, type SortRange } from '@registry/core'
import { describe, expect, it } from 'vitest'
import { sortCondition } from './sort-condition.js'

const longest = 'k'.repeat(1024)

describe('a range', () => {
  it.each<[string, SortRange, string | undefined, string | undefined, number]>([
    ['of everything', {}, undefined, undefined, 0],
    ['behind a key', { after: 'b' }, 'b', undefined, 1],
    ['before a key', { before: 'd' }, undefined, 'd', 1],
    ['between two', { after: 'b', before: 'd' }, 'b', 'd', 2],
    ['of a beginning', { prefix: 'b' }, 'b', 'c', 1],
    ['of a beginning behind a key of it', { prefix: 'b', after: 'ba' }, 'ba', 'c', 2],
    ['of a beginning behind a key before it', { prefix: 'b', after: 'a' }, 'b', 'c', 2],
    ['of a beginning before a key of it', { prefix: 'b', before: 'ba' }, 'b', 'ba', 1],
    ['of a beginning before a key behind it', { prefix: 'b', before: 'x' }, 'b', 'c', 1],
    ['of a beginning that ends with the last character', { prefix: '\u{10ffff}' }, '\u{10ffff}', undefined, 0],
    ['behind a key that is longer than any', { after: `${longest}k` }, longest, undefined, 1],
    ['behind a long key that ends in the middle of a character', { after: `${longest.slice(1)}é` }, longest.slice(1), undefined, 1],
    ['before a long key behind which the next character has a byte more', { before: `${longest.slice(1)}\x7fx` }, undefined, `${longest.slice(2)}l`, 1],
    ['before a key that is longer than any', { before: `${longest}k` }, undefined, `${longest.slice(1)}l`, 1],
  ])('%s', (_, range, low, high, strangers) => {
    const condition = sortCondition(range)!
    expect([condition.values[':low']?.S, condition.values[':high']?.S, condition.strangers]).toEqual([low, high, strangers])
    const [oneBound, both] = [low === undefined ? '<= :high' : '>= :low', 'BETWEEN :low AND :high']
    const bounds = [low, high].filter((bound) => bound !== undefined).length
    expect(condition.expression).toBe(['', ` AND #sort ${oneBound}`, ` AND #sort ${both}`][bounds])
  })

  it.each<[SortRange]>([
    [{ after: 'b', before: 'b' }],
    [{ after: 'c', before: 'b' }],
    [{ prefix: 'b', before: 'b' }],
    [{ prefix: 'b', after: 'c' }],
    [{ prefix: `${longest}k` }],
    [{ before: '' }],
    // In UTF-16 it is the other way round.
    [{ after: '\u{1f600}', before: '\u{ff00}' }],
  ])('that can have no key is no condition: %j', (range) => {
    expect(sortCondition(range)).toBeUndefined()
  })

  it('leaves no key out that is in it, and lets no more through than it says', () => {
    const keys = ['a', 'ab', 'b', 'ba', 'baz', 'bb', 'c', '\u{ff00}', '\u{1f600}', longest, `${longest.slice(1)}a`, `${longest.slice(1)}l`, '\u{10ffff}']
    // The second is cut off in front of its last character, of which only one byte has room.
    const tooLong = [`${longest}x`, `${longest.slice(1)}é`]
    const bounds = [undefined, 'a', 'b', 'ba', 'c', '\u{ff00}', '\u{1f600}', longest, ...tooLong]
    for (const after of bounds) {
      for (const before of bounds) {
        for (const prefix of [undefined, 'b', 'ba', '\u{1f600}', longest]) {
          const range = { after, before, prefix }
          const condition = sortCondition(range)
          const passed = keys.filter((key) => condition && isBetween(key, condition.values[':low']?.S, condition.values[':high']?.S))
          const wanted = keys.filter((key) => isInRange(key, range))
          expect([range, wanted.filter((key) => !passed.includes(key))]).toEqual([range, []])
          // A bound that was cut off lets the keys through that begin with it.
          if (!tooLong.some((bound) => [after, before].includes(bound))) expect(passed.length - wanted.length).toBeLessThanOrEqual(condition?.strangers ?? 0)
        }
      }
    }
  })
})

function isBetween(key: string, low: string | undefined, high: string | undefined): boolean {
  const bytes = Buffer.from(key)
  return (low === undefined || Buffer.compare(bytes, Buffer.from(low)) >= 0) && (high === undefined || Buffer.compare(bytes, Buffer.from(high)) <= 0)
}

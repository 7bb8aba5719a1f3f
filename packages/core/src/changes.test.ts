import { describe, expect, it } from 'vitest'
import { assertEntryKey, assertPartition, checkChanges } from './changes.js'
import { RegistryError } from './errors.js'
import type { Change, EntryKey } from './index-store.js'
import type { Json } from './json.js'

const limits = { changes: 3, commitBytes: 100, valueBytes: 20, spread: 1 }
const at = (sort: string): EntryKey => ({ partition: 'p', sort })
const put = (sort: string, value: Json, text?: string): Change => ({ op: 'put', key: at(sort), value, text })

/** The code of what `body` throws, or the name of its class. */
function thrown(body: () => unknown): unknown {
  try {
    body()
  } catch (error) {
    return RegistryError.is(error) ? error.code : (error as Error).name
  }
  return undefined
}

describe('checkChanges', () => {
  it('gives the JSON of each put, in order', () => {
    const changes: readonly Change[] = [put('a', { n: [1] }), { op: 'delete', key: at('b') }, { op: 'check', key: at('c'), expect: 'absent' }]
    expect(checkChanges(changes, limits)).toEqual([
      { change: changes[0], json: '{"n":[1]}' },
      { change: changes[1], json: '' },
      { change: changes[2], json: '' },
    ])
  })

  it('takes what is at a limit, and refuses what is over it', () => {
    expect(thrown(() => checkChanges([put('a', 'v'.repeat(18))], limits))).toBeUndefined()
    expect(thrown(() => checkChanges([put('a', 'v'.repeat(19))], limits))).toBe('LIMIT_EXCEEDED')
    expect(thrown(() => checkChanges([put('a', 'v'.repeat(8), 't'.repeat(10))], limits))).toBeUndefined()
    expect(thrown(() => checkChanges([put('a', 'v'.repeat(8), 't'.repeat(11))], limits))).toBe('LIMIT_EXCEEDED')
    expect(thrown(() => checkChanges(['a', 'b', 'c', 'd'].map((sort) => put(sort, 1)), limits))).toBe('LIMIT_EXCEEDED')
    const longKeys = ['a', 'b', 'c'].map((letter) => letter.repeat(20))
    const hundredBytes = longKeys.map((sort, number) => put(sort, 'v'.repeat(number === 0 ? 11 : 10)))
    expect(thrown(() => checkChanges(hundredBytes, limits))).toBeUndefined()
    expect(thrown(() => checkChanges(hundredBytes, { ...limits, commitBytes: 99 }))).toBe('LIMIT_EXCEEDED')
  })

  it('counts bytes of UTF-8', () => {
    expect(thrown(() => checkChanges([put('a', '€'.repeat(6))], limits))).toBeUndefined()
    expect(thrown(() => checkChanges([put('a', '€'.repeat(7))], limits))).toBe('LIMIT_EXCEEDED')
  })

  it('refuses one key twice, and knows partition and sort apart', () => {
    expect(thrown(() => checkChanges([put('a', 1), { op: 'delete', key: at('a') }], limits))).toBe('TypeError')
    const apart: readonly Change[] = [
      { op: 'delete', key: { partition: 'a', sort: 'bc' } },
      { op: 'delete', key: { partition: 'ab', sort: 'c' } },
    ]
    expect(thrown(() => checkChanges(apart, limits))).toBeUndefined()
  })

  it('refuses an expectation where atomic is false', () => {
    const changes: readonly Change[] = [{ op: 'delete', key: at('a'), expect: 'present' }]
    expect(thrown(() => checkChanges(changes, limits, { atomic: false }))).toBe('TypeError')
    expect(thrown(() => checkChanges(changes, limits))).toBeUndefined()
    expect(thrown(() => checkChanges([{ op: 'check', key: at('a'), expect: 'absent' }], limits, { atomic: false }))).toBe('TypeError')
    expect(thrown(() => checkChanges([put('a', 1), { op: 'delete', key: at('b') }], limits, { atomic: false }))).toBeUndefined()
  })
})

describe('assertEntryKey', () => {
  it('takes keys at the limit, and refuses longer ones', () => {
    expect(thrown(() => { assertEntryKey({ partition: 'é'.repeat(1024), sort: '\u{1f600}'.repeat(256) }) })).toBeUndefined()
    expect(thrown(() => { assertEntryKey({ partition: 'é'.repeat(1025), sort: 'a' }) })).toBe('LIMIT_EXCEEDED')
    expect(thrown(() => { assertEntryKey({ partition: 'a', sort: '\u{1f600}'.repeat(257) }) })).toBe('LIMIT_EXCEEDED')
  })

  it('refuses what no index can hold', () => {
    for (const text of ['', '\0', 'a\0b', '\ud800', 'a\udc00b', '\udc00\ud800']) {
      expect(thrown(() => { assertEntryKey(at(text)) }), JSON.stringify(text)).toBe('TypeError')
      expect(thrown(() => { assertPartition(text) }), JSON.stringify(text)).toBe('TypeError')
    }
  })
})

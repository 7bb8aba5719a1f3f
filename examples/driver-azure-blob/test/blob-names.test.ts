import { expect, it } from 'vitest'
import { blobNames } from '../src/blob-names.js'

const names = blobNames('registry')
const alphabet = Array.from('!-./05_az')
const deep = 'a/'.repeat(400)
const tails = alphabet.flatMap((first) => alphabet.map((second) => `a${first}${second}a`))
const keys = [...tails, ...tails.map((tail) => deep + tail), ...tails.map((tail) => 'a/'.repeat(149) + tail), 'a', deep + 'a']
  .filter((key) => !key.includes('//'))

it('keeps the order of keys', () => {
  expect(keys.toSorted().map((key) => names.of(key))).toEqual(keys.map((key) => names.of(key)).toSorted())
})

it('finds the key of each name', () => {
  expect(keys.filter((key) => names.keyOf(names.of(key)) !== key && !/(^|\/)\.\.?(\/|$)/.test(key))).toEqual([])
})

it('ends no segment in a dot, and has at most 254 of them', () => {
  expect(names.of('a./b.')).toBe('registry/a-/b-')
  expect(names.of(deep + 'a').split('/').length).toBeLessThanOrEqual(254)
})

it('takes a stranger for no key', () => {
  expect(['registry/A', 'registry/a.b', 'registry@tmp/x', 'other/a', 'registry/', 'registry/a+b'].filter((name) => names.keyOf(name) !== undefined)).toEqual([])
})

it('begins the names of all keys with the name of their beginning', () => {
  for (const key of keys) {
    for (let length = 0; length <= key.length; length += 7) expect(names.of(key).startsWith(names.prefix(key.slice(0, length)) ?? '?')).toBe(true)
  }
})

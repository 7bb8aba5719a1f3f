import { describe, expect, it } from 'vitest'
import { searchFilter } from './search-filter.js'

/** Whether what is told to DynamoDB lets a text through, and whether the rest does. */
function passes(query: string, text: string | undefined): readonly boolean[] {
  const filter = searchFilter(query)
  const told = Object.values(filter.values).every(({ S }) => text?.includes(S) === true)
  return [told, filter.matches(text === undefined ? {} : { text: { S: text } })]
}

describe('a search', () => {
  it.each<[string, string, readonly string[]]>([
    ['for nothing', ' ', []],
    ['for a term', 'Alpine', ['alpine']],
    ['for terms, the longest of which narrow it most', 'a ccc bb', ['ccc', 'bb', 'a']],
    ['for the same term twice', 'x X', ['x']],
    ['for more terms than fit', 'j i h g f e d c bbb', ['bbb', 'j', 'i', 'h', 'g', 'f', 'e', 'd']],
    ['for a term that is too long to be told', `b ${'a'.repeat(257)}`, ['b']],
    ['for a term that just can be told', 'a'.repeat(256), ['a'.repeat(256)]],
    ['for a term that has more bytes than characters', `b ${'é'.repeat(129)}`, ['b']],
  ])('%s', (_, query, terms) => {
    const { expression, values } = searchFilter(query)
    expect(Object.values(values).map(({ S }) => S)).toEqual(terms)
    expect(expression).toBe(['attribute_exists(#text)', ...terms.map((_, n) => `contains(#text, :term${n})`)].join(' AND '))
  })

  it('compares what DynamoDB was not told', () => {
    const long = 'a'.repeat(300)
    expect(passes(long, 'b')).toEqual([true, false])
    expect(passes(long, `b${long}`)).toEqual([true, true])
    expect(passes('i h g f e d c b a', 'ihgfedcb')).toEqual([true, false])
    expect(passes('i h g f e d c b a', 'abcdefghi')).toEqual([true, true])
  })

  it('finds no entry that has no text', () => {
    expect(passes('a', undefined)).toEqual([false, false])
  })
})

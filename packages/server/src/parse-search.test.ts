import { describe, expect, it } from 'vitest'
import { parseSearch } from './parse-search.js'
import { QueryError } from './query-error.js'

const parse = (query: string): ReturnType<typeof parseSearch> => parseSearch(new URLSearchParams(query))

describe('parseSearch', () => {
  it('means the first page of all repositories where nothing is said', () => {
    expect(parse('')).toEqual({ text: '', pageSize: 25, page: 1 })
    expect(parse('q=&unknown=1')).toEqual({ text: '', pageSize: 25, page: 1 })
  })

  it('takes the text as it is, and the first of several', () => {
    for (const text of ['team/alpine', ' two  terms ', '100%', 'a&b=c', 'Größe 数', '\0', 'x'.repeat(1000)]) {
      expect(parse(`q=${encodeURIComponent(text)}&q=other`).text).toBe(text)
    }
    expect(parse('q=a+b').text).toBe('a b')
  })

  it('refuses a text that is too long, and says how long it may be', () => {
    const error = errorOf(() => parse(`q=${'x'.repeat(1001)}`))
    expect([error.code, error.message]).toEqual(['UNSUPPORTED', '"q" has at most 1000 characters (code points), and this one has 1001: search for fewer words'])
  })

  it('counts characters, and not what they take in memory', () => {
    const ships = '🚢'.repeat(1000)
    expect(parse(`q=${encodeURIComponent(ships)}`).text).toBe(ships)
    expect(errorOf(() => parse(`q=${encodeURIComponent(`${ships}x`)}`)).message).toMatch(/this one has 1001:/)
  })

  it('takes numbers, and cuts those that are too large', () => {
    expect(parse('n=7&page=3')).toMatchObject({ pageSize: 7, page: 3 })
    expect(parse('n=1000&page=007')).toMatchObject({ pageSize: 1000, page: 7 })
    for (const large of ['1001', '99999999999999999999', '9'.repeat(500)]) expect(parse(`n=${large}`).pageSize).toBe(1000)
    for (const large of ['2147483648', '9'.repeat(500)]) expect(parse(`page=${large}`).page).toBe(2_147_483_647)
  })

  it.each(['0', '00', '-1', '', ' 1', '1.5', '1e2', '0x1', 'x', '٣', 'NaN'])('refuses %j as a number', (text) => {
    for (const name of ['n', 'page']) {
      const error = errorOf(() => parse(`${name}=${encodeURIComponent(text)}`))
      expect([error.code, error.message]).toEqual(['PAGINATION_NUMBER_INVALID', `"${name}" is a whole number from 1 up`])
    }
  })
})

function errorOf(work: () => unknown): QueryError {
  try {
    work()
  } catch (error) {
    if (error instanceof QueryError) return error
  }
  throw new Error('it was not refused')
}

import { describe, expect, it } from 'vitest'
import { oddStrings } from '../test/odd-strings.js'
import { RegistryError } from './errors.js'
import { parseReference, parseRepositoryName, parseTag } from './reference.js'

const digest = `sha256:${'ab'.repeat(32)}`

function refuses(parse: (text: string) => unknown, code: string, texts: readonly string[]): void {
  for (const text of texts) expect(() => parse(text), JSON.stringify(text)).toThrow(expect.objectContaining({ code }))
}

describe('parseRepositoryName', () => {
  it('takes what the specification takes', () => {
    for (const name of ['a', '0', 'library/ubuntu', 'a.b', 'a_b', 'a__b', 'a-b', 'a---b', 'a/b/c/d', 'a/blobs/uploads', 'x'.repeat(255)]) {
      expect(parseRepositoryName(name)).toBe(name)
    }
  })

  it('refuses everything else with NAME_INVALID', () => {
    refuses(parseRepositoryName, 'NAME_INVALID', [
      '', '/', 'a/', '/a', 'a//b', 'A', 'a.', '.a', 'a..b', 'a___b', 'a_', '-a', 'a-', 'a._b', 'a b', 'é', 'a\n', 'a\0', 'a/../b', 'x'.repeat(256), `${'a/'.repeat(200)}a`,
    ])
  })

  it('does not take long over long names', () => {
    const begin = performance.now()
    for (const name of ['a-'.repeat(100_000), 'a'.repeat(1_000_000), `${'a--'.repeat(80)}!`]) refuses(parseRepositoryName, 'NAME_INVALID', [name])
    expect(performance.now() - begin).toBeLessThan(1000)
  })
})

describe('parseTag', () => {
  it('takes what the specification takes', () => {
    for (const tag of ['latest', 'v1.0', '_', 'A', '0', 'a-b_c.d', 'x'.repeat(128)]) expect(parseTag(tag)).toBe(tag)
  })

  it('refuses everything else with TAG_INVALID', () => {
    refuses(parseTag, 'TAG_INVALID', ['', '.', '-a', '.a', 'a/b', 'a b', 'a:b', 'a\n', 'é', 'x'.repeat(129)])
  })
})

describe('parseReference', () => {
  it('tells tags from digests', () => {
    expect(parseReference('latest')).toEqual({ kind: 'tag', tag: 'latest' })
    expect(parseReference(digest)).toEqual({ kind: 'digest', digest })
  })

  it('takes what has a colon for a digest, never for a tag', () => {
    refuses(parseReference, 'DIGEST_INVALID', ['a:b', ':', 'sha256:', 'latest:1'])
    refuses(parseReference, 'TAG_INVALID', ['', 'sha256/x', '@latest'])
  })
})

describe('parsers of names', () => {
  it('throw nothing but RegistryError', () => {
    for (const parse of [parseRepositoryName, parseTag, parseReference]) {
      for (const text of oddStrings()) {
        try {
          parse(text)
        } catch (error) {
          expect(RegistryError.is(error, 'NAME_INVALID', 'TAG_INVALID', 'DIGEST_INVALID'), `${JSON.stringify(text)} threw ${String(error)}`).toBe(true)
        }
      }
    }
  })
})

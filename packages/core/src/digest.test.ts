import { describe, expect, it } from 'vitest'
import { oddStrings } from '../test/odd-strings.js'
import { digestAlgorithms, isDigest, isDigestAlgorithm, parseDigest, splitDigest } from './digest.js'
import { RegistryError } from './errors.js'

const sha256 = `sha256:${'0123456789abcdef'.repeat(4)}`
const sha512 = `sha512:${'0123456789abcdef'.repeat(8)}`

describe('parseDigest', () => {
  it('takes sha256 and sha512', () => {
    expect(parseDigest(sha256)).toBe(sha256)
    expect(parseDigest(sha512)).toBe(sha512)
    expect(digestAlgorithms).toEqual(['sha256', 'sha512'])
  })

  it('refuses everything else with DIGEST_INVALID', () => {
    const wrong = [
      '', ':', 'sha256', 'sha256:', sha256.slice(0, -1), `${sha256}0`, `${sha256}\n`, ` ${sha256}`, sha256.toUpperCase(), sha256.replace('f', 'F'), sha256.replace('f', 'g'),
      sha256.replace('sha256', 'sha512'), sha512.replace('sha512', 'sha256'), `md5:${'0'.repeat(32)}`, `sha256+b64:${'0'.repeat(64)}`, `constructor:${'0'.repeat(64)}`, '__proto__:',
    ]
    for (const text of wrong) {
      expect(() => parseDigest(text), JSON.stringify(text)).toThrow(expect.objectContaining({ code: 'DIGEST_INVALID' }))
      expect(isDigest(text), JSON.stringify(text)).toBe(false)
    }
  })

  it('throws nothing but RegistryError', () => {
    for (const text of oddStrings()) {
      try {
        parseDigest(text)
      } catch (error) {
        expect(RegistryError.is(error, 'DIGEST_INVALID'), `${JSON.stringify(text)} threw ${String(error)}`).toBe(true)
        expect((error as Error).message.length).toBeLessThan(2000)
      }
    }
  })
})

describe('parts of digests', () => {
  it('splits at the colon', () => {
    expect(splitDigest(parseDigest(sha512))).toEqual({ algorithm: 'sha512', hex: sha512.slice(7) })
  })

  it('knows algorithms by their exact name', () => {
    expect(['sha256', 'sha512', 'SHA256', 'sha1', 'toString', ''].map(isDigestAlgorithm)).toEqual([true, true, false, false, false, false])
  })
})

import { describe, expect, it } from 'vitest'
import { nearest } from './nearest.js'

const known = ['storage', 'storage_path', 'port', 'cache.host', 'S3_Region']

describe('nearest', () => {
  it('finds a name with a letter left out, put in, replaced or swapped, whatever its case', () => {
    expect(['storge', 'stoorage', 'starage', 'stroage', 'STORAGE', 's3_region', 'cache.hots'].map((name) => nearest(name, known))).toEqual([
      'storage', 'storage', 'storage', 'storage', 'storage', 'S3_Region', 'cache.host',
    ])
  })

  it('finds none where none is close, and none among none', () => {
    expect(['bugsnag', 'x', '', 'storage_path_of_mine'].map((name) => nearest(name, known))).toEqual([undefined, undefined, undefined, undefined])
    expect(nearest('port', [])).toBeUndefined()
  })

  it('takes a third of a name for other letters at the most, and one of a short name', () => {
    expect(nearest('abcdef', ['abcdxy'])).toBe('abcdxy')
    expect(nearest('abcdef', ['abcxyz'])).toBeUndefined()
    expect(nearest('db', ['da'])).toBe('da')
    expect(nearest('db', ['xy'])).toBeUndefined()
  })

  it('counts two neighbours that are swapped as one', () => {
    expect(nearest('prot', ['port'])).toBe('port')
    expect(nearest('trop', ['port'])).toBeUndefined()
  })

  it('prefers the closest, and of equals the first', () => {
    expect(nearest('storage_pat', ['storage_pot', 'storage_path'])).toBe('storage_pot')
    expect(nearest('prd', ['development', 'prod', 'pr'])).toBe('prod')
    expect(nearest('smtp_hst', ['smtp_past', 'smtp_host'])).toBe('smtp_host')
  })

  it('is quick with a name of a megabyte', () => {
    const started = performance.now()
    expect(nearest('x'.repeat(1024 * 1024), Array.from({ length: 1000 }, (_, number) => `option_${number}`))).toBeUndefined()
    expect(performance.now() - started).toBeLessThan(500)
  })
})

import { describe, expect, it, vi } from 'vitest'
import { RegistryError } from './errors.js'

describe('RegistryError', () => {
  it('carries what it was given', () => {
    const cause = new Error('below')
    const error = new RegistryError('CONFLICT', 'not as expected', { driver: 'memory', operation: 'commit', key: 'k', detail: { n: 1 }, outcome: 'unknown', cause })
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({
      name: 'RegistryError',
      code: 'CONFLICT',
      message: 'not as expected',
      driver: 'memory',
      operation: 'commit',
      key: 'k',
      detail: { n: 1 },
      outcome: 'unknown',
      retryable: false,
      cause,
    })
  })

  it('is retryable for UNAVAILABLE alone, unless it says otherwise', () => {
    expect(new RegistryError('UNAVAILABLE', '').retryable).toBe(true)
    expect(new RegistryError('UNAVAILABLE', '', { retryable: false }).retryable).toBe(false)
    expect(new RegistryError('NO_SPACE', '').retryable).toBe(false)
    expect(new RegistryError('NO_SPACE', '', { retryable: true }).retryable).toBe(true)
  })

  it('has no cause unless one was given, and keeps one that is undefined', () => {
    expect('cause' in new RegistryError('INTERNAL', '')).toBe(false)
    expect('cause' in new RegistryError('INTERNAL', '', { cause: undefined })).toBe(true)
  })

  it('is told by its code', () => {
    const error = new RegistryError('NOT_FOUND', '')
    expect(RegistryError.is(error)).toBe(true)
    expect(RegistryError.is(error, 'CONFLICT', 'NOT_FOUND')).toBe(true)
    expect(RegistryError.is(error, 'CONFLICT')).toBe(false)
  })

  it('is not taken for another thing', () => {
    const alike = { name: 'RegistryError', code: 'NOT_FOUND', message: '' }
    for (const value of [undefined, null, 'NOT_FOUND', 1, alike, new Error('NOT_FOUND'), Object.create(new RegistryError('NOT_FOUND', ''))]) {
      expect(RegistryError.is(value)).toBe(false)
    }
  })

  it('is known to another copy of this module', async () => {
    vi.resetModules()
    const copy = await import('./errors.js')
    const error = new copy.RegistryError('NOT_FOUND', '')
    expect(copy.RegistryError).not.toBe(RegistryError)
    expect(error).not.toBeInstanceOf(RegistryError)
    expect(RegistryError.is(error, 'NOT_FOUND')).toBe(true)
    expect(RegistryError.is(error, 'CONFLICT')).toBe(false)
    expect(copy.RegistryError.is(new RegistryError('CLOSED', ''), 'CLOSED')).toBe(true)
  })
})

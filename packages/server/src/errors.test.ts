import { type ErrorCode, errorCodes, RegistryError } from '@registry/core'
import { describe, expect, it } from 'vitest'
import { toHttpError } from './errors.js'

const codes = Object.keys(errorCodes) as ErrorCode[]

describe('toHttpError', () => {
  it.each(codes)('gives %s a status and a code of the form that the specification asks for', (code) => {
    const { status, errors } = toHttpError(new RegistryError(code, 'why'), 'id')
    expect(status).toBeGreaterThanOrEqual(400)
    expect(errors[0]?.code).toMatch(/^[A-Z_]+$/)
  })

  it.each([...codes.map((code) => new RegistryError(code, '/secret/path', { cause: new Error('secret') })), new Error('secret')])(
    'keeps to itself what a failure of the registry says: %s',
    (error) => {
      const answer = toHttpError(error, 'request-7')
      if (answer.status >= 500) expect(JSON.stringify(answer)).not.toContain('secret')
      expect(JSON.stringify(answer).includes('request-7')).toBe(answer.status === 500)
    },
  )

  it('tells when to try again', () => {
    expect(toHttpError(new RegistryError('UNAVAILABLE', 'busy'), 'id')).toMatchObject({ status: 503, retryAfter: 5 })
  })

  it('passes on what a check says', () => {
    const errors = [{ code: 'DENIED', message: 'every image here names its maintainer' }]
    expect(toHttpError(new RegistryError('DENIED', 'every image here names its maintainer'), 'id')).toEqual({ status: 403, errors })
  })

  it('lists each missing blob, a hundred at the most', () => {
    const detail = Array.from({ length: 150 }, (_, n) => ({ digest: `sha256:${n}` }))
    const { errors } = toHttpError(new RegistryError('MANIFEST_BLOB_UNKNOWN', 'missing', { detail }), 'id')
    expect(errors).toHaveLength(100)
    expect(errors[7]).toMatchObject({ code: 'MANIFEST_BLOB_UNKNOWN', detail: { digest: 'sha256:7' } })
  })
})

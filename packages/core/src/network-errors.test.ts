import { describe, expect, it } from 'vitest'
import { errnoOf, isNetworkError, isTlsError, messageOf } from './network-errors.js'

const failure = (message: string, code?: string): Error => Object.assign(new Error(message), code === undefined ? {} : { code })
const several = new AggregateError([failure('connect ECONNREFUSED ::1:9', 'ECONNREFUSED'), failure('connect ETIMEDOUT', 'ETIMEDOUT')], '')

describe('errnoOf', () => {
  it('is the code of Node, of the first of several addresses', () => {
    expect(errnoOf(failure('', 'ECONNRESET'))).toBe('ECONNRESET')
    expect(errnoOf(several)).toBe('ECONNREFUSED')
    expect([errnoOf(failure('')), errnoOf('ECONNRESET'), errnoOf(undefined)]).toEqual(['', '', ''])
  })
})

describe('messageOf', () => {
  it('is one line', () => {
    expect(messageOf(failure(' one\n two '))).toBe('one two')
    expect(messageOf(several)).toBe('connect ECONNREFUSED ::1:9')
    expect(messageOf('text')).toBe('text')
    expect(messageOf(failure('00A1:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../ssl/record.c:354:\n'))).toBe('wrong version number')
  })
})

describe('isNetworkError', () => {
  it('is one that broke on its way', () => {
    for (const code of ['ECONNRESET', 'EAI_AGAIN', 'EPIPE', 'HPE_INVALID_CONSTANT', 'CERT_HAS_EXPIRED']) expect(isNetworkError(failure('', code)), code).toBe(true)
    expect(isNetworkError(failure('aborted'))).toBe(true)
    expect([isNetworkError(several), isNetworkError(failure('AccessDenied')), isNetworkError(failure('', 'INVALID'))]).toEqual([true, false, false])
  })
})

describe('isTlsError', () => {
  it('is one of certificates, or of what speaks no TLS', () => {
    for (const code of ['CERT_HAS_EXPIRED', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'EPROTO', 'DEPTH_ZERO_SELF_SIGNED_CERT']) expect(isTlsError(failure('', code)), code).toBe(true)
    expect(isTlsError(failure('', 'ECONNRESET'))).toBe(false)
  })
})

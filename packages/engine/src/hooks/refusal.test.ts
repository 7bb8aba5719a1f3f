import { RegistryError } from '@registry/core'
import { describe, expect, it } from 'vitest'
import { refusalOf } from './refusal.js'

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

describe('the refusal of a check', () => {
  it.each([
    [new Error('no maintainer'), 'no maintainer'],
    ['a text', 'a text'],
    [new Error('two\r\nlines\u001b[31m,\u2028and\u0085more\n'), 'two lines[31m, and more'],
    [undefined, 'undefined'],
    [new Error(' \n'), 'whoever runs this registry has a check that refuses this'],
  ])('says %j as %j', (thrown, message) => {
    expect(refusalOf(thrown)).toMatchObject({ code: 'DENIED', message, cause: thrown, retryable: false })
  })

  it.each([
    ['a message that is none', Object.assign(new Error(), { message: ['not', 'a text'] }), 'not,a text'],
    ['no message', Object.assign(new Error(), { message: undefined }), 'undefined'],
    ['a message that throws', Object.defineProperty(new Error(), 'message', { get: () => { throw new Error('no') } }), undefined],
    ['an object without a form', Object.create(null) as unknown, undefined],
    ['an object that nobody may look at', revoked(), undefined],
  ])('is one whatever is thrown: %s', (_, thrown, message = 'whoever runs this registry has a check that refuses this') => {
    expect(refusalOf(thrown)).toMatchObject({ code: 'DENIED', message })
  })

  it('says a thousand bytes at the most', () => {
    expect(refusalOf(new Error('🚢'.repeat(250))).message).toBe('🚢'.repeat(250))
    expect(refusalOf(new Error('🚢'.repeat(251))).message).toBe(`${'🚢'.repeat(249)}…`)
  })

  it.each(['DENIED', 'UNAVAILABLE', 'CLOSED', 'NO_SPACE', 'ACCESS_DENIED', 'CORRUPT', 'INTERNAL'] as const)('is what was thrown, where that is %s', (code) => {
    const thrown = new RegistryError(code, 'as\nit is')
    expect(refusalOf(thrown)).toBe(thrown)
  })

  it('is one of the push, where something that was asked for does not exist', () => {
    const thrown = new RegistryError('MANIFEST_UNKNOWN', 'base has no manifest today')
    expect(refusalOf(thrown)).toMatchObject({ code: 'DENIED', message: 'base has no manifest today', cause: thrown })
  })
})

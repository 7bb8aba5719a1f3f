import { describe, expect, it } from 'vitest'
import { reasonOf } from './reason-of.js'

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

const throwing = (): never => {
  throw new Error('nobody may look')
}

describe('reasonOf', () => {
  it.each<[what: string, thrown: unknown, reason: string]>([
    ['the first line of a message', new Error('no license\nat all'), 'no license'],
    ['no message', new Error(''), 'it gave no reason'],
    ['a message that is none', Object.assign(new Error('x'), { message: undefined }), 'it gave no reason'],
    ['a message that is an object', Object.assign(new Error('x'), { message: { a: 1 } }), 'it gave no reason'],
    ['a message that throws', Object.defineProperty(new Error('x'), 'message', { get: throwing }), 'what it threw cannot be looked at'],
    ['what nobody may look at', revoked(), 'what it threw cannot be looked at'],
    ['an object', {}, 'it threw what is no error'],
    ['a symbol', Symbol('x'), 'it threw Symbol(x)'],
    ['nothing', undefined, 'it threw undefined'],
  ])('is one line whatever was thrown: %s', (_what, thrown, reason) => {
    expect(reasonOf(thrown)).toBe(reason)
  })
})

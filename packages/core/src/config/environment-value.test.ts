import { describe, expect, it } from 'vitest'
import { environmentValue } from './environment-value.js'
import { isSet, type Setting } from './setting.js'

const place = { file: 'config.yml', path: 'dev.port' }
const fromFile = { kind: 'file', ...place, fallback: true } as const
const fromX = { kind: 'environment', variable: 'X', ...place } as const

function valueOf(text: string, environment: Readonly<Record<string, string | undefined>> = {}): Setting {
  const setting = environmentValue(text, environment, place)
  if (setting === undefined) throw new Error(`${text} is taken for a text`)
  return setting
}

describe('_env:NAME', () => {
  it('is the variable, and where it came from', () => {
    expect(valueOf('_env:X', { X: 'a text' })).toEqual({ text: 'a text', value: 'a text', origin: fromX })
  })

  it('is nothing without the variable, and still names it', () => {
    const setting = valueOf('_env:X')
    expect(isSet(setting)).toBe(false)
    expect(setting.origin).toEqual(fromX)
  })

  it('is a variable of its own, not what every object has', () => {
    expect(['constructor', 'toString', '__proto__', 'hasOwnProperty'].map((name) => isSet(valueOf(`_env:${name}`)))).toEqual([
      false, false, false, false,
    ])
    expect(isSet(environmentValue('_env:constructor', process.env, place)!)).toBe(false)
    expect(valueOf('_env:constructor:x').text).toBe('x')
  })

  it('is not looked up a second time', () => {
    expect(valueOf('_env:X', { X: '_env:Y', Y: 'y' }).value).toBe('_env:Y')
    expect(valueOf('_env:X:_env:Y', { Y: 'y' }).value).toBe('_env:Y')
  })

  it('is only what begins so and has a name', () => {
    const texts = ['', 'env:X', ' _env:X', '_env', '_env:', '_env::default', '_ENV:X', 'x_env:X']
    expect(texts.map((text) => environmentValue(text, { X: 'x', '': 'x' }, place))).toEqual(texts.map(() => undefined))
  })
})

describe('_env:NAME:DEFAULT', () => {
  it('is the default without the variable, as if the file said it', () => {
    expect(valueOf('_env:X:info')).toEqual({ text: 'info', value: 'info', origin: fromFile })
  })

  it('is the variable where that is set', () => {
    expect(valueOf('_env:X:info', { X: 'debug' })).toEqual({ text: 'debug', value: 'debug', origin: fromX })
  })

  it('is nothing where the variable is set but empty, and not the default', () => {
    const setting = valueOf('_env:X:info', { X: '' })
    expect(isSet(setting)).toBe(false)
    expect(setting.origin).toEqual(fromX)
  })

  it('has a default with all of its colons and lines', () => {
    expect(valueOf('_env:X:sqlite:////tmp/db').text).toBe('sqlite:////tmp/db')
    expect(valueOf('_env:X:a:b::c:').text).toBe('a:b::c:')
    expect(valueOf('_env:X:one\ntwo: 2').text).toBe('one\ntwo: 2')
  })

  it('is nothing where the default is empty', () => {
    expect(isSet(valueOf('_env:X:'))).toBe(false)
  })
})

describe('the text of a variable or default', () => {
  it.each([
    ['true', true],
    ['5000', 5000],
    ['[a, b]', ['a', 'b']],
    ['null', null],
  ])('%s has its type, and the text beside it', (text, value) => {
    expect(valueOf('_env:X', { X: text })).toEqual({ text, value, origin: fromX })
    expect(valueOf(`_env:X:${text}`)).toEqual({ text, value, origin: fromFile })
  })

  it('that is no YAML is kept, with the reason', () => {
    expect(valueOf('_env:X', { X: '@secret: #1: x' })).toMatchObject({
      text: '@secret: #1: x', value: undefined, flaw: expect.stringContaining('1:1') as unknown,
    })
  })
})

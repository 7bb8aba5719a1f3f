import { describe, expect, it } from 'vitest'
import { oddStrings } from '../../test/odd-strings.js'
import { textSetting } from './text-setting.js'

const origin = { kind: 'environment', variable: 'X' } as const

describe('a text of the environment or the command line', () => {
  it.each([
    ['true', true],
    ['No', false],
    ['on', true],
    ['OFF', false],
    ['5000', 5000],
    ['0x10', 16],
    ['1.5', 1.5],
    ['[a, b]', ['a', 'b']],
    ['null', null],
    ['~', null],
    ['"5000"', '5000'],
    ['sqlite:////tmp/db', 'sqlite:////tmp/db'],
    ['', undefined],
    ['# nothing', undefined],
  ])('%j is what YAML makes of it', (text, value) => {
    expect(textSetting(text, origin)).toEqual({ text, value, origin })
  })

  it('keeps items of a list as they are written', () => {
    expect(textSetting('[no, 0123, 1.10, 2001-01-01, "x", ~, [y]]', origin).value).toEqual(['no', '0123', '1.10', '2001-01-01', 'x', null, null])
  })

  it('that is no YAML keeps the reason, and throws nothing', () => {
    for (const text of ['[a, b', '*', '@x', 'a: b: c', '"x', '\t- x', '!x y', 'x\0']) {
      expect(textSetting(text, origin), JSON.stringify(text)).toEqual({
        text, value: undefined, flaw: expect.stringMatching(/^its text:1:\d+: \w/) as unknown, origin,
      })
    }
  })

  it('throws nothing, whatever it is', () => {
    for (const text of oddStrings()) expect(textSetting(text, origin).text, JSON.stringify(text)).toBe(text)
  })
})

import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { OptionSchema } from '../options-schema.js'
import { allowedValues, optionValue, type OptionValue } from './option-value.js'
import { readConfig } from './read-config.js'
import { textSetting } from './text-setting.js'

const option = (schema: Omit<OptionSchema, 'description'>): OptionSchema => ({ description: 'An option.', ...schema })
const text = option({ type: 'string' })
const path = option({ type: 'path' })
const integer = option({ type: 'integer' })
const boolean = option({ type: 'boolean' })
const list = option({ type: 'list' })

/** What a file makes of a value that is written so. */
function inFile(written: string, schema: OptionSchema): OptionValue | undefined {
  const settings = readConfig({ name: 'config.yml', text: `dev:\n  x: ${written}\n` }, { flavor: 'dev', environment: {} })
  return optionValue(settings.get('x')!, schema)
}

const inVariable = (value: string, schema: OptionSchema): OptionValue | undefined =>
  optionValue(textSetting(value, { kind: 'environment', variable: 'X' }), schema)

describe('a text', () => {
  it('keeps what a variable has, letter by letter', () => {
    const values = [
      '12345', '0123', 'null', '~', 'true', '[a, b]', 'secret#1', 'x #1', '@x', 'a: b', '*', '"quoted"', "it's", ' x ', '2001-01-01',
      '%x', 'a\nb', '{', '🔑',
    ]
    expect(values.map((value) => inVariable(value, text))).toEqual(values)
  })

  it('keeps what a file has, letter by letter, without quotes', () => {
    const values = ['12345', '0123', 'true', 'No', '1.10', '0x1F', '2001-01-01', '1:30', '1_000', '.inf', '-0']
    expect(values.map((value) => inFile(value, text))).toEqual(values)
    expect(['"12345"', "'null'", '"~"', '"a # b"'].map((value) => inFile(value, text))).toEqual(['12345', 'null', '~', 'a # b'])
  })

  it('is no list and no section', () => {
    expect(inFile('[a]', text)).toBeUndefined()
  })
})

describe('a choice', () => {
  const level = option({ type: 'string', choices: ['debug', 'info'] })

  it('is one of the texts that are allowed, whatever its case', () => {
    expect(['debug', 'INFO', 'Info', 'warn', 'inf', ''].map((value) => inVariable(value, level))).toEqual([
      'debug', 'info', 'info', undefined, undefined, undefined,
    ])
  })

  it('is spelled as the option has it', () => {
    const format = option({ type: 'string', choices: ['OrdinaryCallingFormat'] })
    expect(['ordinarycallingformat', 'ORDINARYCALLINGFORMAT'].map((value) => inVariable(value, format))).toEqual([
      'OrdinaryCallingFormat', 'OrdinaryCallingFormat',
    ])
  })
})

describe('a path', () => {
  it('is absolute, seen from the working directory', () => {
    expect(['./data', 'data', '../x', '/prod', '12345'].map((value) => inFile(value, path))).toEqual([
      resolve('data'), resolve('data'), resolve('..', 'x'), '/prod', resolve('12345'),
    ])
    expect(inVariable('data', path)).toBe(`${process.cwd()}/data`)
  })

  it('has no NUL, and is no list', () => {
    expect(inVariable('a\0b', path)).toBeUndefined()
    expect(inFile('[a]', path)).toBeUndefined()
  })
})

describe('a whole number', () => {
  it('may be in quotes, and of any form that YAML has', () => {
    for (const read of [inFile, inVariable]) {
      expect(['5000', '"5000"', "'5000'", '-1', '0x10', '1_000', '5000.0'].map((value) => read(value, integer))).toEqual([
        5000, 5000, 5000, -1, 16, 1000, 5000,
      ])
    }
  })

  it('is no other number, and nothing else', () => {
    for (const read of [inFile, inVariable]) {
      const others = ['1.5', 'x', 'true', '[1]', '.inf', '.nan', '2001-01-01', '9007199254740993', '5000x', '""', '"[1]"']
      expect(others.map((value) => read(value, integer))).toEqual(others.map(() => undefined))
    }
  })

  it('is neither less than its minimum nor more than its maximum', () => {
    const port = option({ type: 'integer', minimum: 1, maximum: 65_535 })
    expect(['0', '1', '65535', '65536', '-5'].map((value) => inVariable(value, port))).toEqual([undefined, 1, 65_535, undefined, undefined])
    expect(['0', '1'].map((value) => inVariable(value, option({ type: 'integer', minimum: 1 })))).toEqual([undefined, 1])
    expect(['1', '2'].map((value) => inVariable(value, option({ type: 'integer', maximum: 1 })))).toEqual([1, undefined])
  })
})

describe('a boolean', () => {
  it('is true or false, yes or no, on or off, 1 or 0, in any case and in quotes', () => {
    const words = ['true', 'True', 'yes', 'YES', 'on', '1', '"true"', '"yes"', '"1"', 'false', 'no', 'No', 'off', 'OFF', '0', '"off"', '"0"']
    for (const read of [inFile, inVariable]) expect(words.map((word) => read(word, boolean))).toEqual(words.map((_, number) => number < 9))
  })

  it('is no other number and no other word', () => {
    const others = ['2', '-1', 'maybe', '"', 'o', '[true]', '1.5', 'tru']
    expect(others.map((value) => inVariable(value, boolean))).toEqual(others.map(() => undefined))
  })
})

describe('a list of texts', () => {
  it('is a list, whose items are as they are written', () => {
    for (const read of [inFile, inVariable]) {
      expect(read('[a, "b c", 5000, 0123, no, 1.10]', list)).toEqual(['a', 'b c', '5000', '0123', 'no', '1.10'])
    }
    expect(inFile('\n  - a\n  - b', list)).toEqual(['a', 'b'])
    expect(inFile('[]', list)).toEqual([])
  })

  it('of one may be a text', () => {
    for (const read of [inFile, inVariable]) {
      expect(['a', '12345', 'yes', 'a,b', 'http://a:80'].map((value) => read(value, list))).toEqual([
        ['a'], ['12345'], ['yes'], ['a,b'], ['http://a:80'],
      ])
    }
    expect(inVariable('*', list)).toEqual(['*'])
  })

  it('has no lists, sections and empty items in it', () => {
    for (const read of [inFile, inVariable]) {
      expect(['[[a]]', '[{a: b}]', '[a, ~]', '[null]'].map((value) => read(value, list))).toEqual([undefined, undefined, undefined, undefined])
    }
  })

  it('is no text with a bracket that is not closed', () => {
    expect(['[a, b', ' [a', '[a] b', '[a, @b]'].map((value) => inVariable(value, list))).toEqual([undefined, undefined, undefined, undefined])
  })
})

describe('what is allowed', () => {
  it('is said in words', () => {
    const schemas = [text, option({ type: 'string', choices: ['debug', 'info'] }), path, integer, boolean, list]
    expect(schemas.map(allowedValues)).toEqual(['a text', 'debug, info', 'a path', 'a whole number', 'true or false', 'a list of texts'])
    const numbers = [{ minimum: 1, maximum: 5 }, { minimum: 0 }, { maximum: 5 }]
    expect(numbers.map((limits) => allowedValues(option({ type: 'integer', ...limits })))).toEqual([
      'a whole number from 1 to 5', 'a whole number of at least 0', 'a whole number of at most 5',
    ])
  })
})

import { describe, expect, it } from 'vitest'
import { oddStrings } from '../../test/odd-strings.js'
import { RegistryError } from '../errors.js'
import { plainValue } from './plain-value.js'
import { parseYaml } from './yaml.js'

function refusalOf(text: string): RegistryError {
  try {
    parseYaml(text, 'config.yml')
  } catch (error) {
    if (RegistryError.is(error, 'CONFIG')) return error
    throw error
  }
  throw new Error(`${text} is taken`)
}

describe('parseYaml', () => {
  it('has mappings in order, by the text of their keys', () => {
    const document = parseYaml('b: 1\non: 2\n5000: 3\n~: 4\n', 'config.yml')
    expect([...(document as ReadonlyMap<string, unknown>)].map(([key, value]) => [key, plainValue(value)])).toEqual([
      ['b', 1], ['on', 2], ['5000', 3], ['~', 4],
    ])
  })

  it('has nothing of an empty text, and of one of comments', () => {
    expect(['', ' \n\n', '# a\n# b'].map((text) => parseYaml(text, 'config.yml'))).toEqual([undefined, undefined, undefined])
  })

  it('throws nothing but CONFIG, whatever it is given', () => {
    for (const text of oddStrings().flatMap((odd) => [`dev:\n  a: ${odd}`, `? ${odd}\n: [${odd}]`])) {
      try {
        parseYaml(text, 'config.yml')
      } catch (error) {
        expect(RegistryError.is(error, 'CONFIG'), `${JSON.stringify(text)} threw ${String(error)}`).toBe(true)
        expect((error as Error).message).toMatch(/^config\.yml[^\n]+$/)
      }
    }
  }, 60_000)

  it('shows nothing of a password that was taken for a part of YAML', () => {
    const passwords = [
      '*hunter2', '!hunter2', '!hunter2 x', '!!hunter2 [a]', '!hunter2!x', '!<hunter2> {}', '!hunter2^', '@hunter2', '"hunter2', '[hunter2',
      'hunter2: x', '%hunter2', '&a &hunter2 x', '{hunter2', '!%TAG!"hunter2',
    ]
    for (const password of passwords) {
      const error = refusalOf(`cache:\n  password: ${password}\n  port: 1\n`)
      expect(`${error.message} ${String(error.stack)} ${JSON.stringify(error)}`, password).not.toContain('hunter2')
      expect(error.cause, password).toBeUndefined()
      expect(error.message, password).toMatch(/^config\.yml:\d+:\d+: /)
    }
  })

  it('shows nothing of the lines around a mistake', () => {
    const { message, stack, cause } = refusalOf('password: hunter2\n\tport: 1\nsecret: hunter2\n')
    expect(`${message} ${String(stack)}`).not.toContain('hunter2')
    expect(cause).toBeUndefined()
  })
})

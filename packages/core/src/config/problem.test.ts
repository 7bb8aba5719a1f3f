import { describe, expect, it } from 'vitest'
import { RegistryError } from '../errors.js'
import { configError, type ConfigProblem, describeProblem } from './problem.js'

const origin = { kind: 'file', file: 'config.yml', path: 'prod.port' } as const
const problems: readonly ConfigProblem[] = [
  { option: 'port', origin, found: 'found "http"', allowed: 'allowed: a whole number' },
  { option: 'storage_path', found: 'is missing' },
  { option: 'prot', origin, found: 'is no option', allowed: 'it is ignored', nearest: 'port' },
]

describe('describeProblem', () => {
  it('says where it is, what was found, what is allowed and what may be meant', () => {
    expect(problems.map(describeProblem)).toEqual([
      'config.yml: prod.port: found "http", allowed: a whole number',
      'storage_path: is missing',
      'config.yml: prod.port: is no option, it is ignored; did you mean port?',
    ])
  })

  it('is one line, whatever an option is called', () => {
    expect(describeProblem({ option: 'a\nb\r\n\u0085\x1b[31mc', found: 'is\nmissing' })).toBe('a b [31mc: is missing')
  })
})

describe('configError', () => {
  it('tells every problem in a line of its own, and has them in its detail', () => {
    const error = configError(problems)
    expect(RegistryError.is(error, 'CONFIG')).toBe(true)
    expect(error.message.split('\n')).toEqual(problems.map(describeProblem))
    expect(error.detail).toEqual({ problems })
  })
})

import { describe, expect, it } from 'vitest'
import { RegistryError } from '../errors.js'
import { pickFlavor } from './flavor.js'

const sample = `
common: &common
  loglevel: info
dev:
  <<: *common
prod:
  <<: *common
  port: 5000
mine: {}
bare:
extensions:
  index: {table: x}
version: 3
on:
  port: 1
5000:
  port: 2
`

const file = (text: string): { readonly name: string; readonly text: string } => ({ name: 'config.yml', text })
const optionsOf = (name: string, text: string = sample): readonly string[] => [...pickFlavor(file(text), name).options.keys()]

function refusalOf(name: string, text: string = sample): string {
  try {
    pickFlavor(file(text), name)
  } catch (error) {
    if (RegistryError.is(error, 'CONFIG')) return error.message
    throw error
  }
  throw new Error(`${name} is taken`)
}

describe('a flavor', () => {
  it('is a section at the top, whatever it is called', () => {
    expect(['dev', 'prod', 'mine', 'on', '5000'].map((name) => optionsOf(name))).toEqual([['loglevel'], ['loglevel', 'port'], [], ['port'], ['port']])
  })

  it('may have nothing below it', () => {
    expect(optionsOf('bare')).toEqual([])
    expect(optionsOf('bare', 'bare: ~')).toEqual([])
  })

  it('has what is shared by all beside it', () => {
    expect([...pickFlavor(file(sample), 'prod').shared.keys()]).toEqual(['extensions'])
  })

  it('is the whole file where its name is empty', () => {
    const whole = pickFlavor(file('port: 5000\nextensions: {a: 1}\n'), '')
    expect([...whole.options.keys()]).toEqual(['port', 'extensions'])
    expect(whole.shared.size).toBe(0)
    expect(optionsOf('', '')).toEqual([])
  })
})

describe('an unknown flavor', () => {
  it('is an error that names the file, the flavors and the nearest one', () => {
    expect(refusalOf('prd')).toBe(
      'config.yml: there is no flavor prd (did you mean prod?); SETTINGS_FLAVOR names one of common, dev, prod, mine, on, 5000',
    )
  })

  it('has no nearest one where none is close', () => {
    expect(refusalOf('swift')).toBe('config.yml: there is no flavor swift; SETTINGS_FLAVOR names one of common, dev, prod, mine, on, 5000')
  })

  it('has the exact case of letters', () => {
    expect(refusalOf('Prod')).toContain('there is no flavor Prod (did you mean prod?)')
  })

  it('is one that has no options below it', () => {
    expect(refusalOf('version')).toContain(
      'version is no flavor: it has no options below it, such as `port: 5000` with a space behind the colon; SETTINGS_FLAVOR',
    )
    expect(refusalOf('dev', 'dev:\n  port:5000\n')).toContain('dev is no flavor')
    expect(refusalOf('dev', 'dev: [a]\n')).toContain('dev is no flavor')
  })

  it('is extensions, which belongs to all', () => {
    expect(refusalOf('extensions')).toMatch(/^config\.yml: extensions is no flavor: it belongs to all of them; SETTINGS_FLAVOR names one of /)
  })

  it('of a file without flavors is told how to do without', () => {
    expect(refusalOf('dev', 'port: 5000\n')).toBe(
      'config.yml: there is no flavor dev; the file has none: set SETTINGS_FLAVOR to the empty text where the whole file is the configuration',
    )
  })

  it('is told in one line, whatever it is called', () => {
    expect(refusalOf('a\nb', '"c\\nd": {}')).toBe('config.yml: there is no flavor a b; SETTINGS_FLAVOR names one of c d')
  })
})

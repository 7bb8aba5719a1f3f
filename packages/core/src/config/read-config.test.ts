import { describe, expect, it } from 'vitest'
import { describeOrigin, isSet } from './setting.js'
import { readConfig } from './read-config.js'

interface Read {
  readonly flavor?: string
  readonly environment?: Readonly<Record<string, string>>
}

const settingsOf = (text: string, { flavor = 'dev', environment = {} }: Read = {}): ReturnType<typeof readConfig> =>
  readConfig({ name: 'config.yml', text }, { flavor, environment })

/** The values of the settings that are set. */
function valuesOf(text: string, options?: Read): Readonly<Record<string, unknown>> {
  return Object.fromEntries([...settingsOf(text, options)].filter(([, setting]) => isSet(setting)).map(([path, { value }]) => [path, value]))
}

describe('flavors that are joined by anchors and merge keys', () => {
  const common = 'common: &common {port: 1, host: a}\nfast: &fast {port: 2, workers: 4}\n'

  it('have what they merge', () => {
    expect(valuesOf(`${common}dev:\n  <<: *common\n`)).toEqual({ port: 1, host: 'a' })
  })

  it('override what they merge, wherever the merge key stands', () => {
    expect(valuesOf(`${common}dev:\n  <<: *common\n  port: 9\n`)).toEqual({ port: 9, host: 'a' })
    expect(valuesOf(`${common}dev:\n  port: 9\n  <<: *common\n`)).toEqual({ port: 9, host: 'a' })
  })

  it('may unset what they merge', () => {
    expect(valuesOf(`${common}dev:\n  <<: *common\n  port: ~\n`)).toEqual({ host: 'a' })
    expect(valuesOf(`${common}dev:\n  <<: *common\n  port: _env:PORT\n`)).toEqual({ host: 'a' })
  })

  it('merge a list of mappings, of which the first counts', () => {
    expect(valuesOf(`${common}dev:\n  <<: [*common, *fast]\n`)).toEqual({ port: 1, host: 'a', workers: 4 })
    expect(valuesOf(`${common}dev:\n  <<: [*fast, *common]\n`)).toEqual({ port: 2, host: 'a', workers: 4 })
  })

  it('merge what merges', () => {
    expect(valuesOf(`${common}next: &next\n  <<: *common\n  host: b\ndev:\n  <<: *next\n`)).toEqual({ port: 1, host: 'b' })
  })

  it('replace a section as a whole, unless they merge it as well', () => {
    const nested = 'common: &common\n  cache: &cache {host: a, port: 1}\n'
    expect(valuesOf(`${nested}dev:\n  <<: *common\n  cache: {port: 2}\n`)).toEqual({ 'cache.port': 2 })
    expect(valuesOf(`${nested}dev:\n  <<: *common\n  cache:\n    <<: *cache\n    port: 2\n`)).toEqual({ 'cache.host': 'a', 'cache.port': 2 })
  })

  it('may have one section in several places', () => {
    const text = 'common: &common\n  cache: &cache {redis: {host: a}}\ndev:\n  <<: *common\n  cache_lru: *cache\n'
    expect(valuesOf(text)).toEqual({ 'cache.redis.host': 'a', 'cache_lru.redis.host': 'a' })
  })

  it('evaluate what they merge', () => {
    const text = 'common: &common\n  port: _env:PORT:5000\nother: &other\n  port: 1\ndev:\n  <<: *common\n'
    expect(valuesOf(text, { environment: { PORT: '80' } })).toEqual({ port: 80 })
    expect(valuesOf(text)).toEqual({ port: 5000 })
  })
})

describe('values of a flavor', () => {
  it('come from the environment in sections too', () => {
    expect(valuesOf('dev:\n  cache:\n    redis:\n      host: _env:HOST\n', { environment: { HOST: 'h' } })).toEqual({ 'cache.redis.host': 'h' })
  })

  it('come from the environment in quotes as well', () => {
    expect(valuesOf('dev: {a: "_env:A", b: \'_env:B:x y\'}', { environment: { A: '1' } })).toEqual({ a: 1, b: 'x y' })
  })

  it('do not come from the environment in lists', () => {
    const text = 'dev:\n  plain: [_env:A, _env:B:x]\n  nested: [[_env:A], {key: _env:A}]\n'
    expect(valuesOf(text, { environment: { A: 'secret' } })).toEqual({ plain: ['_env:A', '_env:B:x'], nested: [null, null] })
  })

  it('keep their text beside their type', () => {
    const settings = settingsOf('dev: {octal: 0123, yes: yes, date: 2001-01-01, float: 1.10, quoted: "0123", hex: 0x1F, ratio: 1:30}')
    expect([...settings].map(([, { text }]) => text)).toEqual(['0123', 'yes', '2001-01-01', '1.10', '0123', '0x1F', '1:30'])
    expect([...settings].map(([, { value }]) => typeof value)).toEqual(['number', 'boolean', 'object', 'number', 'string', 'number', 'number'])
  })

  it('of keys that YAML takes for more than text have the names that are written', () => {
    expect(Object.keys(valuesOf('dev: {on: 1, 5000: 2, ~: 3, 0x10: 4, __proto__: 5, constructor: 6}'))).toEqual(
      expect.arrayContaining(['on', '5000', '~', '0x10', 'constructor']),
    )
    expect(settingsOf('dev: {__proto__: 5}').get('__proto__')?.value).toBe(5)
  })

  it('that are nothing are kept, so that messages can name their place', () => {
    const settings = settingsOf('dev:\n  a: ~\n  b:\n  c: ""\n  d: null\n  e: _env:E\n')
    expect([...settings.values()].map(isSet)).toEqual([false, false, false, false, false])
    expect([...settings.values()].map(({ origin }) => describeOrigin(origin))).toEqual([
      'config.yml: dev.a', 'config.yml: dev.b', 'config.yml: dev.c', 'config.yml: dev.d', 'E (config.yml: dev.e)',
    ])
  })

  it('have paths with the flavor in messages, and without it as options', () => {
    const [[path, setting] = []] = [...settingsOf('prod:\n  cache:\n    host: a\n', { flavor: 'prod' })]
    expect(path).toBe('cache.host')
    expect(describeOrigin(setting!.origin)).toBe('config.yml: prod.cache.host')
  })
})

describe('other flavors', () => {
  it('are not evaluated', () => {
    const asked: string[] = []
    const environment = new Proxy<Record<string, string>>({ A: '1' }, {
      getOwnPropertyDescriptor: (target, name) => {
        asked.push(String(name))
        return Reflect.getOwnPropertyDescriptor(target, name)
      },
    })
    expect(valuesOf('dev: {a: _env:A}\nprod: {b: _env:B, c: {d: _env:D}}\n', { environment })).toEqual({ a: 1 })
    expect(asked).toEqual(['A'])
  })

  it('may be wrong', () => {
    const text = 'dev: {a: 1}\nprod: &prod {self: *prod, bad: _env:BAD}\nnot a flavor: 5\n'
    expect(valuesOf(text, { environment: { BAD: '[' } })).toEqual({ a: 1 })
  })
})

describe('a file without flavors', () => {
  it('is the configuration as a whole, where the flavor is the empty text', () => {
    const text = 'port: _env:PORT:5000\ncache: {host: a}\nextensions: {x: {y: 1}}\n'
    expect(valuesOf(text, { flavor: '' })).toEqual({ 'port': 5000, 'cache.host': 'a', 'extensions.x.y': 1 })
    expect([...settingsOf(text, { flavor: '' }).values()].map(({ origin }) => describeOrigin(origin))).toEqual([
      'config.yml: port', 'config.yml: cache.host', 'config.yml: extensions.x.y',
    ])
  })
})

describe('extensions', () => {
  const top = 'extensions:\n  index: {table: _env:TABLE:top, region: r}\n'

  it('at the top belong to every flavor', () => {
    expect(valuesOf(`${top}dev: {port: 1}\n`)).toEqual({ 'port': 1, 'extensions.index.table': 'top', 'extensions.index.region': 'r' })
    expect(describeOrigin(settingsOf(`${top}dev: {}\n`).get('extensions.index.region')!.origin)).toBe('config.yml: extensions.index.region')
    expect(valuesOf(`${top}dev: {}\n`, { environment: { TABLE: 't' } })).toMatchObject({ 'extensions.index.table': 't' })
  })

  it('in a flavor win over those at the top, option by option', () => {
    const text = `${top}dev:\n  extensions: {index: {table: flavor}}\n`
    expect(valuesOf(text)).toEqual({ 'extensions.index.table': 'flavor', 'extensions.index.region': 'r' })
    expect(describeOrigin(settingsOf(text).get('extensions.index.table')!.origin)).toBe('config.yml: dev.extensions.index.table')
  })

  it('in a flavor that are nothing leave those at the top', () => {
    expect(valuesOf(`${top}dev:\n  extensions: {index: {table: _env:MINE, region: ~}}\n`)).toEqual({
      'extensions.index.table': 'top', 'extensions.index.region': 'r',
    })
  })
})

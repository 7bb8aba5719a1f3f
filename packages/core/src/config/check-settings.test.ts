import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { OptionsSchema } from '../options-schema.js'
import { checkSettings, type CheckedSettings } from './check-settings.js'
import { configError, describeProblem } from './problem.js'
import { readConfig } from './read-config.js'
import type { Setting } from './setting.js'
import { textSetting } from './text-setting.js'

const schema: OptionsSchema = {
  'issue': { type: 'string', description: 'Text at /.' },
  'loglevel': { type: 'string', description: 'How much is logged.', choices: ['debug', 'info', 'warn'], default: 'info' },
  'port': { type: 'integer', description: 'Port.', minimum: 0, maximum: 65_535, default: 5000 },
  'debug': { type: 'boolean', description: 'Tells more.', default: false },
  'storage_path': { type: 'path', description: 'Root of the data.', default: './data' },
  'cors.origins': { type: 'list', description: 'Who may read.' },
  'cache.host': { type: 'string', description: 'Redis.' },
  'cache.port': { type: 'integer', description: 'Its port.', minimum: 1 },
  'cache.password': { type: 'string', description: 'Its password.', secret: true },
  's3.secret_number': { type: 'integer', description: 'A secret that is no text.', secret: true },
  's3.secret_choice': { type: 'string', description: 'A secret of a few.', choices: ['red', 'blue'], secret: true },
}

interface Check {
  readonly options?: OptionsSchema
  readonly environment?: Readonly<Record<string, string>>
}

function check(text: string, { options = schema, environment = {} }: Check = {}): CheckedSettings {
  return checkSettings(readConfig({ name: 'config.yml', text: `dev:\n${text.replace(/^/gm, '  ')}` }, { flavor: 'dev', environment }), options)
}

const problemsOf = (text: string, options?: Check): readonly string[] => check(text, options).problems.map(describeProblem)
const warningsOf = (text: string, options?: Check): readonly string[] => check(text, options).unknown.map(describeProblem)
const valueOf = (option: string, text: string, options?: Check): unknown => check(text, options).values.get(option)?.value
const commandLine = (text: string): ReadonlyMap<string, Setting> => new Map([['port', textSetting(text, { kind: 'command line', option: '--port' })]])

describe('the values of options', () => {
  it('are their defaults where nothing is said, and a path is absolute', () => {
    const { values, problems, unknown } = check('')
    expect([...values].map(([option, { value, origin }]) => [option, value, origin.kind])).toEqual([
      ['loglevel', 'info', 'default'], ['port', 5000, 'default'], ['debug', false, 'default'], ['storage_path', resolve('data'), 'default'],
    ])
    expect([problems, unknown]).toEqual([[], []])
  })

  it('are those of the file, and know where they came from', () => {
    const { values } = check('port: 80\ncache: {host: _env:HOST}\ncors: {origins: [a, b]}\nloglevel: WARN', { environment: { HOST: '12345' } })
    expect(values.get('port')).toEqual({ value: 80, origin: { kind: 'file', file: 'config.yml', path: 'dev.port' } })
    expect(values.get('cache.host')).toEqual({
      value: '12345', origin: { kind: 'environment', variable: 'HOST', file: 'config.yml', path: 'dev.cache.host' },
    })
    expect(values.get('cors.origins')?.value).toEqual(['a', 'b'])
    expect(values.get('loglevel')?.value).toBe('warn')
  })

  it('are their defaults where a file says nothing, an empty text or null', () => {
    for (const nothing of ['', '~', 'null', '""', "''", '_env:PORT', '"_env:PORT:"']) {
      expect(check(`port: ${nothing}`).values.get('port'), nothing).toEqual({ value: 5000, origin: { kind: 'default' } })
    }
  })

  it('are the defaults of options, not of the file, where a variable is set but empty', () => {
    expect(check('port: _env:PORT:80', { environment: { PORT: '' } }).values.get('port')).toEqual({ value: 5000, origin: { kind: 'default' } })
    expect(valueOf('issue', 'issue: _env:ISSUE:hello', { environment: { ISSUE: '' } })).toBeUndefined()
  })

  it('are their defaults where a variable is null, unless the option is a text', () => {
    for (const word of ['null', '~', 'Null']) {
      const environment = { X: word }
      expect(['port', 'debug', 'cors.origins'].map((option) => valueOf(option, `${option}: _env:X`, { environment }))).toEqual([
        5000, false, undefined,
      ])
      expect(valueOf('issue', 'issue: _env:X', { environment })).toBe(word)
      expect(valueOf('storage_path', 'storage_path: _env:X', { environment })).toBe(resolve(word))
      expect(problemsOf('port: _env:X\ncors: {origins: _env:X}', { environment })).toEqual([])
    }
  })

  it('may be false and zero', () => {
    expect(['port', 'debug'].map((option) => valueOf(option, 'port: 0\ndebug: off'))).toEqual([0, false])
  })
})

describe('a wrong value', () => {
  it('is told with its place, what was found and what is allowed', () => {
    expect(problemsOf('port: http\ndebug: maybe\nloglevel: chatty\ncache: {port: 0}')).toEqual([
      'config.yml: dev.loglevel: found "chatty", allowed: debug, info, warn',
      'config.yml: dev.port: found "http", allowed: a whole number from 0 to 65535',
      'config.yml: dev.debug: found "maybe", allowed: true or false',
      'config.yml: dev.cache.port: found "0", allowed: a whole number of at least 1',
    ])
  })

  it('of a variable names the variable', () => {
    expect(problemsOf('port: _env:PORT', { environment: { PORT: 'http' } })).toEqual([
      'PORT (config.yml: dev.port): found "http", allowed: a whole number from 0 to 65535',
    ])
    expect(problemsOf('port: _env:PORT:http')).toEqual(['config.yml: dev.port: found "http", allowed: a whole number from 0 to 65535'])
  })

  it('of the command line names its option', () => {
    expect(checkSettings(commandLine('http'), schema).problems.map(describeProblem)).toEqual([
      '--port: found "http", allowed: a whole number from 0 to 65535',
    ])
  })

  it('that is no YAML is told with the reason and the variable, where the option is no text', () => {
    const environment = { X: '[5000, 1' }
    expect(problemsOf('port: _env:X\nissue: _env:X\nstorage_path: _env:X\ncache: {password: _env:X}', { environment })).toEqual([
      expect.stringMatching(/^X \(config\.yml: dev\.port\): found "\[5000, 1", which is no YAML \(its text:1:\d+: .*not closed\), allowed: a whole/),
    ])
    expect(problemsOf('cors: {origins: _env:X}', { environment })[0]).toMatch(
      /^X \(config\.yml: dev\.cors\.origins\): found "\[5000, 1", which is no YAML .* a list of texts$/,
    )
  })

  it('that is a list, a section or a list of more than texts is said to be one', () => {
    expect(problemsOf('port: [1]\ndebug: _env:X\ncors: {origins: [a, {b: c}]}', { environment: { X: '{a: b}' } })).toEqual([
      'config.yml: dev.port: found a list, allowed: a whole number from 0 to 65535',
      'X (config.yml: dev.debug): found a section, allowed: true or false',
      'config.yml: dev.cors.origins: found a list with more than texts in it, allowed: a list of texts',
    ])
  })

  it('is shown in part where it is long, and in one line', () => {
    const [long = ''] = problemsOf(`port: ${'x'.repeat(10_000)}`)
    expect(long).toContain('found "xxx')
    expect(long.length).toBeLessThan(200)
    expect(problemsOf('port: "a\\nb"')).toEqual(['config.yml: dev.port: found "a\\nb", allowed: a whole number from 0 to 65535'])
  })

  it('is told at once with all others, in one error', () => {
    const options: OptionsSchema = { ...schema, bucket: { type: 'string', description: 'Bucket.', required: true } }
    const { problems } = check('port: http\ndebug: maybe\ncache: {port: x}', { options })
    const error = configError(problems)
    expect(error.message.split('\n')).toHaveLength(4)
    expect(error.detail).toEqual({ problems })
    expect(problems.map(({ option }) => option)).toEqual(['port', 'debug', 'cache.port', 'bucket'])
  })
})

describe('a secret', () => {
  it('is in no message, whatever is wrong with it', () => {
    const file = 'cache: {password: [hunter2]}\ns3: {secret_number: hunter2, secret_choice: hunter2}'
    const variables = 'cache: {password: _env:X}\ns3: {secret_number: _env:X, secret_choice: _env:Y:hunter2}'
    const found = [file, variables].flatMap((text) => problemsOf(text, { environment: { X: '{hunter2: [' } }))
    expect(found).toEqual([
      'config.yml: dev.cache.password: found something else, allowed: a text',
      'config.yml: dev.s3.secret_number: found something else, allowed: a whole number',
      'config.yml: dev.s3.secret_choice: found something else, allowed: red, blue',
      'X (config.yml: dev.s3.secret_number): found something else, allowed: a whole number',
      'config.yml: dev.s3.secret_choice: found something else, allowed: red, blue',
    ])
    const { problems, unknown } = check(`${file}\npasword: hunter2`)
    expect(JSON.stringify([configError(problems), problems, unknown])).not.toContain('hunter2')
  })

  it('keeps what YAML would take for more than text', () => {
    for (const secret of ['a#b', '#1', '@x', 'a: b', 'null', '0123', '[', '*x', '%', 'x # y', "'", '"']) {
      expect(valueOf('cache.password', 'cache: {password: _env:X}', { environment: { X: secret } })).toBe(secret)
    }
  })
})

describe('an option that has to be there', () => {
  const options: OptionsSchema = { 's3.bucket': { type: 'string', description: 'Name of the bucket.', required: true } }

  it('is missing where nothing is said', () => {
    expect(problemsOf('{}', { options })).toEqual(['s3.bucket: is missing, it has to be a text: Name of the bucket.'])
    expect(problemsOf('s3: {bucket: ~}', { options })).toEqual(['config.yml: dev.s3.bucket: is missing, it has to be a text: Name of the bucket.'])
  })

  it('is missing where its variable is not set, or empty, and the variable is named', () => {
    const missing = ['BUCKET (config.yml: dev.s3.bucket): s3.bucket is missing, set the variable BUCKET to a text']
    expect(problemsOf('s3: {bucket: _env:BUCKET}', { options })).toEqual(missing)
    expect(problemsOf('s3: {bucket: _env:BUCKET:x}', { options, environment: { BUCKET: '' } })).toEqual(missing)
  })

  it('is there as a bucket called 12345', () => {
    expect(valueOf('s3.bucket', 's3: {bucket: _env:BUCKET}', { options, environment: { BUCKET: '12345' } })).toBe('12345')
    expect(valueOf('s3.bucket', 's3: {bucket: 0123}', { options })).toBe('0123')
  })
})

describe('what is no option', () => {
  it('changes nothing, and is told with the nearest option that there is', () => {
    const { values, problems } = check('prot: 80\ncache: {hots: a}\nnew_relic: x')
    expect([problems, values.get('port')?.value, values.size]).toEqual([[], 5000, 4])
    expect(warningsOf('prot: 80\ncache: {hots: a}\nnew_relic: x')).toEqual([
      'config.yml: dev.prot: is no option, it is ignored; did you mean port?',
      'config.yml: dev.cache.hots: is no option, it is ignored; did you mean cache.host?',
      'config.yml: dev.new_relic: is no option, it is ignored',
    ])
  })

  it('is not told where it says nothing', () => {
    expect(warningsOf('prot: ~\nbugsnag: _env:BUGSNAG\nempty: ""')).toEqual([])
  })

  it('may be a section where a value belongs', () => {
    expect(problemsOf('port: {number: 80}')).toEqual([
      'config.yml: dev.port.number: port is one value, not a section, allowed: a whole number from 0 to 65535',
    ])
    expect(problemsOf('port: {a: {b: 80}}')).toEqual([
      'config.yml: dev.port.a.b: port is one value, not a section, allowed: a whole number from 0 to 65535',
    ])
  })

  it('may be a value where a section belongs', () => {
    const told = ['config.yml: dev.cache: is a section, not a value, it takes host, port, password']
    expect([problemsOf('cache: redis'), problemsOf('cache: [redis]')]).toEqual([told, told])
  })

  it('is no part of every object', () => {
    expect(warningsOf('constructor: 1\ntoString: 2')).toEqual([
      'config.yml: dev.constructor: is no option, it is ignored', 'config.yml: dev.toString: is no option, it is ignored',
    ])
  })

  it('is told in one line', () => {
    expect(warningsOf('"a\\nb": 1')).toEqual(['config.yml: dev.a b: is no option, it is ignored'])
  })
})

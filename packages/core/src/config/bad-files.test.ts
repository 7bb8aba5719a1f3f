import { describe, expect, it } from 'vitest'
import type { OptionsSchema } from '../options-schema.js'
import { RegistryError } from '../errors.js'
import { checkSettings } from './check-settings.js'
import { configError } from './problem.js'
import { readConfig } from './read-config.js'

const options: OptionsSchema = {
  'port': { type: 'integer', description: 'Port.' },
  'cache.host': { type: 'string', description: 'Redis.' },
  'cors.origins': { type: 'list', description: 'Who may read.' },
}

interface Outcome {
  readonly message?: string
  readonly warnings: readonly string[]
  readonly milliseconds: number
}

/** Of this process: what else runs on the machine does not count. */
function millisecondsSince(started: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(started)
  return (user + system) / 1000
}

/** What a stranger is told of a file, as the server reads it. */
function read(text: string, environment: Readonly<Record<string, string>> = {}): Outcome {
  const started = process.cpuUsage()
  try {
    const { problems, unknown } = checkSettings(readConfig({ name: 'config.yml', text }, { flavor: 'dev', environment }), options)
    if (problems.length > 0) throw configError(problems)
    return { warnings: configError(unknown).message.split('\n'), milliseconds: millisecondsSince(started) }
  } catch (error) {
    if (!RegistryError.is(error, 'CONFIG')) throw error
    return { message: error.message, warnings: [], milliseconds: millisecondsSince(started) }
  }
}

const times = (count: number, line: (number: number) => string): string => Array.from({ length: count }, (_, number) => line(number)).join('')
const nine = (item: string): string => times(9, () => `${item}, `)

/** Files that nobody can use, and what is said of each. */
const bad: readonly (readonly [what: string, text: string, message: string | RegExp])[] = [
  ['a tab', 'dev:\n\tport: 5000\n', 'config.yml:2:1: tab characters must not be used in indentation; indent with spaces'],
  ['a tab behind spaces', 'dev:\n  cache:\n  \thost: a\n', 'config.yml:3:3: tab characters must not be used in indentation; indent with spaces'],
  ['an option that is there twice', 'dev:\n  port: 1\n  port: 2\n', 'config.yml:3:3: duplicated mapping key; keep one of the two'],
  ['a flavor that is there twice', 'dev:\n  port: 1\ndev:\n  port: 2\n', 'config.yml:3:1: duplicated mapping key; keep one of the two'],
  ['an option of the wrong type', 'dev:\n  port: http\n', 'config.yml: dev.port: found "http", allowed: a whole number'],
  ['an unknown flavor', 'devel: {port: 1}\n', 'config.yml: there is no flavor dev; SETTINGS_FLAVOR names one of devel'],
  ['an unknown flavor that is close', 'dve: {port: 1}\n', 'config.yml: there is no flavor dev (did you mean dve?); SETTINGS_FLAVOR names one of dve'],
  [
    'a variable that is no YAML', 'dev:\n  port: _env:BAD\n',
    /^BAD \(config\.yml: dev\.port\): found "\[1", which is no YAML \(its text:1:3: .*not closed\), allowed: a whole number$/,
  ],
  ['a mapping that contains itself', 'dev: &a\n  cache:\n    host: *a\n', 'config.yml: dev.cache.host contains itself by an alias (*name)'],
  [
    'a list that contains itself', 'dev:\n  cors:\n    origins: &a [x, *a]\n',
    'config.yml: dev.cors.origins: found a list with more than texts in it, allowed: a list of texts',
  ],
  ['a list of the mapping that it is in', 'dev: &a\n  port: [*a]\n', 'config.yml: dev.port: found a list, allowed: a whole number'],
  [
    'a billion laughs by mappings',
    `dev:\n  a0: &a0 {x: y}\n${times(40, (n) => `  a${n + 1}: &a${n + 1} {${times(9, (k) => `k${k}: *a${n}, `)}}\n`)}`,
    'config.yml: unfolds to more than 10000 options, items of lists and lines; aliases (*name) within each other multiply',
  ],
  [
    'a billion laughs by merge keys',
    `a0: &a0 {x: y}\n${times(99, (n) => `a${n + 1}: &a${n + 1} {<<: [${nine(`*a${n}`)}], k${n}: 1}\n`)}dev: {<<: *a99}\n`,
    /^config\.yml:\d+:\d+: merge keys exceeded maxTotalMergeKeys \(10000\); aliases \(\*name\) within each other multiply$/,
  ],
  [
    'one long list in many places', `list: &list [${times(50_000, () => 'x, ')}]\ndev:\n${times(900, (n) => `  k${n}: *list\n`)}`,
    'config.yml: unfolds to more than 10000 options, items of lists and lines; aliases (*name) within each other multiply',
  ],
  [
    'one long default in many places', `text: &text "_env:X:[${times(50_000, () => 'x, ')}]"\ndev:\n${times(900, (n) => `  k${n}: *text\n`)}`,
    'config.yml: unfolds to more than 10000 options, items of lists and lines; aliases (*name) within each other multiply',
  ],
  [
    'thousands of aliases', `a: &a x\ndev:\n${times(2000, (n) => `  k${n}: *a\n`)}`,
    'config.yml:1003:11: aliases exceeded maxAliases (1000); aliases (*name) within each other multiply',
  ],
  [
    '10 MB', `dev:\n  issue: ${'x'.repeat(10 * 1024 * 1024)}`,
    'config.yml: has 10485774 bytes, and a configuration has 262144 at the most: is it the right file?',
  ],
  ['10 MB of brackets', '['.repeat(10 * 1024 * 1024), /is it the right file\?$/],
  ['a long list', `dev:\n  port: [${'1,'.repeat(125_000)}]\n`, /^config\.yml: unfolds to more than 10000 options/],
  ['a great many options', `dev:\n${times(22_000, (n) => `  k${n}: 1\n`)}`, /^config\.yml: unfolds to more than 10000 options/],
  [
    '200 levels', `dev:\n${times(200, (n) => `${' '.repeat(n + 1)}a:\n`)}`,
    /^config\.yml:\d+:\d+: nesting exceeded maxDepth \(100\); a configuration needs a few levels only$/,
  ],
  [
    '200 brackets', `dev: ${'['.repeat(200)}${']'.repeat(200)}`,
    /^config\.yml:1:\d+: nesting exceeded maxDepth \(100\); a configuration needs a few levels only$/,
  ],
  ['a text alone', 'port 5000\n', 'config.yml: has to be a mapping of flavors, such as `dev:` with options below it'],
  ['a list alone', '- dev\n- prod\n', 'config.yml: has to be a mapping of flavors, such as `dev:` with options below it'],
  [
    'two documents', 'dev: {port: 1}\n---\nprod: {port: 2}\n',
    'config.yml: expected a single document in the stream, but found more; keep one document: everything above or below the line ---',
  ],
  [
    'an unknown alias', 'dev:\n  <<: *common\n',
    'config.yml:2:8: unidentified alias; an anchor (&name) has to stand above its alias (*name), and a text that begins with * has to be in quotes',
  ],
  ['a merge key of a text', 'dev:\n  <<: common\n', /^config\.yml:2:3: cannot merge mappings; .*<<: takes the alias of a mapping, such as \*common$/],
  ['a bracket that is not closed', 'dev:\n  cors: {origins: [a, b}\n  port: 1\n', /^config\.yml:\d:\d+: .*a bracket or a quote above is not closed/],
  ['a bracket that is not closed at the end', 'dev:\n  origins: [a, b\n', /^config\.yml:3:1: .*a bracket or a quote above is not closed/],
  ['a quote that is not closed', 'dev:\n  issue: "hello\n  port: 1\n', /^config\.yml:3:3: .*a bracket or a quote above is not closed/],
  ['a quote that is not closed at the end', 'issue: "hello', /^config\.yml:1:14: .*a bracket or a quote is not closed$/],
  ['an unknown tag', 'dev:\n  port: !env PORT\n', /^config\.yml:2:9: unknown scalar tag; leave the tag \(!…\) away/],
  ['a tag of Python', 'dev: !!python/object:os.system {}\n', /^config\.yml:1:6: unknown mapping tag; leave the tag \(!…\) away/],
  ['a NUL', 'dev:\n  cache:\n    host: a\0b\n', 'config.yml:3:12: null byte is not allowed in input; save it as plain text in UTF-8'],
  ['a file in UTF-16', Buffer.from('\ufeffdev:\n  port: 1\n', 'utf16le').toString('utf8'), /save it as plain text in UTF-8$/],
  ['a colon within a value', 'dev:\n  cache:\n    host: a: b\n', /^config\.yml:3:12: .*put a text with : .* in quotes$/],
  ['a value that begins with @', 'dev:\n  cache:\n    host: @a\n', /^config\.yml:3:11: .*put a text with : # @ .* in quotes$/],
  ['an option that is not lined up', 'dev:\n  port: 1\n   host: a\n', /^config\.yml:3:8: .*line it up with its neighbours/],
  ['braces of a template', 'dev:\n  port: {{ port }}\n', 'config.yml: a key has to be a text; put a text with { or [ in quotes'],
  ['nothing in it', '', /^config\.yml: there is no flavor dev, and nothing else; .*the file has none/],
  ['comments only', '# dev:\n#   port: 1\n', /^config\.yml: there is no flavor dev, and nothing else; .*the file has none/],
]

describe('a configuration with', () => {
  it.each(bad)('%s is refused at once, in one line that says what to do', (_what, text, expected) => {
    const { message, milliseconds } = read(text, { BAD: '[1' })
    expect(message).toEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected))
    expect(message).toMatch(/^[^\n]{20,220}$/)
    expect(milliseconds).toBeLessThan(1000)
  })

  it('a billion laughs by lists is read at once, since no option is that deep', () => {
    const { warnings, milliseconds } = read(`dev:\n  a0: &a0 [x, y]\n${times(40, (n) => `  a${n + 1}: &a${n + 1} [${nine(`*a${n}`)}]\n`)}`)
    expect(warnings[0]).toBe('config.yml: dev.a0: is no option, it is ignored')
    expect(milliseconds).toBeLessThan(1000)
  })

  it('thousands of options that there are not is read at once', () => {
    const { warnings, milliseconds } = read(`dev:\n${times(9900, (n) => `  option_${n}: 1\n`)}`)
    expect(warnings).toHaveLength(9900)
    expect(milliseconds).toBeLessThan(1000)
  })

  it.each([
    ['a byte order mark', '\ufeffdev:\n  port: 5000\n'],
    ['line ends of Windows', 'dev:\r\n  port: 5000\r\n  cache:\r\n    host: "a"\r\n'],
    ['both', '\ufeff# comment\r\ndev:\r\n  port: 5000\r\n'],
    ['a line --- above and a line ... below', '---\ndev:\n  port: 5000\n...\n'],
  ])('%s is as good as any other', (_what, text) => {
    const settings = readConfig({ name: 'config.yml', text }, { flavor: 'dev', environment: {} })
    expect(settings.get('port')).toMatchObject({ text: '5000', value: 5000 })
    expect(read(text).message).toBeUndefined()
  })
})

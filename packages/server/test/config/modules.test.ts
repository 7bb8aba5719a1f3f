import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { startFailure } from '../../src/cli/start-failure.js'
import { loadModule } from '../../src/modules/load-module.js'
import { runRegistryCommand, startRegistryProcess } from '../support/registry-process.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { loadText, refusalOf } from './support/load.js'
import { exampleModule, installCore, installPackage } from './support/outside-package.js'

const module = (kind: string, text: string): string => `export const ${kind} = ${text}\n`
const driverOf = (name: string, more = ''): string => module('driver', `{ contract: 1, name: '${name}', options: {}, async open() {}${more} }`)
const indexed = '  index: sqlite\n  sqlite: {file: /var/index.sqlite}\n'
const storage = (name: string): string => `dev:\n  storage: ${name}\n${indexed}`
const optionsOf = (options: string): string => module('driver', `{ contract: 1, name: 'mine', options: ${options}, async open() {} }`)
const ours = "export { driver } from '@registry/driver-file'"

describe('a driver', () => {
  it('of somebody else, outside the workspace, is found, validated and served from', async () => {
    const folder = temporaryFolder()
    installCore(folder)
    installPackage(folder, 'registry-driver-flat', exampleModule('custom-driver/src/flat-driver.ts'))
    const config = join(folder, 'config.yml')
    writeFileSync(config, `dev:\n  storage: flat\n  storage_path: ${join(folder, 'objects')}\n  index: sqlite\n  sqlite: {file: ${join(folder, 'index', 'index.sqlite')}}\n`)
    const registry = await startRegistryProcess(undefined, ['--config', config])
    expect(registry.output[1]).toBe(`Data in       flat ${join(folder, 'objects')}`)
    const started = await fetch(`http://${registry.address}/v2/a/blobs/uploads/`, { method: 'POST' })
    const digest = 'sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824'
    const closed = await fetch(`http://${registry.address}${started.headers.get('location')!}?digest=${digest}`, { method: 'PUT', body: 'hello' })
    expect(closed.status).toBe(201)
    expect(await (await fetch(`http://${registry.address}/v2/a/blobs/${digest}`)).text()).toBe('hello')
    expect(await registry.stop()).toBe(0)

    writeFileSync(config, 'dev:\n  storage: flat\n  flat: {rot: /x}\n')
    const { code, stderr } = await runRegistryCommand(['config', 'check', '--config', config])
    expect([code, stderr.trimEnd().split('\n')]).toEqual([
      1,
      [
        expect.stringMatching(/^registry: index: storage flat has no place for an index beside its data, .*`index: dynamodb`.*`index: sqlite`.*file/),
        expect.stringMatching(/^registry: flat\.root: is missing, it has to be a text: Folder of the objects/),
      ],
    ])
  })

  it('is looked for from the folder of the configuration, as @registry/driver-NAME, registry-driver-NAME, then as a module', async () => {
    const folder = temporaryFolder()
    const name = async (): Promise<string> => (await loadText(folder, storage('mine'))).storage.module.name
    installPackage(folder, 'mine', driverOf('third'))
    expect(await name()).toBe('third')
    installPackage(folder, 'registry-driver-mine', driverOf('second'))
    expect(await name()).toBe('second')
    installPackage(folder, '@registry/driver-mine', driverOf('first'))
    expect(await name()).toBe('first')
  })

  it('may be a file, seen from the folder of the configuration, or a package with a scope', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'drivers'))
    writeFileSync(join(folder, 'drivers', 'mine.mjs'), driverOf('by-path'))
    installPackage(folder, '@acme/store', driverOf('scoped'))
    for (const [given, name] of [['./drivers/mine.mjs', 'by-path'], [join(folder, 'drivers', 'mine.mjs'), 'by-path'], ["'@acme/store'", 'scoped']] as const) {
      expect((await loadText(folder, storage(given))).storage.module.name).toBe(name)
    }
  })

  it('has options in a section of its own name, which its schema checks', async () => {
    const folder = temporaryFolder()
    const options = "{ maxRetries: { type: 'integer', description: 'A number.', default: 3 }, key: { type: 'string', secret: true, description: 'A key.' } }"
    installPackage(folder, 'registry-driver-mine', module('driver', `{ contract: 1, name: 'mine', options: ${options}, async open() {} }`))
    const load = (section: string): ReturnType<typeof loadText> => loadText(folder, `${storage('mine')}  mine: ${section}\n`, { environment: { REGISTRY_MINE_MAX_RETRIES: '' } })
    expect((await load('{key: 0x1f}')).storage.options).toEqual({ maxRetries: 3, key: '0x1f' })
    expect((await load('{max_retries: 5}')).storage.options).toEqual({ maxRetries: 5 })
    expect((await load('{max_retry: 5}')).warnings).toEqual([expect.stringMatching(/mine\.max_retry: is no option, it is ignored; did you mean mine\.max_retries\?$/)])
    const secret = await refusalOf(load('{key: [hidden]}'))
    expect(secret).toEqual([expect.stringMatching(/mine\.key: found something else, allowed: a text$/)])
    expect(secret.join('')).not.toContain('hidden')
  })

  it.each([
    ['nothing of it is installed', undefined, /storage: no package for mine is installed; `npm install registry-driver-mine` in/],
    ['it exports something else', 'export const store = 1', /mine: it exports store, and no `driver`; a module exports `driver` as { contract: 1, name, options, open }/],
    ['it exports a default', 'export default { contract: 1 }', /mine: it exports default, and no `driver`/],
    ['it is an index', module('index', "{ contract: 1, name: 'mine', options: {}, open() {} }"), /it exports `index`, so it is no driver: name it with `index:`/],
    ['parts of it are missing', module('driver', "{ contract: 1, name: 'mine' }"), /its export `driver` has no options \(object\), no open \(function\)/],
    ['its contract is of a later version', driverOf('mine', ', contract: 2'), /keeps contract 2, and this server speaks contract 1; install a version of it that is made for @registry\/core 1\.x, or @registry\/server 2\.x/],
    ['its contract is of no version', driverOf('mine', ', contract: 0'), /says no version of the contract that it keeps; `contract: 1` belongs into its export, with @registry\/core 1\.x/],
    ['its name is no section', driverOf('My Driver'), /its name "My Driver" cannot name a section/],
    ['its name is an option', driverOf('limits'), /mine: its name limits is an option or section of the server itself; call it otherwise$/],
    ['its name is a section of later', driverOf('cache_lru'), /mine: its name cache_lru is an option or section of the server/],
    ['its name is that of our driver', driverOf('file'), /mine: its name file is that of @registry\/driver-file; call it otherwise$/],
    ['its name is that of our index', driverOf('sqlite'), /mine: its name sqlite is that of @registry\/index-sqlite; call it otherwise$/],
    ['its export is a function', module('driver', '() => ({})'), /mine: its export `driver` is a function, which is not called; a module exports `driver` as {/],
    ['its export is null', module('driver', 'null'), /mine: its export `driver` is null; a module exports/],
    ['its export is a list', module('driver', '[]'), /mine: its export `driver` is a list; a module exports/],
    ['it throws what is no error', 'throw undefined', /was found and cannot be loaded: it threw undefined$/],
    ['it throws', "throw new Error('no license\\nfound')", /was found and cannot be loaded: no license$/],
    ['it needs what is not there', "import 'nowhere-to-be-found'", /was found and cannot be loaded: .*nowhere-to-be-found/],
  ])('is refused where %s', async (_what, source, line) => {
    const folder = temporaryFolder()
    if (source !== undefined) installPackage(folder, 'registry-driver-mine', source)
    expect(await refusalOf(loadText(folder, storage('mine')))).toEqual([expect.stringMatching(line)])
  })

  it.each([
    ['[]', /its `options` is no plain object/],
    ['{ root: null }', /its option root is no object; an option is { type, description }$/],
    ["{ root: { type: 'text', description: 'A root.' } }", /its option root has the type "text"; allowed: string, path, integer, boolean, list$/],
    ["{ root: { description: 'A root.' } }", /its option root has no type; allowed/],
    ["{ root: { type: 'string' } }", /its option root has no description; say in one sentence what it is for$/],
    ["{ size: { type: 'integer', description: 'A size.', default: '3' } }", /its option size has a default that it does not allow; allowed: a whole number$/],
    ["{ size: { type: 'integer', description: 'A size.', default: 3, maximum: 2 } }", /its option size has a default .*allowed: a whole number of at most 2$/],
    ["{ way: { type: 'string', description: 'A way.', default: 'up', choices: ['on', 'off'] } }", /its option way has a default .*allowed: on, off$/],
    ["{ way: { type: 'string', description: 'A way.', choices: 'on' } }", /its option way has a `choices` that is not a list of texts$/],
    ["{ key: { type: 'string', description: 'A key.', secret: 'yes' } }", /its option key has a `secret` that is not true or false$/],
    ["{ aB: { type: 'list', description: 'Some.' }, a_b: { type: 'list', description: 'Some.' } }", /its options aB and a_b are both written a_b in a configuration; call one of them otherwise$/],
    ["{ 'a.b': { type: 'list', description: 'Some.' } }", /its option "a\.b" cannot be written in a configuration; the name of an option begins with a-z/],
    ["{ 'a b\\n': { type: 'list', description: 'Some.' } }", /its option "a b\\n" cannot be written/],
  ])('is refused where its options are %s', async (options, line) => {
    const folder = temporaryFolder()
    installPackage(folder, 'registry-driver-mine', optionsOf(options))
    const lines = await refusalOf(loadText(folder, storage('mine')))
    expect(lines).toEqual([expect.stringMatching(line)])
    expect(lines[0]).toContain('mine: ')
  })

  it('may be a second copy of ours, or hand on ours', async () => {
    const folder = temporaryFolder()
    installPackage(folder, '@registry/driver-file', driverOf('file', ', second: true'))
    expect((await loadText(folder, storage('file'))).storage.module.name).toBe('file')
    writeFileSync(join(folder, 'other.mjs'), driverOf('file'))
    expect(await refusalOf(loadText(folder, storage('./other.mjs')))).toEqual([expect.stringMatching(/call it otherwise$/)])
    const again = join(import.meta.dirname, '..', '..', 'reports', 'hands-on.mjs')
    mkdirSync(join(again, '..'), { recursive: true })
    writeFileSync(again, ours)
    try {
      expect((await loadText(folder, storage(again))).storage.module.name).toBe('file')
    } finally {
      rmSync(again)
    }
  })

  it('may be CommonJS', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'mine.cjs'), "module.exports = { driver: { contract: 1, name: 'common', options: {}, open() {} } }")
    expect((await loadText(folder, storage('./mine.cjs'))).storage.module.name).toBe('common')
    writeFileSync(join(folder, 'other.cjs'), "module.exports = { index: { contract: 1, name: 'common', options: {}, open() {} } }")
    expect(await refusalOf(loadText(folder, storage('./other.cjs')))).toEqual([expect.stringMatching(/it exports `index`, so it is no driver/)])
  })

  it.each(['sp ace#x?.mjs', 'pct%20.mjs'])('may be a file called %s', async (file) => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, file), driverOf('odd'))
    // By the command itself: what runs tests imports files in a way of its own.
    for (const given of [`./${file}`, join(folder, file), pathToFileURL(join(folder, file)).href]) {
      const config = join(folder, 'config.yml')
      writeFileSync(config, storage(`'${given}'`))
      expect(await runRegistryCommand(['config', 'check', '--config', config])).toMatchObject({ code: 0, stderr: '' })
    }
  })

  it('is no folder', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'mine'))
    expect((await refusalOf(loadText(folder, storage('./mine')))).join()).toContain(`${join(folder, 'mine')} is a folder; name the JavaScript file that exports \`driver\``)
  })

  it.each([
    ['-x', /"-x" names no package; name one that exports `driver`, in lower case, or a JavaScript file, with \.\/ or \/ at its beginning$/],
    ['a b', /"a b" names no package/],
    ['https://example.com/x.js', /"https:\/\/example\.com\/x\.js" names no package/],
    ['node:fs', /"node:fs" names no package/],
    ['Mine', /"Mine" names no package; .* in lower case/],
    ['S3', /no package for S3 is installed; did you mean s3\?$/],
    ['Local', /did you mean local\?$/],
    ['File', /did you mean file\?$/],
    ['drv.js', /no package is called drv\.js; write \.\/drv\.js where it is a file$/],
    ['drivers/drv.mjs', /write \.\/drivers\/drv\.mjs where it is a file$/],
    ["'@acme/store/x.js'", /`npm install @acme\/store` in/],
    ['file:///nowhere/x.js', /there is no file \/nowhere\/x\.js;/],
    ['file://elsewhere/x.js', /file:\/\/elsewhere\/x\.js is no URL of a file: .*; write its path$/],
  ])('that is called %s is refused with what helps', async (name, line) => {
    expect(await refusalOf(loadText(temporaryFolder(), storage(name)))).toEqual([expect.stringMatching(line)])
  })

  it('whose file is missing is told as installed', async () => {
    const folder = temporaryFolder()
    installPackage(folder, 'registry-driver-mine', driverOf('mine'))
    const place = join(folder, 'node_modules', 'registry-driver-mine')
    rmSync(join(place, 'index.js'))
    const [line] = await refusalOf(loadText(folder, storage('mine')))
    expect(line).toContain(`mine: its package is installed in ${place}, and the file that it names as its own is missing; build it, or install it anew`)
  })

  it('that takes too long to load is refused', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'slow.mjs'), 'setTimeout(() => {}, 500)\nawait new Promise(() => {})')
    expect(await refusalOf(loadModule('driver', './slow.mjs', [folder], { seconds: 0.1 }))).toEqual([
      './slow.mjs: was found and has not been loaded within 0.1 seconds; what it awaits before its exports never ends',
    ])
  })

  it.each(['./nothing.js', '/nothing.js'])('that is the missing file %s is refused with the places', async (name) => {
    const folder = temporaryFolder()
    const [line] = await refusalOf(loadText(folder, storage(name)))
    expect(line).toContain(name.startsWith('.') ? `there is no file ${join(folder, 'nothing.js')}, nor ` : 'there is no file /nothing.js;')
  })

  it.each(['fs', 'node:fs', '../..'])('is not taken for %s', async (name) => {
    expect((await refusalOf(loadText(temporaryFolder(), storage(name)))).join()).toMatch(/storage: /)
  })
})

describe('an index', () => {
  it('of somebody else is found by its name, and by search_backend', async () => {
    const folder = temporaryFolder()
    installPackage(folder, 'registry-index-mine', module('index', "{ contract: 1, name: 'mine', options: {}, async open() {} }"))
    for (const option of ['index', 'search_backend']) {
      expect((await loadText(folder, `dev:\n  ${option}: mine\n`)).index.module.name).toBe('mine')
    }
    expect(await refusalOf(loadText(folder, 'dev:\n  index: other\n'))).toEqual([expect.stringMatching(/dev\.index: no package for other is installed/)])
  })

  it('served from a file outside the workspace', async () => {
    const folder = temporaryFolder()
    installCore(folder)
    installPackage(folder, 'registry-index-log', exampleModule('custom-index/src/log-index.ts'))
    const config = join(folder, 'config.yml')
    writeFileSync(config, `dev:\n  storage_path: ${join(folder, 'data')}\n  index: log\n  log: {file: ${join(folder, 'log')}}\n`)
    const registry = await startRegistryProcess(undefined, ['--config', config])
    expect((await fetch(`http://${registry.address}/readyz`)).status).toBe(200)
    expect(await registry.stop()).toBe(0)
    const rebuilt = await runRegistryCommand(['rebuild', '--config', config])
    expect([rebuilt.code, rebuilt.stderr]).toEqual([1, expect.stringMatching(/^registry: the index log is no file that can be set aside and kept: end every server.*--dry-run/)])
    const saved = await runRegistryCommand(['backup', join(folder, 'x.tar'), '--config', config])
    expect([saved.code, saved.stderr]).toEqual([1, expect.stringMatching(/^registry: `registry backup` is for data in a folder with an index in SQLite, and this registry has storage file with index log/)])
  })
})

describe('what fails where a module is opened', () => {
  const registryOf = (source: string, kind = 'driver'): string => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'mine.mjs'), source)
    const config = join(folder, 'config.yml')
    writeFileSync(config, kind === 'driver' ? storage('./mine.mjs') : `dev:\n  storage_path: ${join(folder, 'data')}\n  index: ./mine.mjs\n`)
    return config
  }
  const opening = (open: string, kind = 'driver'): string => module(kind, `{ contract: 1, name: 'mine', options: {}, open: ${open} }`)

  it.each([
    ['throws nothing', opening('() => { throw undefined }'), 'storage mine could not be opened: it threw undefined'],
    ['rejects with nothing', opening('() => Promise.reject()'), 'storage mine could not be opened: it threw undefined'],
    [
      'may not read a file',
      opening("async () => { throw Object.assign(new Error('no access'), { code: 'EACCES', syscall: 'listen' }) }"),
      'storage mine could not be opened: no access',
    ],
    [
      'gives no driver',
      opening('async () => ({ head() {}, open() {} })'),
      'storage mine could not be opened: what its `open` gave is no driver, it has no capabilities, put, delete, list, close; tell whoever made it',
    ],
    ['never opens', opening('() => new Promise(() => {})'), 'waited for storage mine to be opened, which will never be: nothing is under way any more; tell whoever made it'],
    ['never loads', 'await new Promise(() => {})', 'waited for ./mine.mjs to be loaded, which will never be: nothing is under way any more; tell whoever made it'],
  ])('is told in one line for a driver that %s', async (_what, source, line) => {
    const { code, stderr } = await runRegistryCommand(['serve', '--port', '0', '--config', registryOf(source)])
    expect([code, stderr]).toEqual([1, `registry: ${line}\n`])
  })

  it('is told in one line for an index', async () => {
    const told = async (open: string): Promise<string> => (await runRegistryCommand(['serve', '--port', '0', '--config', registryOf(opening(open, 'index'), 'index')])).stderr
    expect(await told("() => { throw new Error('no table\\nat all') }")).toBe('registry: index mine could not be opened: no table\n')
    expect(await told('async () => {}')).toMatch(/^registry: index mine could not be opened: what its `open` gave is no index, it has no capabilities, get, scan, commit, close; .*\n$/)
  })

  it('is no error of the port', () => {
    const own = { host: '127.0.0.1', port: 80 }
    const error = Object.assign(new Error('no access'), { code: 'EACCES', syscall: 'open' })
    expect(startFailure(error, own)).toBe(error)
    expect(startFailure(undefined, own)).toBeUndefined()
    expect(startFailure(Object.assign(error, { syscall: 'bind' }), own)).toMatch(/^port 80 of 127\.0\.0\.1 is not this user's to open/)
  })
})

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runRegistryCommand, startRegistryProcess } from '../support/registry-process.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { loadText, refusalOf } from './support/load.js'
import { exampleModule, installCore, installPackage } from './support/outside-package.js'

const module = (kind: string, text: string): string => `export const ${kind} = ${text}\n`
const driverOf = (name: string, more = ''): string => module('driver', `{ contract: 1, name: '${name}', options: {}, async open() {}${more} }`)
const indexed = '  index: sqlite\n  sqlite: {file: /var/index.sqlite}\n'
const storage = (name: string): string => `dev:\n  storage: ${name}\n${indexed}`

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
    ['its contract is of a later version', driverOf('mine', ', contract: 2'), /keeps contract 2, and this server speaks contract 1; install a version of it that is made for @registry\/core 0\.x or 1\.x, or @registry\/server 2\.x/],
    ['its contract is of no version', driverOf('mine', ', contract: 0'), /says no version of the contract that it keeps; `contract: 1` belongs into its export, with @registry\/core 0\.x or 1\.x/],
    ['its name is no section', driverOf('My Driver'), /its name "My Driver" cannot name a section/],
    ['it throws', "throw new Error('no license\\nfound')", /was found and cannot be loaded: no license$/],
    ['it needs what is not there', "import 'nowhere-to-be-found'", /was found and cannot be loaded: .*nowhere-to-be-found/],
  ])('is refused where %s', async (_what, source, line) => {
    const folder = temporaryFolder()
    if (source !== undefined) installPackage(folder, 'registry-driver-mine', source)
    expect(await refusalOf(loadText(folder, storage('mine')))).toEqual([expect.stringMatching(line)])
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
    expect(await refusalOf(loadText(folder, 'dev:\n  index: dynamodb\n'))).toEqual([expect.stringMatching(/dev\.index: no package for dynamodb is installed; `npm install @registry\/index-dynamodb`/)])
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
    expect([rebuilt.code, rebuilt.stderr]).toEqual([1, expect.stringMatching(/^registry: the index log is no file that can be set aside and kept: empty it.*--dry-run/)])
    const saved = await runRegistryCommand(['backup', join(folder, 'x.tar'), '--config', config])
    expect([saved.code, saved.stderr]).toEqual([1, expect.stringMatching(/^registry: `registry backup` is for data in a folder with an index in SQLite, and this registry has storage file with index log/)])
  })
})

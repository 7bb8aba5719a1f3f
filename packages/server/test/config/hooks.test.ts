import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fingerprint } from '../../src/cli/workers/order.js'
import { registerModule } from '../../src/modules/register-module.js'
import { type RegistryProcess, runRegistryCommand, startRegistryProcess } from '../support/registry-process.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { imageType, pushedImage, pushManifest } from '../support/test-server.js'
import { loadText, refusalOf } from './support/load.js'
import { installPackage } from './support/outside-package.js'

interface ModuleText {
  readonly name?: string
  readonly options?: string
  readonly register?: string
}

const module = ({ name = 'mine', options = '{}', register = '() {}' }: ModuleText): string =>
  `export const hooks = { contract: 1, name: '${name}', options: ${options}, async register${register} }\n`
const configured = (hooks: string, more = ''): string => `dev:\n  storage_path: /srv\n  hooks: ${hooks}\n${more}`
const label = "{ label: { type: 'string', default: 'source', description: 'A label.' }, maxCount: { type: 'integer', description: 'A number.' }, key: { type: 'string', secret: true, description: 'A key.' } }"
const refusing = "(hooks, { label }) { hooks.before('tag.push', ({ tag }) => { throw new Error(`${tag} has no ${label}`) }) }"

/** A folder with a module of hooks, and a configuration that names it. */
function folderWith(source: string, more = ''): { readonly folder: string; readonly config: string } {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'mine.mjs'), source)
  const config = join(folder, 'config.yml')
  writeFileSync(config, `dev:\n  storage_path: ${join(folder, 'data')}\n  hooks: ./mine.mjs\n${more}`)
  return { folder, config }
}

const started = (config: string, options: readonly string[] = []): Promise<RegistryProcess> => startRegistryProcess(undefined, ['--config', config, ...options])

/** Pushes an image under a tag, and gives the answer. */
async function push({ address }: RegistryProcess, tag: string): Promise<Response> {
  const url = `http://${address}`
  const manifest = await pushedImage({ url }, 'team/app')
  return fetch(`${url}/v2/team/app/manifests/${tag}`, { method: 'PUT', headers: { 'content-type': imageType }, body: manifest.bytes })
}

describe('hooks', () => {
  it('are packages and files, in the order in which they are named', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'hooks'))
    writeFileSync(join(folder, 'hooks', 'file.mjs'), module({ name: 'by-path' }))
    installPackage(folder, '@acme/hooks', module({ name: 'scoped' }))
    installPackage(folder, 'short', module({ name: 'third' }))
    const names = async (hooks: string): Promise<readonly string[]> => (await loadText(folder, configured(hooks))).hooks.map(({ module: { name } }) => name)
    expect(await names("['@acme/hooks', ./hooks/file.mjs, short]")).toEqual(['scoped', 'by-path', 'third'])
    installPackage(folder, 'registry-hooks-short', module({ name: 'second' }))
    expect(await names('[short]')).toEqual(['second'])
    installPackage(folder, '@registry/hooks-short', module({ name: 'first' }))
    expect(await names('short')).toEqual(['first'])
    expect(await names('')).toEqual([])
    expect(await names(join(folder, 'hooks', 'file.mjs'))).toEqual(['by-path'])
  })

  it('are named by a variable too', async () => {
    const folder = temporaryFolder()
    installPackage(folder, 'one', module({ name: 'one' }))
    installPackage(folder, 'two', module({ name: 'two' }))
    const names = async (variable: string): Promise<readonly string[]> =>
      (await loadText(folder, configured('[two]'), { environment: { REGISTRY_HOOKS: variable } })).hooks.map(({ module: { name } }) => name)
    expect([await names('one'), await names('[one, two]'), await names('')]).toEqual([['one'], ['one', 'two'], ['two']])
  })

  it('have options in sections of their own names, which their schemas check', async () => {
    const folder = temporaryFolder()
    installPackage(folder, 'one', module({ name: 'one', options: label }))
    installPackage(folder, 'two', module({ name: 'two', options: label }))
    const load = (more: string, environment: Readonly<Record<string, string>> = {}): ReturnType<typeof loadText> => loadText(folder, configured('[one, two]', more), { environment })
    const optionsOf = async (...of: Parameters<typeof load>): Promise<unknown> => (await load(...of)).hooks.map(({ options }) => options)
    expect(await optionsOf('  one: {label: a, max_count: 3}\n')).toEqual([{ label: 'a', maxCount: 3 }, { label: 'source' }])
    expect(await optionsOf('  two: {label: _env:LABEL:b}\n', { LABEL: 'c', REGISTRY_ONE_MAX_COUNT: '4' })).toEqual([{ label: 'source', maxCount: 4 }, { label: 'c' }])
    expect((await load('  two: {lable: b}\n')).warnings).toEqual([expect.stringMatching(/dev\.two\.lable: is no option, it is ignored; did you mean two\.label\?$/)])
    expect(await refusalOf(load('  one: {max_count: many}\n  two: {key: [hidden]}\n'))).toEqual([
      expect.stringMatching(/dev\.one\.max_count: found "many", allowed: a whole number$/),
      expect.stringMatching(/dev\.two\.key: found something else, allowed: a text$/),
    ])
  })

  it.each([
    ['nothing of it is installed', undefined, /dev\.hooks: no package for mine is installed; `npm install registry-hooks-mine` in/],
    ['it exports something else', 'export const hook = 1', /mine: it exports hook, and no `hooks`; a module exports `hooks` as { contract: 1, name, options, register }$/],
    ['it is a driver', 'export const driver = {}', /mine: it exports `driver`, so it is no module of hooks: name it with `storage:`$/],
    ['it is an index', 'export const index = {}', /mine: it exports `index`, so it is no module of hooks: name it with `index:`$/],
    ['it registers nothing', "export const hooks = { contract: 1, name: 'mine', options: {}, open() {} }", /mine: its export `hooks` has no register \(function\); a module exports `hooks` as {/],
    ['its contract is of a later version', "export const hooks = { contract: 2, name: 'mine', options: {}, register() {} }", /mine: keeps contract 2, and this server speaks contract 1; install a version of it that is made for @registry\/engine 1\.x, or @registry\/server 2\.x$/],
    ['its name is that of the option', module({ name: 'hooks' }), /mine: its name hooks is an option or section of the server itself; call it otherwise$/],
    ['its name is no section', module({ name: 'a.b' }), /mine: its name "a\.b" cannot name a section/],
    ['its options are none', module({ options: "{ label: { type: 'text' } }" }), /mine: its option label has the type "text"; allowed:/],
    ['it throws', "throw new Error('no license')", /mine: was found and cannot be loaded: no license$/],
  ])('are refused where %s', async (_what, source, line) => {
    const folder = temporaryFolder()
    if (source !== undefined) installPackage(folder, 'mine', source)
    expect(await refusalOf(loadText(folder, configured('[mine]')))).toEqual([expect.stringMatching(line)])
  })

  it('are told of as such where they are named as a driver', async () => {
    const folder = temporaryFolder()
    installPackage(folder, 'mine', module({}))
    expect(await refusalOf(loadText(folder, 'dev:\n  storage: mine\n'))).toEqual([expect.stringMatching(/mine: it exports `hooks`, so it is no driver: name it with `hooks:`$/)])
  })

  it('have names that no other module has', async () => {
    const folder = temporaryFolder()
    for (const name of ['one', 'two']) installPackage(folder, name, module({ name: 'mine' }))
    installPackage(folder, 'registry-driver-mine', "export const driver = { contract: 1, name: 'mine', options: {}, async open() {} }")
    expect(await refusalOf(loadText(folder, configured('[one, two]')))).toEqual(['hooks: the hooks one and the hooks two are both called mine, and would have one section: one of them needs another name'])
    expect(await refusalOf(loadText(folder, 'dev:\n  storage: mine\n  index: sqlite\n  sqlite: {file: /x}\n  hooks: one\n'))).toEqual([
      'hooks: the driver and the hooks one are both called mine, and would have one section: one of them needs another name',
    ])
  })

  it.each([
    ['[{module: ./mine.mjs}]', /dev\.hooks: found a list with more than texts in it, allowed: a list of texts$/],
    ['{module: ./mine.mjs}', /dev\.hooks\.module: hooks is one value, not a section, allowed: a list of texts$/],
  ])('are no %s', async (hooks, line) => {
    expect(await refusalOf(loadText(temporaryFolder(), configured(hooks)))).toEqual([expect.stringMatching(line)])
  })

  it('are what workers agree on, with their options', async () => {
    const folder = temporaryFolder()
    installPackage(folder, 'one', module({ name: 'one', options: label }))
    const fingerprintOf = async (hooks: string, more = ''): Promise<string> => fingerprint(await loadText(folder, configured(hooks, more)))
    const print = await fingerprintOf('one', '  one: {label: a}\n')
    expect(await fingerprintOf('one', '  one: {label: a}\n')).toBe(print)
    expect(await fingerprintOf('one', '  one: {label: b}\n')).not.toBe(print)
    expect(await fingerprintOf('', '  one: {label: a}\n')).not.toBe(print)
  })

  it('are what the extensions of the classic registry are told to use', async () => {
    const { warnings } = await loadText(temporaryFolder(), 'extensions: {mine: {label: a}}\ndev:\n  storage_path: /srv\n')
    expect(warnings).toEqual([expect.stringMatching(/config\.yml: extensions\.mine\.label: is no option, it is ignored; `hooks` names modules of today, whose options are in sections of their own$/)])
  })
})

describe('registry config', () => {
  it('knows the modules of hooks and their options, and registers none', async () => {
    const { folder, config } = folderWith(module({ options: label, register: "() { throw new Error('it was registered') }" }), '  mine: {label: a, key: hunter2}\n')
    expect(await runRegistryCommand(['config', 'check', '--config', config])).toMatchObject({ code: 0, stdout: expect.stringContaining('nothing is wrong with it') as unknown })
    const { stdout } = await runRegistryCommand(['config', 'print', '--config', config])
    expect(stdout).toMatch(/^hooks: \["\.\/mine\.mjs"\] +# .*config\.yml: dev\.hooks$/m)
    expect(stdout).toMatch(/^mine:\n {2}key: "\*+" .*\n {2}label: "a" +# .*config\.yml: dev\.mine\.label$/m)
    expect((await runRegistryCommand(['config', 'reference', '--config', config])).stdout).toContain('| `mine.label` | string | `source` | `REGISTRY_MINE_LABEL` | A label. |')

    writeFileSync(join(folder, 'mine.mjs'), module({}).replace('contract: 1', 'contract: 2'))
    const { code, stderr } = await runRegistryCommand(['config', 'check', '--config', config])
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^registry: .*config\.yml: dev\.hooks: \.\/mine\.mjs: keeps contract 2, .*$/m)])
  })
})

describe('registry serve', () => {
  it('refuses what a module refuses, by its options', async () => {
    const { config } = folderWith(module({ options: label, register: refusing }), '  mine: {label: licence}\n')
    const answer = await push(await started(config), 'v1')
    expect([answer.status, await answer.json()]).toEqual([403, { errors: [{ code: 'DENIED', message: 'v1 has no licence' }] }])
  })

  it('does what docs/hooks.md shows', async () => {
    const page = readFileSync(new URL('../../../../docs/hooks.md', import.meta.url), 'utf8')
    const shown = (language: string, first: string): string => page.split(`\`\`\`${language}\n   ${first}`)[1]!.split('```')[0]!.replaceAll('\n   ', '\n')
    const { config } = folderWith('')
    const folder = dirname(config)
    writeFileSync(join(folder, 'refuse-unlabelled.mjs'), shown('js', '// refuse-unlabelled.mjs'))
    writeFileSync(config, `dev:${shown('yaml', 'dev:')}`)
    expect(await runRegistryCommand(['config', 'check', '--config', config])).toMatchObject({ code: 0 })
    const registry = await started(config, ['--storage-path', join(folder, 'data')])
    const answer = await push(registry, 'v1')
    expect([answer.status, await answer.json()]).toEqual([403, { errors: [{ code: 'DENIED', message: 'the image has no label org.opencontainers.image.source' }] }])
  })

  it('listens when all modules have registered', async () => {
    const register = "() { await new Promise((resolve) => { setTimeout(resolve, 500) }); process.stderr.write('registered\\n') }"
    const { errors } = await started(folderWith(module({ register })).config)
    expect(errors.find((line) => line === 'registered' || line.includes('"msg":"listening"'))).toBe('registered')
  })

  it('tells modules what happens, and logs what their listeners throw', async () => {
    const register = "(hooks) { hooks.on('tag.pushed', ({ tag, repository }) => { throw new Error(`heard of ${repository}:${tag}`) }) }"
    const registry = await started(folderWith(module({ register })).config)
    expect((await push(registry, 'v1')).status).toBe(201)
    expect(await registry.stop()).toBe(0)
    expect(registry.errors.filter((line) => line.includes('heard of team/app:v1'))).toEqual([expect.stringContaining('background work failed')])
  })

  it('gives modules the hooks, and nothing else of the registry', async () => {
    const { config } = folderWith(module({ register: '(hooks) { throw new Error(Object.keys(hooks).join()) }' }))
    expect((await runRegistryCommand(['serve', '--port', '0', '--config', config])).stderr).toBe('registry: hooks mine could not be registered: on,before\n')
  })

  it.each([
    ['throws', "() { throw new Error('no license\\nat all') }", 'hooks mine could not be registered: no license'],
    ['throws an error without a message', '() { throw Object.assign(new Error(), { message: undefined }) }', 'hooks mine could not be registered: it gave no reason'],
    ['throws what nobody may look at', '() { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); throw proxy }', 'hooks mine could not be registered: what it threw cannot be looked at'],
    ['throws nothing', '() { throw undefined }', 'hooks mine could not be registered: it threw undefined'],
    ['names what is not there', "(hooks) { hooks.before('blob.push', () => {}) }", 'hooks mine could not be registered: nothing is checked before blob.push; there are manifest.push, tag.push'],
    ['keeps a timer, and throws', "() { setInterval(() => {}, 1000); throw new Error('no license') }", 'hooks mine could not be registered: no license'],
  ])('does not start where `register` %s, and says so in one line', async (_what, register, line) => {
    const { code, stderr, stdout } = await runRegistryCommand(['serve', '--port', '0', '--config', folderWith(module({ register })).config])
    expect([code, stderr, stdout]).toEqual([1, `registry: ${line}\n`, ''])
  })

  it('does not wait for ever for `register`', async () => {
    const never = registerModule('mine', () => new Promise(() => setTimeout(() => {}, 200)), 0.05)
    expect(await refusalOf(never)).toEqual(['hooks mine could not be registered: its `register` has not ended within 0.05 seconds'])
  })

  it('ends although a module keeps a timer', async () => {
    const { config } = folderWith(module({ register: '() { setInterval(() => {}, 1000) }' }), '  graceful_timeout: 0\n')
    for (const workers of ['1', '2']) {
      const registry = await started(config, ['--workers', workers])
      expect(await registry.stop()).toBe(0)
    }
  })

  it('lets what listeners have begun come to its end', async () => {
    const register = "(hooks) { hooks.on('tag.pushed', async () => { await new Promise((resolve) => { setTimeout(resolve, 500) }); process.stderr.write('delivered\\n') }) }"
    const registry = await started(folderWith(module({ register })).config)
    expect((await push(registry, 'v1')).status).toBe(201)
    expect(await registry.stop()).toBe(0)
    expect(registry.errors).toContain('delivered')
  })

  it('registers them in each worker', async () => {
    const register = "(hooks) { process.stderr.write(`registered in ${process.pid}\\n`); hooks.before('tag.push', () => { throw new Error(`refused by ${process.pid}`) }) }"
    const registry = await started(folderWith(module({ register })).config, ['--workers', '2'])
    const pids = registry.errors.flatMap((line) => /^registered in (\d+)$/.exec(line)?.[1] ?? [])
    expect(new Set(pids).size).toBe(2)
    const refusal = (await (await push(registry, 'v1')).json()) as { readonly errors: readonly { readonly message: string }[] }
    expect(pids.map((pid) => `refused by ${pid}`)).toContain(refusal.errors[0]?.message)
  })

  it('does not start with workers where `register` throws, and says so in one line', async () => {
    const { config } = folderWith(module({ register: "() { throw new Error('no license') }" }))
    expect(await runRegistryCommand(['serve', '--port', '0', '--workers', '2', '--config', config])).toEqual({ code: 1, stdout: '', stderr: 'registry: hooks mine could not be registered: no license\n' })
  })
})

describe('other commands', () => {
  it('register nothing', async () => {
    const { folder, config } = folderWith(module({ register: "() { const { writeFileSync } = await import('node:fs'); writeFileSync(new URL('registered', import.meta.url), '') }" }))
    const registry = await started(config)
    expect(await pushManifest({ url: `http://${registry.address}` }, 'team/app', 'v1', await pushedImage({ url: `http://${registry.address}` }, 'team/app'))).toBe(201)
    expect(await registry.stop()).toBe(0)
    expect(readFileSync(join(folder, 'registered'), 'utf8')).toBe('')
    writeFileSync(join(folder, 'mine.mjs'), module({ register: "() { const { writeFileSync } = await import('node:fs'); writeFileSync(new URL('again', import.meta.url), '') }" }))
    expect(await runRegistryCommand(['rm', 'team/app:v1', '--config', config])).toMatchObject({ code: 0 })
    expect(existsSync(join(folder, 'again'))).toBe(false)
  })
})

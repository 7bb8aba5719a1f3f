import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { exampleModule, installCore } from './config/support/outside-package.js'
import { runRegistryCommand } from './support/registry-process.js'
import { temporaryFolder } from './support/temporary-folder.js'

interface Run {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** What is left in the folder for temporary files. */
  readonly left: readonly string[]
}

interface Files {
  readonly [name: string]: string
}

/** Files in a folder outside the workspace that has `@registry/core`. */
function folderWith(files: Files): string {
  const folder = temporaryFolder()
  installCore(folder)
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

async function conformance(folder: string, ...args: readonly string[]): Promise<Run> {
  const temporary = join(folder, 'temporary')
  mkdirSync(temporary, { recursive: true })
  const run = await runRegistryCommand(['conformance', ...args], { cwd: folder, environment: { TMPDIR: temporary, CONTAINER: 'cases' } })
  return { ...run, left: readdirSync(temporary) }
}

/** A driver in memory that is another one at each root, and writes down what is left there when it is closed. */
const memory = (changes = '', more = ''): string => `
import { appendFileSync } from 'node:fs'
import { memoryDriver } from '@registry/core/memory'
const roots = new Map()
const options = {
  root: { type: 'string', required: true, description: 'Which one.' },
  objectBytes: { type: 'integer', minimum: 1, default: 1000000, description: 'The limit.' },
}
export const driver = {
  contract: 1,
  name: 'memory',
  options,
  async open({ root, objectBytes }) {
    if (!roots.has(root)) roots.set(root, new Map())
    const storage = roots.get(root)
    const memory = await memoryDriver({ storage, objectBytes })
    const close = async () => { await memory.close(); appendFileSync('closed', root + ' ' + storage.size + '\\n') }
    return { ...memory, close, ${changes} }
  },
}
${more}`
const absentFails = "async head(key, options) { const found = await memory.head(key, options); if (!found) throw new Error('nothing there'); return found },"
const named = 'root: _env:CONTAINER\n'

describe('registry conformance', () => {
  it('tells of each clause whether it holds, those of a method together, and how long it took', async () => {
    const folder = folderWith({ 'options.yml': 'root: <folder>/objects\nobject_bytes: 1000000\n' })
    const { code, stdout, stderr, left } = await conformance(folder, 'file', '--options', 'options.yml', '--filter', 'head/', 'close/twice', '--json', 'report.json')
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(left).toEqual([])
    const lines = stdout.split('\n')
    expect(lines[0]).toMatch(/^Conformance of the driver file: \d+ clauses$/)
    expect(lines.filter((line) => line !== '' && !line.startsWith('ok ')).slice(1, 3)).toEqual(['head', 'close'])
    expect(lines).toContainEqual(expect.stringMatching(/^ok {8} +\d+ ms {2}head\/absent: head of a key without an object resolves to undefined\.$/))
    const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as { readonly clauses: number; readonly cases: readonly object[] }
    expect(lines.at(-2)).toMatch(new RegExp(`^${report.clauses} passed, 0 failed, in \\d+\\.\\d s$`))
    expect(report).toMatchObject({ kind: 'driver', name: 'file', passed: report.clauses, failed: 0, deviates: 0, core: expect.stringMatching(/^\d/) as string, node: process.versions.node })
    expect(report.cases).toHaveLength(report.clauses)
    expect(report.cases[0]).toEqual({ id: 'head/absent', clause: 'head of a key without an object resolves to undefined.', outcome: 'passed', milliseconds: expect.any(Number) as number })
  })

  it.each([
    ['driver', 'custom-driver/src/flat-driver.ts', 'root: <folder>/objects\n'],
    ['index', 'custom-index/src/log-index.ts', 'file: <folder>/log\n'],
  ])('runs the whole suite on a %s of somebody else, with no test runner', async (kind, source, options) => {
    const folder = folderWith({ 'mine.js': exampleModule(source), 'package.json': '{ "type": "module" }', 'options.yml': options })
    const { code, stdout } = await conformance(folder, './mine.js', '--options', 'options.yml')
    expect(stdout).toMatch(new RegExp(`^Conformance of the ${kind} `))
    expect(stdout).toMatch(/^1\d\d passed, 0 failed, in /m)
    expect(code).toBe(0)
  }, 240_000)

  it('says why a clause does not hold, what to read, and how to run it alone', async () => {
    const folder = folderWith({ 'mine.mjs': memory(absentFails), 'options.yml': 'root: <name>\n' })
    const { code, stdout } = await conformance(folder, './mine.mjs', '--options', 'options.yml', '--filter', 'head/')
    expect(code).toBe(2)
    const lines = stdout.split('\n')
    const failed = lines.findIndex((line) => /^FAILED +\d+ ms {2}head\/absent: /.test(line))
    expect(lines[failed + 1]).toBe('          head/absent: expected no error, got Error (nothing there); the clause is: head of a key without an object resolves to undefined.')
    expect(lines.at(-3)).toMatch(/^[1-9]\d* passed, [1-9]\d* failed, in /)
    expect(lines.at(-2)).toBe('Why a clause exists is in docs/contract.md, such as #driver/head/absent; --filter head/absent runs it alone.')
  })

  it('ends at the first failure where it is told to', async () => {
    const folder = folderWith({ 'mine.mjs': memory(absentFails), 'options.yml': 'root: <name>\n' })
    const { code, stdout } = await conformance(folder, './mine.mjs', '--options', 'options.yml', '--bail')
    expect(code).toBe(2)
    expect(stdout).toMatch(/^0 passed, 1 failed, \d+ not run, in /m)
  })

  it('removes what a driver left under a name, and says what an index left', async () => {
    const folder = folderWith({ 'mine.mjs': memory(), 'options.yml': 'root: of-<name>\n', 'index.mjs': `
import { memoryIndex } from '@registry/core/memory'
export const index = { contract: 1, name: 'mine', options: { table: { type: 'string', description: 'A table.' } }, open: () => memoryIndex() }
`, 'index.yml': 'table: <name>\n' })
    const { stdout } = await conformance(folder, './mine.mjs', '--options', 'options.yml', '--filter', 'put/overwrite', 'put/at-limit')
    expect(stdout).not.toContain('Left in the backend')
    const closed = readFileSync(join(folder, 'closed'), 'utf8').trim().split('\n').map((line) => line.split(' '))
    const last = new Map(closed.map(([root, size]) => [root!, size]))
    expect([...last.keys()].every((root) => /^of-conformance-[0-9a-f]{8}-\d+$/.test(root))).toBe(true)
    expect(new Set(last.values())).toEqual(new Set(['0']))
    expect(closed.some(([, size]) => size !== '0')).toBe(true)
    const index = await conformance(folder, './index.mjs', '--options', 'index.yml', '--filter', 'get/none', 'get/entry')
    expect(index.code).toBe(0)
    expect(index.stdout).toMatch(/^Left in the backend: 2 places whose names begin with conformance-[0-9a-f]{8}-; remove what is there by hand\.$/m)
  })

  it('takes the harness and the deviations that a file exports', async () => {
    const more = `
export const harness = async () => { const storage = new Map(); return { open: async () => ({ ...(await memoryDriver({ storage })), async head() { return undefined } }), destroy: async () => storage.clear() } }
export const deviations = [{ id: 'head/present', reason: 'it never knows' }, { id: 'put/empty', reason: 'not asked for' }]
`
    const folder = folderWith({ 'mine.mjs': memory('', more) })
    const { code, stdout } = await conformance(folder, './mine.mjs', '--filter', 'head/absent', 'head/present')
    expect(stdout).toMatch(/^deviates +\d+ ms {2}head\/present: .*\n {10}it never knows$/m)
    expect(stdout).toMatch(/^1 passed, 0 failed, 1 deviates, in /m)
    expect(code).toBe(0)
  })

  it('fails a clause that hangs, goes on, and ends all the same', async () => {
    const hangs = "async head(key) { return key.includes('absent') ? new Promise((resolve) => setInterval(() => {}, 1000)) : undefined },"
    const folder = folderWith({ 'mine.mjs': memory(hangs), 'options.yml': 'root: <name>\n' })
    const { code, stdout } = await conformance(folder, './mine.mjs', '--options', 'options.yml', '--filter', 'head/absent', 'driver/', '--timeout', '1')
    expect(stdout).toContain('          it has not ended within 1 seconds: a call hangs, or the backend is slow\n')
    expect(stdout).toMatch(/^1 passed, 1 failed, in /m)
    expect(code).toBe(2)
  })

  it('fails the clause in whose time something was thrown that no call rejected with, says from where, and goes on', async () => {
    const strays = "async head() { setImmediate(() => { throw new Error('out of nowhere') }); return undefined },"
    const folder = folderWith({ 'mine.mjs': memory(strays), 'options.yml': 'root: <name>\n' })
    const { code, stdout, left } = await conformance(folder, './mine.mjs', '--options', 'options.yml', '--filter', 'head/absent', 'driver/')
    expect(stdout).toMatch(/^FAILED +\d+ ms {2}head\/absent: .*\n {10}head\/absent: something was thrown that no call rejected with: out of nowhere; an error belongs to the call that it is about\n {10}at .*mine\.mjs:/m)
    expect(stdout).toMatch(/^1 passed, 1 failed, in /m)
    expect({ code, left }).toEqual({ code: 2, left: [] })
  })

  it.each([
    ['rejects with', "Promise.reject(new Error('leaked'))", /^FAILED .*\n {10}head\/absent: something was thrown that no call rejected with: leaked;/m],
    ['throws no error', 'setTimeout(() => { throw null })', /^FAILED .*\n {10}head\/absent: something was thrown that no call rejected with: it threw null;/m],
  ])('does so also for what a driver %s and nobody waits for', async (_, leak, message) => {
    const folder = folderWith({ 'mine.mjs': memory(`async head() { ${leak}; await new Promise((resolve) => setTimeout(resolve, 20)); return undefined },`), 'options.yml': 'root: <name>\n' })
    const { code, stdout } = await conformance(folder, './mine.mjs', '--options', 'options.yml', '--filter', 'head/absent')
    expect(stdout).toMatch(message)
    expect(code).toBe(2)
  })

  it('does so also for what is known only when the last clause has ended', async () => {
    const harness = `export const harness = async () => ({ open: async () => ({ ...(await memoryDriver()), head: async () => void Promise.reject(new Error('leaked')) }), destroy: async () => {} })`
    const { code, stdout } = await conformance(folderWith({ 'mine.mjs': memory('', harness) }), './mine.mjs', '--filter', 'head/absent')
    expect(stdout).toMatch(/^FAILED .*\n {10}head\/absent: something was thrown that no call rejected with: leaked;/m)
    expect(code).toBe(2)
  })

  it.each([
    ['while it is loaded', 'process.exit(0)', '', 'while it was loaded', undefined],
    ['in the first clause', '', 'async head() { process.exit(0) },', 'in head/absent', '0 passed, 0 failed, 3 not run'],
    ['in a later clause', '', 'async put() { process.exit(0) },', 'in put/empty', '1 passed, 0 failed, 2 not run'],
  ])('fails where a module ends the process %s, and leaves no older report', async (_, more, changes, where, summary) => {
    const folder = folderWith({ 'mine.mjs': memory(changes, more), 'options.yml': 'root: <folder>\n', 'report.json': '{"failed":0}' })
    const { code, stdout, stderr, left } = await conformance(folder, './mine.mjs', '--options', 'options.yml', '--filter', 'head/absent', 'put/empty', '--json', 'report.json')
    expect(stderr).toBe(`registry: ./mine.mjs: the module ended the process ${where}; what it exports is to be used, and whoever uses it ends the process\n`)
    if (summary === undefined) expect(stdout).toBe('')
    else expect(stdout).toContain(summary)
    expect(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'))).toMatchObject({ complete: false, ended: `the module ended the process ${where}` })
    expect({ code, left }).toEqual({ code: 1, left: [] })
  })

  it('sums up what was tried where a signal ends it, and says in the report that there is more', async () => {
    const ends = "async put() { process.kill(process.pid, 'SIGINT'); return new Promise(() => {}) },"
    const folder = folderWith({ 'mine.mjs': memory(ends), 'options.yml': 'root: <folder>\n' })
    const { code, stdout, stderr, left } = await conformance(folder, './mine.mjs', '--options', 'options.yml', '--filter', 'head/absent', 'put/empty', '--json', 'report.json')
    expect(stdout).toContain('\n1 passed, 0 failed, 2 not run, in ')
    expect(stderr).toBe('registry: ended by SIGINT\n')
    expect(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'))).toMatchObject({ complete: false, ended: 'ended by SIGINT', clauses: 3, passed: 1 })
    expect({ code, left }).toEqual({ code: 130, left: [] })
  })

  it('says in the report before the first clause that it is not complete: what kills the process does not wait', async () => {
    const kills = "async head() { process.kill(process.pid, 'SIGKILL') },"
    const folder = folderWith({ 'mine.mjs': memory(kills), 'options.yml': 'root: <name>\n', 'report.json': '{"failed":0}' })
    await conformance(folder, './mine.mjs', '--options', 'options.yml', '--filter', 'head/absent', '--json', 'report.json')
    expect(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'))).toMatchObject({ complete: false, ended: 'it has not ended yet' })
  })

  it('writes the report to stdout for -, and what people read to stderr', async () => {
    const folder = folderWith({ 'options.yml': 'root: <folder>/objects\n' })
    const { code, stdout, stderr } = await conformance(folder, 'file', '--options', 'options.yml', '--filter', 'head/absent', '--json', '-')
    expect(JSON.parse(stdout)).toMatchObject({ complete: true, passed: 1 })
    expect(stderr).toMatch(/^Conformance of the driver file: 1 clauses\n/)
    expect({ code, files: readdirSync(folder).includes('-') }).toEqual({ code: 0, files: false })
  })

  it('judges of a module with both what it is told', async () => {
    const both = memory('', "import { memoryIndex } from '@registry/core/memory'\nexport const index = { contract: 1, name: 'both', options: { table: { type: 'string', description: 'A table.' } }, open: () => memoryIndex() }")
    const folder = folderWith({ 'mine.mjs': both, 'options.yml': 'table: <name>\n' })
    const { code, stdout } = await conformance(folder, './mine.mjs', '--options', 'options.yml', '--filter', 'get/none', '--kind', 'index')
    expect(stdout).toMatch(/^Conformance of the index both: 1 clauses$/m)
    expect(code).toBe(0)
    expect((await conformance(folder, './mine.mjs', '--options', 'options.yml')).stderr).toBe('registry: ./mine.mjs: it exports a driver and an index; say with --kind which one is judged\n')
  })

  it.each([
    ['no place of its own', ['./mine.mjs', '--options', 'named.yml'], 'named.yml: no option has <folder> or <name> in it, and each case needs a place of its own; put one into --options, such as `root: <folder>/objects` or `database: <name>`'],
    ['what is missing', ['./mine.mjs'], 'root: is missing, it has to be a text: Which one.'],
    ['an option that there is not', ['./mine.mjs', '--options', 'strange.yml'], 'strange.yml: rot: memory has no such option; did you mean root?'],
    ['a file that there is not', ['./mine.mjs', '--options', 'none.yml'], 'none.yml does not exist; it has the options of the driver or index, a line each'],
    ['a package that there is not', ['registry-index-none'], /^no package for registry-index-none is installed; `npm install registry-index-none` in .* brings it, where there is one$/],
    ['a clause that there is not', ['./mine.mjs', '--options', 'right.yml', '--filter', 'heat/absent'], '--filter heat/absent: no clause has an id that begins so; did you mean head/absent?'],
    ['a method that there is not', ['./mine.mjs', '--options', 'right.yml', '--filter', 'frobnicate'], /^--filter frobnicate: no clause has an id that begins so; ids begin with head\/, open\/, .*walk\/$/],
    ['a report that cannot be written', ['./mine.mjs', '--options', 'right.yml', '--json', 'no/where.json'], /^--json: no\/where\.json cannot be written: ENOENT/],
    ['a harness that is none', ['./odd-harness.mjs'], './odd-harness.mjs: its export `harness` is no function'],
    ['deviations that are none', ['./odd-deviations.mjs'], './odd-deviations.mjs: its export `deviations` is no list of { id, reason }'],
    ['a deviation of nothing', ['./stray-deviation.mjs'], 'memory: its export `deviations` has head/absence, which is the id of no clause; did you mean head/absent?'],
    ['exports that cannot be read', ['./getter.mjs'], './getter.mjs: what it exports cannot be looked at: boo'],
    ['another contract', ['./later.mjs'], /^\.\/later\.mjs: keeps contract 2, and this server speaks contract 1; /],
    ['nothing that could be judged', ['./nothing.mjs'], /^\.\/nothing\.mjs: it exports nothing, and neither `driver` nor `index`; a module exports `driver` as /],
  ])('refuses %s in a line, and tries nothing', async (_, args, message) => {
    const folder = folderWith({
      'mine.mjs': memory(),
      'right.yml': 'root: <name>\n',
      'named.yml': named,
      'strange.yml': 'root: <name>\nrot: 1\n',
      'odd-harness.mjs': memory('', 'export const harness = 1'),
      'odd-deviations.mjs': memory('', "export const deviations = ['head/absent']"),
      'stray-deviation.mjs': memory('', "export const harness = () => {}; export const deviations = [{ id: 'head/absence', reason: '' }]"),
      'later.mjs': memory().replace('contract: 1', 'contract: 2'),
      'nothing.mjs': '',
      'getter.mjs': "export const driver = { get contract() { throw new Error('boo') } }",
    })
    const { code, stdout, stderr, left } = await conformance(folder, ...args)
    expect(stderr).toMatch(/^registry: [^\n]*\n$/)
    const said = stderr.slice('registry: '.length, -1)
    if (typeof message === 'string') expect(said).toBe(message)
    else expect(said).toMatch(message)
    expect(stdout).toBe('')
    expect({ code, left, opened: existsSync(join(folder, 'closed')) }).toEqual({ code: 1, left: [], opened: false })
  })
})

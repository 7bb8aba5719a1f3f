import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, symlinkSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify, stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Kind, namesOf } from '../src/names.js'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../..', import.meta.url))
const command = join(root, 'packages/create-registry-driver/dist/main.js')

interface Failure {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const readJson = (path: string): Readonly<Record<string, unknown>> => JSON.parse(readFileSync(path, 'utf8')) as Readonly<Record<string, unknown>>

/** What `npm install` brings, from the workspace. */
function install(folder: string): void {
  const modules = join(folder, 'node_modules')
  for (const part of ['package.json', 'dist']) cpSync(join(root, 'packages/core', part), join(modules, '@registry/core', part), { recursive: true })
  for (const name of ['.bin', '@types', 'eslint', 'typescript', 'typescript-eslint', 'vitest']) symlinkSync(join(root, 'node_modules', name), join(modules, name))
}

describe.each([
  ['driver', 'head/absent: head of a key without an object resolves to undefined.'],
  ['index', 'index/identity: an index says contract 1 and has a name'],
] as const)('a package for a %s, as it is made', (kind: Kind, first) => {
  const names = namesOf(kind, 'acme')
  let around: string
  let folder: string
  beforeAll(async () => {
    around = mkdtempSync(join(tmpdir(), 'made-'))
    await run(process.execPath, [command, '--kind', kind, '--name', 'acme'], { cwd: around })
    folder = join(around, names.package)
    install(folder)
  })
  afterAll(() => rm(around, { recursive: true, force: true }))

  const npm = (...args: readonly string[]): Promise<{ readonly stdout: string }> => run('npm', ['run', '--silent', ...args], { cwd: folder })

  it('lints', async () => {
    await npm('lint')
  })

  it('builds what a server looks for, with types', async () => {
    await npm('build')
    const print = `import * as made from '${names.package}'; console.log(JSON.stringify({ exports: Object.keys(made), ...made.${kind} }))`
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', print], { cwd: folder })
    const built = JSON.parse(stdout) as { readonly options: object }
    expect(built).toMatchObject({ exports: [names.factory, kind].sort(), contract: 1, name: 'acme' })
    expect(Object.keys(built.options)).not.toEqual([])
    expect(readFileSync(join(folder, 'dist/index.d.ts'), 'utf8')).toContain(`${names.type}Options`)
  })

  it('fails the suite in the first case, and says what to write', async () => {
    const { code, stdout, stderr } = await npm('test').then(() => ({ code: 0, stdout: '', stderr: '' }), (error: unknown) => error as Failure)
    expect(code).toBe(1)
    const said = stripVTControlCharacters(`${stdout}${stderr}`)
    expect(said).toContain(`${kind === 'driver' ? 'Driver' : 'index'} conformance: acme > ${first}`)
    expect(said).toContain(`connect is not written yet; in src/acme-${kind}.ts reach the backend`)
    expect(said).toMatch(/Tests {2}1 failed \(/)
  })

  it('is made with the tools of this project', () => {
    const made = readJson(join(folder, 'package.json'))['devDependencies'] as Readonly<Record<string, string>>
    const { '@registry/core': core, ...tools } = made
    expect(readJson(join(root, 'package.json'))['devDependencies']).toMatchObject(tools)
    expect(readJson(join(folder, 'package.json'))['peerDependencies']).toEqual({ '@registry/core': core })
  })
})

import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { describeWith, program } from '@registry/services/describe-with'
import { describe, expect, it, onTestFinished } from 'vitest'

const command = fileURLToPath(new URL('../dist/main.js', import.meta.url))

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

function create(folder: string, ...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [command, ...args], { cwd: folder }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr })
    })
    child.stdin!.end()
  })
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'create-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

describe('npm create registry-driver', () => {
  it.each([
    ['driver', 'registry-driver-azure-blob', 'azure-blob-driver.ts'],
    ['index', 'registry-index-azure-blob', 'azure-blob-index.ts'],
  ])('writes a package for a %s, and says what to do next', async (kind, name, source) => {
    const folder = temporaryFolder()
    const { code, stdout } = await create(folder, '--kind', kind, '--name', 'azure-blob')
    expect(code).toBe(0)
    expect(stdout).toContain(`Made ${name}: 13 files in `)
    expect(stdout).toContain(`\n  cd ${name}\n  npm install\n  npm test\n`)
    const files = readdirSync(join(folder, name), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    const texts = files.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    expect(texts.filter((text) => /\{\{|\}\}\w/.test(text.replace(/\$\{\{?/g, '')))).toEqual([])
    expect(files.map((entry) => entry.name).sort()).toEqual([
      '.gitignore', 'LICENSE', 'README.md', source, 'conformance.test.ts', 'eslint.config.js', 'harness.ts', 'index.ts', 'not-written.ts',
      'options.ts', 'package.json', 'tsconfig.build.json', 'tsconfig.json',
    ].sort())
    const manifest = JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8')) as { readonly keywords: readonly string[] }
    expect(manifest).toMatchObject({ name, license: 'Apache-2.0', type: 'module', files: ['dist'] })
    expect(manifest.keywords).toContain(`registry-${kind}`)
  })

  it('writes it where it is told to, also into an empty folder, and overwrites nothing', async () => {
    const folder = temporaryFolder()
    expect(await create(folder, '--kind', 'driver', '--name', 'mine', '.')).toMatchObject({ code: 0 })
    expect(existsSync(join(folder, 'src', 'mine-driver.ts'))).toBe(true)
    writeFileSync(join(folder, 'README.md'), 'mine')
    const again = await create(folder, '--kind', 'driver', '--name', 'mine', '.')
    expect(again.code).toBe(1)
    expect(again.stderr).toMatch(/^create-registry-driver: .* is not empty; name a folder that is, or that is not there\n$/)
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).toBe('mine')
  })

  it('writes into a folder that was made a repository first', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, '.git'))
    expect((await create(folder, '--kind', 'driver', '--name', 'mine', '.')).code).toBe(0)
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(['.git', 'package.json', 'src']))
  })

  it.each([
    [[], '--kind driver or --kind index is missing'],
    [['--kind', 'index'], '--name is missing: as a configuration names it, such as azure-blob'],
    [['--kind', 'hook', '--name', 'a'], "option '--kind <kind>' argument 'hook' is invalid. Allowed choices are driver, index."],
    [['--kind', 'driver', '--name', 'No'], '"No" is no name of a package: it begins with a-z and has a-z, 0-9 and single - in between, such as azure-blob'],
    [['--kind', 'driver', '--name', 'file'], 'file is the name of @registry/driver-file; call yours otherwise'],
    [['--kind', 'driver', '--name', 'a', '/dev/null/a'], '/dev/null/a is a file, or lies below one; name a folder'],
    [['--kind', 'driver', '--name', 'registry-index-a'], 'registry-index-a is what --kind index would be called, and this is --kind driver'],
  ])('refuses %j in a line, and writes nothing', async (args, message) => {
    const folder = temporaryFolder()
    const { code, stdout, stderr } = await create(folder, ...args)
    expect({ code, stdout, files: readdirSync(folder) }).toEqual({ code: 1, stdout: '', files: [] })
    expect(stderr).toMatch(/^create-registry-driver: [^\n]*\n$/)
    expect(stderr.slice('create-registry-driver: '.length, -1)).toEqual(typeof message === 'string' ? message : expect.stringMatching(message))
  })

  it('teaches with --help', async () => {
    const { code, stdout } = await create(temporaryFolder(), '--help')
    expect(code).toBe(0)
    expect(stdout).toContain('npm create registry-driver@latest -- --kind driver --name azure-blob')
  })
})

describeWith([program('script', 'bsdutils')], 'npm create registry-driver on a terminal', () => {
  it('asks for what is not said', async () => {
    const folder = temporaryFolder()
    const child = spawn('script', ['--quiet', '--return', '--command', `stty cols 100; ${process.execPath} ${command}`, '/dev/null'], { cwd: folder })
    let shown = ''
    // The first of the kinds is chosen already.
    const answers = new Map([['What do you want to write?', '\r'], ['What is it called?', 'mine\r']])
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      shown += text
      for (const [question, answer] of answers) if (shown.includes(question) && answers.delete(question)) child.stdin.write(answer)
    })
    await once(child, 'exit')
    expect(stripVTControlCharacters(shown)).toContain('Made registry-driver-mine: 13 files in ')
    expect(existsSync(join(folder, 'registry-driver-mine', 'src', 'mine-driver.ts'))).toBe(true)
  })

  it('writes nothing where its user has had enough', async () => {
    const folder = temporaryFolder()
    const child = spawn('script', ['--quiet', '--return', '--command', `stty cols 100; ${process.execPath} ${command} --kind index`, '/dev/null'], { cwd: folder })
    const ended = once(child, 'exit')
    child.stdout.setEncoding('utf8')
    for await (const text of child.stdout) if (String(text).includes('What is it called?')) child.stdin.write('\u0003')
    expect(await ended).toEqual([1, null])
    expect(readdirSync(folder)).toEqual([])
  })
})

import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { runInNewContext } from 'node:vm'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { driverConformance, indexConformance } from '@registry/core/conformance'
import { root } from './repository.js'

const run = promisify(execFile)

describe.each([
  ['write-a-driver.md', 'custom-driver', 'flat-driver'],
  ['write-an-index.md', 'custom-index', 'log-index'],
])('docs/%s', (page, example, name) => {
  const source = join(root, 'examples', example, 'src')

  it.each([`${name}.ts`, `${name}.test.ts`])('has the code of the example in its pieces: %s', async (file) => {
    const text = await readFile(join(root, 'docs', page), 'utf8')
    const pieces = [...text.matchAll(/^```ts (\S+)\n(.*?)^```$/gms)].filter(([, of]) => of === file).map(([, , code]) => code)
    expect(withoutBlankLines(pieces.join(''))).toBe(withoutBlankLines(await readFile(join(source, file), 'utf8')))
  })

  it('builds it in under 100 lines', async () => {
    const files = (await readdir(source)).filter((file) => !file.endsWith('.test.ts'))
    const texts = await Promise.all(files.map((file) => readFile(join(source, file), 'utf8')))
    expect(texts.join('').split('\n').length - 1).toBeLessThan(100)
  })
})

it.each(['write-a-driver.md', 'write-an-index.md'])('docs/%s tells of deviations in a line that runs', async (page) => {
  const snippets = [...(await readFile(join(root, 'docs', page), 'utf8')).matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code)
  expect(snippets).toHaveLength(1)
  const groups: string[] = []
  // A deviation of no case would be refused.
  const scope = { driverConformance, indexConformance, harness: () => {}, it: () => {}, describe: (title: string) => void groups.push(title) }
  runInNewContext(snippets[0]!, scope)
  expect(groups.length).toBeGreaterThan(0)
})

it('examples/embedded/README.md has snippets that are in its tests', async () => {
  const folder = join(root, 'examples', 'embedded')
  const files = await Promise.all(['await-using', 'try-finally'].map((name) => readFile(join(folder, 'src', `${name}.test.ts`), 'utf8')))
  const snippets = [...(await readFile(join(folder, 'README.md'), 'utf8')).matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code)
  expect(snippets.filter((code) => !files.some((file) => file.includes(code)))).toEqual([])
  expect(snippets).toHaveLength(2)
})

/** As a stranger has it: the packed core alone in an empty folder, and the test runner that Node brings. */
describe('the packed core in an empty folder', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'stranger-'))
    const pnpm = join(root, 'node_modules', '.bin', 'pnpm')
    await run(pnpm, ['pack', '--pack-destination', folder], { cwd: join(root, 'packages', 'core') })
    const [tarball = ''] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'))
    const core = join(folder, 'node_modules', '@registry', 'core')
    await mkdir(core, { recursive: true })
    await run('tar', ['-xzf', join(folder, tarball), '-C', core, '--strip-components=1'])
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it.each([
    ['custom-driver', 'flat-driver'],
    ['custom-index', 'log-index'],
  ])(
    'is enough for examples/%s, under node:test',
    async (example, name) => {
      for (const file of [`${name}.ts`, `${name}.test.ts`]) {
        const text = await readFile(join(root, 'examples', example, 'src', file), 'utf8')
        const code = text.replace("from 'vitest'", "from 'node:test'").replace('it(title, body, 60_000)', 'it(title, { timeout: 60_000 }, body)')
        await writeFile(join(folder, file.replace(/ts$/, 'js')), compiled(code))
      }
      const { stdout } = await run(process.execPath, ['--test', '--test-reporter=tap', `${name}.test.js`], { cwd: folder, maxBuffer: 2 ** 26 })
      expect(stdout).toMatch(/^# fail 0$/m)
      expect(Number(/^# tests (\d+)$/m.exec(stdout)?.[1])).toBeGreaterThan(100)
    },
    180_000,
  )
})

/** As `tsc` makes it, without looking at types. */
function compiled(code: string): string {
  return ts.transpileModule(code, { compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext } }).outputText
}

function withoutBlankLines(code: string): string {
  return code.replace(/^\s*\n/gm, '')
}

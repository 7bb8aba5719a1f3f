import { execFile, execFileSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packAll } from './pack.js'
import { readPackages, root } from './repository.js'

const run = promisify(execFile)

/** What is read of a source map. */
interface SourceMap {
  readonly sources: readonly string[]
  readonly sourcesContent?: readonly (string | null)[]
}

/** How a program ended that found something. */
interface Failure {
  readonly stdout: string
}

/** What is in the build beside what the compiler makes. */
const copied: Readonly<Record<string, RegExp>> = { 'dist/': /^src\/.*\.yml$/, 'dist/template/': /^template\/.*/ }

/** What a build of the files that git knows has in it, and nothing that a former one left. */
function builtFrom(folder: string): readonly string[] {
  const files = execFileSync('git', ['ls-files', 'src', 'template'], { cwd: folder, encoding: 'utf8' }).trim().split('\n')
  const modules = files.filter((file) => /^src\/.*\.ts$/.test(file) && !file.endsWith('.test.ts')).map((file) => file.replace(/^src/, 'dist').replace(/\.ts$/, ''))
  const others = Object.entries(copied).flatMap(([below, pattern]) => files.filter((file) => pattern.test(file)).map((file) => file.replace(/^\w+\//, below)))
  // The licence of the project is that of packages that are made with it, too.
  if (files.some((file) => file.startsWith('template/'))) others.push('dist/template/common/apache-2.0.txt')
  return [...modules.flatMap((module) => [`${module}.js`, `${module}.js.map`, `${module}.d.ts`]), ...others]
}

describe('what is published', () => {
  let packed: Awaited<ReturnType<typeof packAll>>
  beforeAll(async () => {
    packed = await packAll()
  })
  afterAll(() => rm(packed.folder, { recursive: true, force: true }))

  describe.each(readPackages().map(({ manifest, folder }) => [manifest.name, folder] as const))('of %s', (name, folder) => {
    it('is the build, with README and the licence of the project', async () => {
      const archive = packed.archiveOf(name)
      const { stdout } = await run('tar', ['-tzf', archive])
      const paths = stdout.trim().split('\n').map((path) => path.replace('package/', ''))
      expect(paths.sort()).toEqual(['LICENSE', 'README.md', 'package.json', ...builtFrom(folder)].sort())
      // pnpm puts the licence of the root in, where a package has none: there is one copy of it.
      expect((await run('tar', ['-xzOf', archive, 'package/LICENSE'])).stdout).toBe(await readFile(join(root, 'LICENSE'), 'utf8'))
    })

    it('has maps with the sources in them, which are not in it otherwise', async () => {
      const unpacked = await mkdtemp(join(packed.folder, 'unpacked-'))
      await run('tar', ['-xzf', packed.archiveOf(name), '-C', unpacked])
      const files = (await readdir(unpacked, { recursive: true })).filter((file) => file.endsWith('.map'))
      expect(files.length).toBeGreaterThan(0)
      for (const file of files) {
        const { sources, sourcesContent = [] } = JSON.parse(await readFile(join(unpacked, file), 'utf8')) as SourceMap
        expect(sources.filter((_, n) => typeof sourcesContent[n] !== 'string'), file).toEqual([])
      }
    })

    it('passes publint --strict', async () => {
      const { buffer } = new Uint8Array(await readFile(packed.archiveOf(name)))
      const { messages, pkg } = await publint({ strict: true, pack: { tarball: buffer } })
      expect(messages.map((message) => formatMessage(message, pkg, { color: false }) ?? message.code)).toEqual([])
    })

    it('passes attw --profile esm-only', async () => {
      const attw = join(root, 'node_modules', '.bin', 'attw')
      const options = ['--profile', 'esm-only', '--no-color', '--no-emoji']
      const problems = await run(attw, [...options, packed.archiveOf(name)]).then(() => '', (error: unknown) => (error as Failure).stdout)
      expect(problems).toBe('')
    })
  })
})

import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { readPackages } from './repository.js'

const run = promisify(execFile)

// Every snippet of a package's README runs as it stands, against the build, in an empty folder.
describe.each(readPackages().map(({ manifest, folder }) => [manifest.name, folder] as const))('the README of %s', (_name, folder) => {
  let empty: string
  beforeAll(async () => {
    empty = await mkdtemp(join(tmpdir(), 'readme-'))
  })
  afterAll(() => rm(empty, { recursive: true, force: true }))

  it('has snippets that run', async () => {
    const snippets = [...(await readFile(join(folder, 'README.md'), 'utf8')).matchAll(/^```(?:js|ts)\n(.*?)^```$/gms)].map(([, code]) => code ?? '')
    // Inside the package, since modules are looked for from there; `reports` is nobody's source.
    await mkdir(join(folder, 'reports'), { recursive: true })
    for (const [number, code] of snippets.entries()) {
      const file = join(folder, 'reports', `readme-${number}.mjs`)
      await writeFile(file, code)
      await run(process.execPath, [file], { cwd: empty, timeout: 60_000 })
    }
  })
})

import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { account, accountKey, startAzurite } from '@registry/services/azurite'
import { makePostgres } from '@registry/services/postgres'
import { describe, expect, it, onTestFinished } from 'vitest'
import { exampleModule } from './config/support/outside-package.js'
import { describeWith } from './support/require-program.js'
import { temporaryFolder } from './support/temporary-folder.js'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../..', import.meta.url))
const here = fileURLToPath(new URL('..', import.meta.url))

/** The only snippet of JavaScript on a page. */
function codeOf(page: string): string {
  const found = [...readFileSync(join(root, page), 'utf8').matchAll(/^```js\n(.*?)^```$/gms)].map(([, code]) => code!)
  expect(found, page).toHaveLength(1)
  return found[0]!
}

/** Runs a module beside files that it imports: inside this package, from where all packages are found. */
async function runModule(code: string, beside: Readonly<Record<string, string>>, environment: Readonly<Record<string, string>> = {}): Promise<void> {
  const folder = join(here, 'reports', `page-code-${process.pid}-${Object.keys(beside).join('-')}${code.length}`)
  mkdirSync(folder, { recursive: true })
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries({ ...beside, 'page.mjs': code })) writeFileSync(join(folder, name), text)
  await run(process.execPath, [join(folder, 'page.mjs')], { cwd: temporaryFolder(), env: { ...process.env, ...environment } })
}

const memory = "import { memoryDriver, memoryIndex } from '@registry/core/memory'\n"
const close = '\nif (!registry.policy) process.exit(3)\nawait registry.close()\n'

describe('the code of a page', () => {
  it.each([
    ['docs/write-a-driver.md', 'flat-driver', 'custom-driver/src/flat-driver.ts', 'const index = memoryIndex()\n'],
    ['docs/write-an-index.md', 'log-index', 'custom-index/src/log-index.ts', 'const driver = memoryDriver()\n'],
  ])('opens a registry: %s', async (page, name, source, other) => {
    await runModule(`${memory}${other}${codeOf(page)}${close}`, { [`${name}.js`]: exampleModule(source) })
  })

  it('opens containers of Azure: examples/driver-azure-blob', async () => {
    await using azurite = await startAzurite()
    const code = codeOf('examples/driver-azure-blob/README.md')
    const there = code.replace("account: 'name'", `account: '${account}', endpoint: '${azurite.endpoint}'`)
    expect(there).not.toBe(code)
    await runModule(`${there}\nif (await driver.head('nothing')) process.exit(3)\nawait driver.close()\n`, {}, { AZURE_KEY: accountKey })
  })
})

describeWith(['postgres'], 'the code of a page about PostgreSQL', () => {
  it('opens a registry: examples/index-postgres', async () => {
    const server = await makePostgres()
    onTestFinished(() => server.remove())
    const code = codeOf('examples/index-postgres/README.md')
    const there = code.replace('postgres://registry:secret@localhost:5432/registry', server.url)
    expect(there).not.toBe(code)
    await runModule(`${memory}const driver = memoryDriver()\n${there}${close}`, {})
  })
})

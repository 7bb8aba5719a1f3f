import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { memoryDriver, memoryIndex } from '@registry/core/memory'
import { createRegistry } from '@registry/engine'
import { describe, expect, it } from 'vitest'
import { runRegistryCommand } from '../support/registry-process.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { installPackage } from './support/outside-package.js'

const page = readFileSync(fileURLToPath(new URL('../../../../docs/versions.md', import.meta.url)), 'utf8')
const [ofServer, ofEngine] = [...page.matchAll(/^```text\n(.*)\n```$/gm)].map(([, line]) => line!)

/** A contract of which nothing is as today but its number. */
const forms = {
  'with other members': "{ contract: 2, label: 'flat', settings: [], connect() {} }",
  'as today, but for the number': "{ contract: 2, name: 'flat', options: {}, open() { throw new Error('it was opened') } }",
}

describe.each(Object.entries(forms))('a driver of contract 2, %s', (_, form) => {
  it('is refused with what docs/versions.md quotes', async () => {
    const folder = temporaryFolder()
    installPackage(folder, 'registry-driver-flat', `export const driver = ${form}\n`)
    const config = join(folder, 'config.yml')
    writeFileSync(config, `dev:\n  storage: flat\n  index: sqlite\n  sqlite:\n    file: ${join(folder, 'index.sqlite')}\n`)
    const { code, stdout, stderr } = await runRegistryCommand(['serve', '--port', '0', '--config', config], { cwd: folder })
    expect(stderr).toBe(`${ofServer!.replace('/etc/registry/config.yml', config)}\n`)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  })
})

it('an engine that is embedded refuses it with what docs/versions.md quotes', async () => {
  const driver = { ...memoryDriver(), name: 'flat', contract: 2 as unknown as 1 }
  await expect(createRegistry({ driver, index: memoryIndex() })).rejects.toThrow(ofEngine)
})

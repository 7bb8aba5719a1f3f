import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { installCore, installPackage } from '../config/support/outside-package.js'
import { type RegistryProcess, startRegistryProcess } from '../support/registry-process.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { randomBlob, type TestBlob } from '../support/test-server.js'

/** A driver in memory whose URLs tell what they were asked for. */
const driver = `import { memoryDriver } from '@registry/core/memory'
const memory = memoryDriver()
export const driver = {
  contract: 1,
  name: 'signing',
  options: {},
  open: async () => ({
    ...memory,
    capabilities: { ...memory.capabilities, presign: true },
    presign: async (key, { expires }) => new URL(\`https://store.example.com/\${key}?expires=\${expires}\`),
  }),
}
`

/** Runs a registry with a configuration, in which the driver above can be named. */
async function start(config: string, options: readonly string[] = []): Promise<RegistryProcess> {
  const folder = temporaryFolder()
  installCore(folder)
  installPackage(folder, 'registry-driver-signing', driver)
  writeFileSync(join(folder, 'config.yml'), config)
  return startRegistryProcess(undefined, ['--config', 'config.yml', ...options], { cwd: folder })
}

async function push({ address }: RegistryProcess): Promise<TestBlob> {
  const blob = randomBlob()
  const response = await fetch(`http://${address}/v2/a/blobs/uploads/?digest=${blob.digest}`, { method: 'POST', body: blob.bytes })
  expect(response.status).toBe(201)
  return blob
}

function get({ address }: RegistryProcess, { digest }: TestBlob, agent = 'any'): Promise<Response> {
  return fetch(`http://${address}/v2/a/blobs/${digest}`, { redirect: 'manual', headers: { 'user-agent': agent } })
}

/** What it warned of, beside that the test has its data in the folder for temporary files. */
const warnings = ({ errors }: RegistryProcess): readonly string[] => errors.filter((line) => /^registry: warning: .*redirect/.test(line))

describe('registry serve', () => {
  it('redirects reads as its configuration says', async () => {
    const registry = await start(`dev:
  storage: signing
  index: sqlite
  sqlite: {file: index.sqlite}
  storage_redirect: true
  storage_redirect_seconds: 60
  storage_redirect_except: [old-client/]
`)
    const blob = await push(registry)
    const response = await get(registry, blob)
    expect([response.status, response.headers.get('location')]).toEqual([307, expect.stringMatching(/^https:\/\/store\.example\.com\/blobs\/.*\?expires=60$/)])
    expect((await get(registry, blob, 'Old-Client/1')).status).toBe(200)
    expect(warnings(registry)).toEqual([])
  })

  it('tells once that a storage gives no URLs, with several workers too, and sends the bytes', async () => {
    const registry = await start('dev:\n  storage_redirect: true\n  storage_path: data\n  workers: 2\n')
    const blob = await push(registry)
    const response = await get(registry, blob)
    expect([response.status, Buffer.from(await response.arrayBuffer())]).toEqual([200, blob.bytes])
    expect(warnings(registry)).toEqual([expect.stringMatching(/config\.yml: dev\.storage_redirect: storage file gives no URLs to redirect to; the registry sends blobs$/)])
  })

  it('lets nginx send files, of file storage alone', async () => {
    const files = await start('dev:\n  storage_redirect: true\n  storage_path: data\n  nginx_x_accel_redirect: /layers\n')
    expect((await get(files, await push(files))).headers.get('x-accel-redirect')).toMatch(/^\/layers\/blobs\//)
    expect(warnings(files)).toEqual([expect.stringMatching(/; nginx sends blobs$/)])

    const other = await start('dev:\n  storage: signing\n  index: sqlite\n  sqlite: {file: index.sqlite}\n  nginx_x_accel_redirect: /layers\n')
    const response = await get(other, await push(other))
    expect([response.status, response.headers.get('x-accel-redirect'), (await response.arrayBuffer()).byteLength]).toEqual([200, null, 1000])
    expect(warnings(other)).toEqual([expect.stringMatching(/nginx_x_accel_redirect: is for storage file alone; with storage signing nginx is told nothing$/)])
  })
})

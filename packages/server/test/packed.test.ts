import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'
import { startS3Server } from '@registry/services/s3-server'
import { startRegistryProcess } from './support/registry-process.js'
import { isRequired } from '@registry/services/describe-with'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../..', import.meta.url))

/** The binding of SQLite that this workspace built: building it again takes two minutes. */
const sqlite = dirname(createRequire(join(realpathSync(join(root, 'packages/index-sqlite')), 'package.json')).resolve('better-sqlite3/package.json'))
const binding = join('build', 'Release', 'better_sqlite3.node')

/** What npm says where there is neither a network nor a copy of a package. */
const withoutNetwork = /ENOTCACHED|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH/

it('the packed packages give a registry on S3 in an empty folder', async ({ skip }) => {
  const folder = mkdtempSync(join(tmpdir(), 'registry-packed-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const packed = join(folder, 'packed')
  const which = ['--filter-prod', '@registry/server...', '--filter-prod', '@registry/driver-s3...', '--filter-prod', '@registry/index-dynamodb...']
  await run(join(root, 'node_modules', '.bin', 'pnpm'), [...which, 'pack', '--pack-destination', packed], { cwd: root })

  const installed = join(folder, 'installed')
  mkdirSync(installed)
  const { version } = JSON.parse(readFileSync(join(sqlite, 'package.json'), 'utf8')) as { readonly version: string }
  writeFileSync(join(installed, 'package.json'), JSON.stringify({ private: true, overrides: { 'better-sqlite3': version } }))
  const archives = readdirSync(packed).map((name) => join(packed, name))
  const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--no-update-notifier', '--ignore-scripts', '--fetch-retries=0']
  const error = await run('npm', ['install', ...quiet, ...archives], { cwd: installed }).then(() => '', (reason: unknown) => String(reason))
  skip(withoutNetwork.test(error) && !isRequired('npm'), '[needs npm’s registry, or copies of its packages]')
  expect(error).toBe('')
  copyBinding(installed)

  const server = await startS3Server()
  onTestFinished(() => server.close())
  const store = { AWS_BUCKET: server.bucket, AWS_KEY: server.accessKey, AWS_SECRET: server.secretKey, REGISTRY_S3_ENDPOINT: server.endpoint }
  const environment = { SETTINGS_FLAVOR: 's3', ...store, REGISTRY_INDEX: 'sqlite', REGISTRY_SQLITE_FILE: 'index.sqlite' }
  const command = join(installed, 'node_modules', '.bin', 'registry')
  const registry = await startRegistryProcess(undefined, [], { cwd: installed, environment, command })
  expect(registry.output[1]).toBe('Data in       s3 test-bucket /registry')

  const started = await fetch(`http://${registry.address}/v2/a/blobs/uploads/`, { method: 'POST' })
  const digest = 'sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824'
  const closed = await fetch(`http://${registry.address}${started.headers.get('location')!}?digest=${digest}`, { method: 'PUT', body: 'hello' })
  expect(closed.status).toBe(201)
  expect(await (await fetch(`http://${registry.address}/v2/a/blobs/${digest}`)).text()).toBe('hello')
  expect(server.objects().some(({ key, size }) => key.startsWith('registry/blobs/') && size === 5)).toBe(true)
  // Whatever is no line of the log, warnings of packages among them.
  expect(registry.errors.filter((line) => !line.startsWith('{') && !line.includes('is in the folder for temporary files'))).toEqual([])
  expect(await registry.stop()).toBe(0)
}, 300_000)

function copyBinding(installed: string): void {
  const target = join(installed, 'node_modules', 'better-sqlite3', binding)
  mkdirSync(dirname(target), { recursive: true })
  copyFileSync(join(sqlite, binding), target)
}

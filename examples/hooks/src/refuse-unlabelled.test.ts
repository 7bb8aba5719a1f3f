import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdirSync, mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describeWith, program } from '@registry/services/describe-with'
import { expect, it, onTestFinished } from 'vitest'
import { type Image, writeImage } from './image-layout.js'

const run = promisify(execFile)
const main = fileURLToPath(new URL('../../../packages/server/dist/cli/main.js', import.meta.url))
const config = fileURLToPath(new URL('../config.yml', import.meta.url))
const labels = { 'org.opencontainers.image.source': 'https://git.example.com/team/app' }

/** `nobody`: root's skopeo would keep what it knows of blobs where the whole machine shares it. */
const unprivileged = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}

interface Place {
  readonly folder: string
  /** The URL of the registry. */
  readonly url: string
}

/** A registry with the configuration of this example, and an empty folder. */
async function startRegistry(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'registry-hooks-'))
  if (unprivileged.uid !== undefined) chownSync(folder, unprivileged.uid, unprivileged.gid)
  const child = spawn(process.execPath, [main, 'serve', '--config', config, '--port', '0', '--log-level', 'error', '--storage-path', join(folder, 'data')], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  onTestFinished(async () => {
    child.kill('SIGTERM')
    await exited
    await rm(folder, { recursive: true })
  })
  for await (const line of createInterface({ input: child.stdout })) {
    const [, url] = /^Listening on +(\S+)$/.exec(line) ?? []
    if (url !== undefined) return { folder, url }
  }
  throw new Error('the registry did not start')
}

/** Pushes an image with skopeo, and resolves with what that says on stderr. */
async function push({ folder, url }: Place, images: readonly Image[]): Promise<string> {
  writeImage(join(folder, 'image'), images)
  const home = join(folder, 'home')
  mkdirSync(home)
  if (unprivileged.uid !== undefined) chownSync(home, unprivileged.uid, unprivileged.gid)
  const env = { PATH: process.env['PATH'], HOME: home, XDG_DATA_HOME: home, XDG_RUNTIME_DIR: home, TMPDIR: home }
  const target = `${url.replace('http:', 'docker:')}/team/app:v1`
  const copied = run('skopeo', ['copy', '--all', '--quiet', '--insecure-policy', '--dest-tls-verify=false', 'oci:image:v1', target], { cwd: folder, env, ...unprivileged })
  return copied.then(() => '', (error: unknown) => (error as { readonly stderr: string }).stderr)
}

async function statusOf({ url }: Place, reference: string): Promise<number> {
  return (await fetch(`${url}/v2/team/app/manifests/${reference}`, { method: 'HEAD' })).status
}

describeWith([program('skopeo')], 'an image that skopeo pushes', () => {
  it.each([
    ['without labels', [{}]],
    ['with another label', [{ labels: { 'org.opencontainers.image.title': 'app' } }]],
    ['with an empty one', [{ labels: { 'org.opencontainers.image.source': '' } }]],
    ['for several platforms, with one that has none', [{ labels }, { architecture: 'arm64' }]],
  ] as const)('is refused %s, and skopeo says why', async (_, images) => {
    const place = await startRegistry()
    expect(await push(place, images)).toContain(
      'denied: team/app: the image has no label org.opencontainers.image.source; docker build --label org.opencontainers.image.source=VALUE gives it one',
    )
    expect(await statusOf(place, 'v1')).toBe(404)
  })

  it.each([
    ['with the label', [{ labels }]],
    ['for several platforms that have it', [{ labels }, { architecture: 'arm64', labels }]],
    ['with what BuildKit attests', [{ labels }, { architecture: 'unknown', os: 'unknown' }]],
  ] as const)('is taken %s', async (_, images) => {
    const place = await startRegistry()
    expect(await push(place, images)).toBe('')
    expect(await statusOf(place, 'v1')).toBe(200)
  })
})

import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startRegistryProcess } from '../support/registry-process.js'
import { imageType, pushBlob, pushedImage, randomBlob, type TestServer } from '../support/test-server.js'
import { pushManifest } from './support/manifests.js'

/** A few by default; `npm run soak` asks for many. */
const wanted = Number(process.env['IDLE_CONNECTIONS'] ?? 200)
const bytesEach = 64 * 1024
const rounds = wanted > 200 ? 20 : 3

/** How many connections this process, and the registry after it, may have open. */
function possible(): number {
  const most = Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))![1])
  const count = Math.min(wanted, most - 500)
  if (count < wanted) console.warn(`only ${count} connections in place of ${wanted}: a process may have ${most} open files here, which ulimit -n raises`)
  return count
}

async function connected(port: number, count: number): Promise<readonly Socket[]> {
  const sockets: Socket[] = []
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
  })
  while (sockets.length < count) {
    // No more at once than wait to be accepted.
    const some = Array.from({ length: Math.min(200, count - sockets.length) }, () => connect(port, '127.0.0.1').on('error', () => undefined))
    sockets.push(...some)
    await Promise.all(some.map(async (socket) => once(socket, 'connect')))
  }
  return sockets
}

/** Pushes and pulls, and says how long that took. */
async function work(server: TestServer, name: string): Promise<number> {
  const started = performance.now()
  for (let n = 0; n < rounds; n++) {
    const [image, blob] = [await pushedImage(server, name), randomBlob(200_000)]
    await pushBlob(server, name, blob)
    await pushManifest(server, name, `v${n}`, image, imageType)
    expect((await server.send('GET', `/v2/${name}/manifests/v${n}`)).status).toBe(200)
    expect((await (await server.send('GET', `/v2/${name}/blobs/${blob.digest}`)).arrayBuffer()).byteLength).toBe(200_000)
  }
  return performance.now() - started
}

describe.skipIf(process.platform !== 'linux')('idle connections', () => {
  it('by the thousand leave the registry to others as it was, and cost little memory [S14]', { timeout: 300_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'registry-idle-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const { address, child } = await startRegistryProcess(folder, ['--log-level', 'error'])
    const port = Number(address.split(':')[1])
    const url = `http://${address}`
    const server = { url, send: (method: string, path: string, options: object = {}) => fetch(`${url}${path}`, { method, ...options }) } as TestServer
    const memory = (): number => Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid!}/status`, 'utf8'))![1]) * 1024

    await work(server, 'warm')
    const alone = await work(server, 'alone')
    const before = memory()
    const count = possible()
    const sockets = await connected(port, count)
    // Every third has had an answer.
    for (let n = 0; n < count; n += 3) {
      sockets[n]!.write('GET /v2/ HTTP/1.1\r\nHost: x\r\n\r\n')
      await once(sockets[n]!, 'data')
    }
    const beside = await work(server, 'beside')
    const growth = memory() - before
    console.log(`${count} idle connections: ${Math.round(alone)} ms of work alone, ${Math.round(beside)} ms beside them, ${Math.round(growth / 1e6)} MB more`)
    expect(sockets.filter((socket, n) => n % 3 !== 0 && socket.destroyed)).toEqual([])
    expect(beside).toBeLessThan(5 * alone + 2000)
    expect(growth).toBeLessThan(count * bytesEach + 50_000_000)
  })
})

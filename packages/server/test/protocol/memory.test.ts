import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { emptyIndex, indexType, pushManifest } from '../sockets/support/manifests.js'
import { type RawClient, rawClient, statuses } from '../sockets/support/raw-client.js'
import { startRegistryProcess } from '../support/registry-process.js'
import { blobOf, type TestServer } from '../support/test-server.js'

const mebibytes = 1024 * 1024
/** Far more than any of it needs, and far less than it would take without limits. */
const mostGrowth = 250 * mebibytes

interface Target extends Pick<TestServer, 'send'> {
  readonly port: number
  /** How much more memory it has ever had than at its start. */
  readonly growth: () => number
}

async function startTarget(): Promise<Target> {
  const folder = await mkdtemp(join(tmpdir(), 'registry-memory-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const { address, child } = await startRegistryProcess(folder, ['--log-level', 'error'])
  const most = (): number => Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid!}/status`, 'utf8'))![1]) * 1024
  const send: TestServer['send'] = (method, path, options = {}) => fetch(`http://${address}${path}`, { method, ...options })
  await send('GET', '/v2/_catalog')
  const before = most()
  return { send, port: Number(address.split(':')[1]), growth: () => most() - before }
}

/** So many clients that each say this. */
function clientsThatSay(count: number, port: number, text: string | Buffer): readonly RawClient[] {
  return Array.from({ length: count }, () => {
    const client = rawClient(port)
    client.write(text)
    return client
  })
}

/** Sends chunks for as long as the server takes them. */
async function sendWithoutEnd({ socket, ended }: RawClient): Promise<string> {
  const chunk = `10000\r\n${'a'.repeat(0x10000)}\r\n`
  const next = (): void => {
    if (socket.writable) socket.write(chunk, next)
  }
  next()
  return ended
}

async function codesOf(target: Target, bodies: readonly (string | Buffer)[]): Promise<readonly number[]> {
  const headers = { 'content-type': indexType }
  return Promise.all(bodies.map(async (body) => (await target.send('PUT', '/v2/a/manifests/v1', { headers, body })).status))
}

describe.skipIf(process.platform !== 'linux')('the memory of a registry is bounded', () => {
  it('whatever the size of manifests, with a length and without [S1]', async () => {
    const target = await startTarget()
    const head = `PUT /v2/a/manifests/v1 HTTP/1.1\r\nHost: x\r\nContent-Type: ${indexType}\r\n`
    const withLength = clientsThatSay(100, target.port, `${head}Content-Length: 99999999999\r\n\r\n`)
    for (const client of withLength) expect(await client.until(/\}$/)).toMatch(/^HTTP\/1\.1 413 /)
    for (const { socket } of withLength) socket.destroy()
    const without = clientsThatSay(4, target.port, `${head}Transfer-Encoding: chunked\r\n\r\n`)
    for (const client of without) {
      const sending = sendWithoutEnd(client)
      await client.until(/^HTTP\/1\.1 413 [^]*SIZE_INVALID/)
      client.socket.destroy()
      await sending
    }
    expect(target.growth()).toBeLessThan(mostGrowth)
  })

  it('whatever is in manifests: nesting, and descriptors by the thousand [S1]', async () => {
    const target = await startTarget()
    const descriptor = `{"mediaType":"","digest":"sha256:${'0'.repeat(64)}","size":0},`
    const many = Math.floor((4 * mebibytes - 1000) / descriptor.length)
    const index = (count: number): string => `{"schemaVersion":2,"manifests":[${descriptor.repeat(count).slice(0, -1)}]}`
    const bodies = ['['.repeat(4 * mebibytes), '{"a":'.repeat(800_000), `{"a":${'['.repeat(2_000_000)}${']'.repeat(2_000_000)}}`, `{"a":"${'\\u0000'.repeat(600_000)}`]
    for (let n = 0; n < 2; n++) expect(await codesOf(target, bodies)).toEqual([400, 400, 400, 400])
    expect(await codesOf(target, [index(many), index(many)])).toEqual([413, 413])
    expect(await codesOf(target, [index(10_000)])).toEqual([201])
    expect(target.growth()).toBeLessThan(mostGrowth)
  })

  it('whatever number of entries is asked for [S1]', async () => {
    const target = await startTarget()
    const manifest = emptyIndex()
    const server = target as unknown as TestServer
    await pushManifest(server, 'a', `${manifest.digest}?${Array.from({ length: 50 }, (_, tag) => `tag=t${tag}`).join('&')}`, manifest)
    for (const n of ['2147483647', '2147483648', '4294967296', '999999999999999']) {
      for (const path of ['/v2/a/tags/list', '/v2/_catalog']) expect((await target.send('GET', `${path}?n=${n}`)).status).toBe(200)
    }
    expect(target.growth()).toBeLessThan(mostGrowth)
  })

  it('whatever comes as headers [S1]', async () => {
    const target = await startTarget()
    const line = `A: ${'a'.repeat(60_000)}\r\n`
    const clients = clientsThatSay(100, target.port, `GET /v2/ HTTP/1.1\r\nHost: x\r\n${line.repeat(20)}`)
    for (const client of clients) expect(statuses(await client.ended).filter((status) => status !== 431)).toEqual([])
    const unfinished = clientsThatSay(500, target.port, `GET /v2/ HTTP/1.1\r\nHost: x\r\n${line}`)
    await Promise.all(unfinished.map(async ({ socket }) => socket.writableLength === 0 || once(socket, 'drain')))
    expect((await target.send('GET', '/v2/')).status).toBe(200)
    expect(target.growth()).toBeLessThan(mostGrowth)
  })

  it('while 200 clients send large blobs and stop in the middle [S14]', async () => {
    const target = await startTarget()
    const part = Buffer.alloc(mebibytes, 'a')
    const sessions = await Promise.all(Array.from({ length: 200 }, async () => (await target.send('POST', '/v2/a/blobs/uploads/')).headers.get('location')!))
    const clients = sessions.map((session) => clientsThatSay(1, target.port, `PATCH ${session} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n`)[0]!)
    await Promise.all(clients.map(async ({ socket }) => new Promise<void>((resolve) => socket.write(part, () => { resolve() }))))
    expect((await target.send('GET', '/v2/')).status).toBe(200)
    for (const { socket } of clients) socket.destroy()
    expect((await target.send('GET', '/v2/')).status).toBe(200)
    expect(target.growth()).toBeLessThan(mostGrowth)
  })

  it('while 100 clients read a blob of 100 MB and stop in the middle [S14]', async () => {
    const target = await startTarget()
    const blob = blobOf(Buffer.alloc(100_000_000, 'a'))
    expect((await target.send('POST', `/v2/a/blobs/uploads/?digest=${blob.digest}`, { body: blob.bytes })).status).toBe(201)
    const clients = clientsThatSay(100, target.port, `GET /v2/a/blobs/${blob.digest} HTTP/1.1\r\nHost: x\r\n\r\n`)
    await Promise.all(clients.map(async (client) => {
      await client.until(/^HTTP\/1\.1 200 [^]*\r\n\r\na/)
      client.socket.pause()
    }))
    const range = await target.send('GET', `/v2/a/blobs/${blob.digest}`, { headers: { range: 'bytes=99999990-' } })
    expect([range.status, await range.text()]).toEqual([206, 'a'.repeat(10)])
    expect(target.growth()).toBeLessThan(mostGrowth)
  })
})

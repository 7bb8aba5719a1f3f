import { type Driver } from '@registry/core'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import { expect, it, onTestFinished } from 'vitest'
import { onEachPair } from '../support/on-each-pair.js'
import { randomBlob } from '../support/test-server.js'
import { rawClient, statuses } from './support/raw-client.js'

const idleMilliseconds = 400

/** The server's sides of connections, in the order of their requests. A storage of the test may be a server as well. */
function serverSockets(port: number): readonly Socket[] {
  const sockets: Socket[] = []
  const onStart = (message: unknown): void => {
    const { socket } = message as { readonly socket: Socket }
    if (socket.localPort === port) sockets.push(socket)
  }
  subscribe('http.server.request.start', onStart)
  onTestFinished(() => void unsubscribe('http.server.request.start', onStart))
  return sockets
}

onEachPair('a client', (start) => {
  it('that stops to read in the middle of a blob is cut off, and what was open for it is closed [S14]', async () => {
    const open = { now: 0, most: 0, closed: [] as (() => void)[] }
    const wrap = (driver: Driver): Driver => ({
      ...driver,
      open: async (key, options) => {
        const opened = await driver.open(key, options)
        open.most = Math.max(open.most, ++open.now)
        return {
          ...opened,
          async [Symbol.asyncDispose](): Promise<void> {
            await opened[Symbol.asyncDispose]()
            if (--open.now === 0) for (const resolve of open.closed) resolve()
          },
        }
      },
    })
    const server = await start({ idleMilliseconds, wrap })
    const blob = randomBlob(30_000_000)
    const { id } = await server.registry.uploads.start('a')
    await server.registry.uploads.finish('a', id, { digest: blob.digest, body: Readable.from([blob.bytes]) })
    const sockets = serverSockets(server.port)
    const clients = Array.from({ length: 5 }, () => rawClient(server.port))
    for (const client of clients) client.write(`GET /v2/a/blobs/${blob.digest} HTTP/1.1\r\nHost: x\r\n\r\n`)
    await Promise.all(clients.map(async (client) => {
      await client.until(/^HTTP\/1\.1 200 /)
      client.socket.pause()
    }))
    const allClosed = new Promise<void>((resolve) => open.closed.push(resolve))
    expect([open.now, open.most]).toEqual([5, 5])
    await Promise.all(sockets.map(async (socket) => socket.destroyed || once(socket, 'close')))
    await allClosed
    // What was waiting for them is not kept.
    for (const socket of sockets) expect(socket.writableLength).toBeLessThan(10_000_000)
    expect((await server.send('GET', `/v2/a/blobs/${blob.digest}`, { headers: { range: 'bytes=29999999-' } })).status).toBe(206)
  })

  it('that stops to send in the middle of a chunk is cut off, and finds what arrived [S14]', async () => {
    const server = await start({ idleMilliseconds })
    const { id } = await server.registry.uploads.start('a')
    const client = rawClient(server.port)
    client.write(`PATCH /v2/a/blobs/uploads/${id} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n${'a'.repeat(100_000)}`)
    await client.ended
    await expect.poll(async () => (await server.send('GET', `/v2/a/blobs/uploads/${id}`)).headers.get('range'), { timeout: 10_000 }).toBe('0-99999')
    const rest = await server.send('PATCH', `/v2/a/blobs/uploads/${id}`, { headers: { 'content-range': '100000-100002' }, body: 'end' })
    expect(rest.status).toBe(202)
  })

  it('that sends one byte of a header at a time and then stops is cut off [S14]', async () => {
    const server = await start({ idleMilliseconds })
    const clients = Array.from({ length: 10 }, () => rawClient(server.port))
    const text = 'GET /v2/ HTTP/1.1\r\nHost: x\r\nA: b'
    for (const byte of text) {
      for (const client of clients) await new Promise<void>((resolve) => client.socket.write(byte, () => { resolve() }))
    }
    expect((await server.send('GET', '/v2/')).status).toBe(200)
    for (const answer of await Promise.all(clients.map(async (client) => client.ended))) expect([[], [408]]).toContainEqual(statuses(answer))
  })

  it('that says nothing at all, or nothing more, is cut off [S14]', async () => {
    const server = await start({ idleMilliseconds })
    const { id } = await server.registry.uploads.start('a')
    const texts = ['', '\r\n', 'G', `PATCH /v2/a/blobs/uploads/${id} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n`, 'PUT /v2/a/manifests/v1 HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n']
    await Promise.all(texts.map(async (text) => {
      const client = rawClient(server.port)
      client.write(text)
      await client.ended
    }))
    expect((await server.send('GET', '/v2/')).status).toBe(200)
  })

  it('that sends nothing does not keep a place that others need [S14]', async () => {
    const server = await start({ idleMilliseconds, limits: { uploadsAtOnce: 1 } })
    const client = rawClient(server.port)
    client.write('PUT /v2/a/manifests/v1 HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n')
    await client.until(/^HTTP\/1\.1 100 /)
    expect((await server.send('PUT', '/v2/a/manifests/v1', { body: '{}' })).status).toBe(429)
    await client.ended
    await expect.poll(async () => (await server.send('PUT', '/v2/a/manifests/v1', { body: '{}' })).status, { timeout: 10_000 }).toBe(400)
  })
})

import { createServer as createHttpServer, request } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { errorCodes, pushBlob, randomBlob, startTestServer } from './support/test-server.js'

/** A connection that is cut may end with an error first; here it only counts that it ends. */
function closing(socket: Socket): Promise<void> {
  socket.on('error', () => undefined)
  return new Promise((resolve) => socket.once('close', () => { resolve() }))
}

describe('the server', () => {
  it('says that it is a registry, without a charset that would make JSON another media type [P38]', async () => {
    const server = await startTestServer()
    for (const path of ['/v2/', '/v2']) {
      const response = await server.send('GET', path)
      expect([response.status, await response.text(), response.headers.get('content-type')]).toEqual([200, '{}', 'application/json'])
      expect(response.headers.get('docker-distribution-api-version')).toBe('registry/2.0')
    }
  })

  it('answers JSON of the specification to whatever it does not know [P41]', async () => {
    const server = await startTestServer()
    const cases: readonly (readonly [string, string, number, string])[] = [
      ['GET', '/v2/a/nothing', 404, 'UNSUPPORTED'],
      ['GET', '/nothing', 404, 'UNSUPPORTED'],
      ['DELETE', '/v2/', 405, 'UNSUPPORTED'],
      ['PROPFIND', '/v2/', 405, 'UNSUPPORTED'],
      ['GET', '/v2/A/manifests/v1', 400, 'NAME_INVALID'],
      ['GET', '/v2/%zz/manifests/v1', 400, 'NAME_INVALID'],
    ]
    for (const [method, path, status, code] of cases) {
      const response = await server.send(method, path)
      expect([response.status, response.headers.get('content-type'), await errorCodes(response)], `${method} ${path}`).toEqual([status, 'application/json', [code]])
    }
    expect((await server.send('DELETE', '/v2/')).headers.get('allow')).toBe('GET, HEAD, OPTIONS')
  })

  it('is alive, and ready as long as index and storage answer', async () => {
    const server = await startTestServer()
    for (const method of ['GET', 'HEAD']) {
      expect((await server.send(method, '/livez')).status).toBe(200)
      expect((await server.send(method, '/readyz')).status).toBe(200)
    }
    await server.driver.delete(['registry.json'])
    const response = await server.send('GET', '/readyz')
    expect([response.status, await response.json()]).toEqual([503, { status: 'unavailable', reason: 'CONFIG' }])
    expect((await server.send('GET', '/livez')).status).toBe(200)
  })

  it('is not ready once another index has taken the storage over, and says that it is this', async () => {
    const server = await startTestServer()
    await server.driver.put('registry.json', new Blob([JSON.stringify({ layout: 1, index: 'another' })]).stream())
    const response = await server.send('GET', '/readyz')
    expect([response.status, await response.json()]).toEqual([503, { status: 'unavailable', reason: 'TAKEN_OVER' }])
  })

  it('serves as the listener of any HTTP server', async () => {
    const { server } = await startTestServer()
    const http = createHttpServer(server).listen(0)
    await once(http, 'listening')
    const response = await fetch(`http://127.0.0.1:${(http.address() as AddressInfo).port}/v2/`)
    expect(response.status).toBe(200)
    http.close()
  })

  it('answers a refused upload at once, and does not wait for its body [S14]', async () => {
    const server = await startTestServer()
    const upload = request({ port: server.port, method: 'PATCH', path: `/v2/a/blobs/uploads/${'0'.repeat(32)}`, headers: { 'content-length': 1e12 } })
    upload.on('error', () => undefined)
    upload.write(Buffer.alloc(1_000_000))
    const [response] = (await once(upload, 'response')) as [{ statusCode: number }]
    expect(response.statusCode).toBe(404)
    upload.destroy()
  })

  it('reads the rest of a refused body for a while, and then cuts the connection [S14]', async () => {
    const server = await startTestServer({ refusedBodyMilliseconds: 50 })
    for (const path of [`/v2/a/blobs/uploads/${'0'.repeat(32)}`, '/v2/a/manifests/-bad']) {
      const socket = connect(server.port, '127.0.0.1')
      const closed = closing(socket)
      socket.write(`PUT ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 900000000000\r\n\r\n`)
      const [answer] = (await once(socket, 'data')) as [Buffer]
      expect(answer.toString()).toMatch(/^HTTP\/1\.1 4\d\d /)
      const pump = setInterval(() => socket.write(Buffer.alloc(64 * 1024)), 5)
      await closed
      clearInterval(pump)
    }
  })

  it.each(['foo', ';', 'text/', '', '\u00e9'])('takes the Content-Type %j where nobody asks for one', async (type) => {
    const server = await startTestServer()
    const answerTo = async (method: string, path: string): Promise<string> => {
      const socket = connect(server.port, '127.0.0.1')
      socket.write(`${method} ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx`)
      return ((await socket.setEncoding('utf8').toArray()) as string[]).join('')
    }
    const started = await answerTo('POST', '/v2/a/blobs/uploads/')
    expect(started).toMatch(/^HTTP\/1\.1 202 /)
    expect(await answerTo('PATCH', /location: (\S+)/i.exec(started)![1]!)).toMatch(/^HTTP\/1\.1 202 /)
    expect(await answerTo('PUT', '/v2/a/manifests/v1')).toMatch(/^HTTP\/1\.1 400 [^]*MANIFEST_INVALID/)
    expect(await answerTo('DELETE', '/v2/')).toMatch(/^HTTP\/1\.1 405 /)
  })

  it('answers what is no HTTP, or has too much in its headers, as it answers every other error [P38]', async () => {
    const server = await startTestServer()
    const cases: readonly (readonly [string, RegExp])[] = [
      ['nonsense\r\n\r\n', /^HTTP\/1\.1 400 [^]*registry\/2\.0[^]*\{"errors":\[\{"code":"UNSUPPORTED"/],
      [`GET /v2/ HTTP/1.1\r\nHost: x\r\nA: ${'a'.repeat(70_000)}\r\n\r\n`, /^HTTP\/1\.1 431 [^]*UNSUPPORTED/],
    ]
    for (const [text, answer] of cases) {
      const socket = connect(server.port, '127.0.0.1')
      socket.write(text)
      expect(((await socket.setEncoding('utf8').toArray()) as string[]).join('')).toMatch(answer)
    }
  })

  it('closes at once where no request is running, whatever connections are open', async () => {
    const server = await startTestServer()
    const sockets = ['', 'GET /v2/ HT', 'GET /v2/ HTTP/1.1\r\nHost: x\r\n\r\n'].map((text) => {
      const socket = connect(server.port, '127.0.0.1')
      socket.write(text)
      return socket
    })
    await once(sockets[2]!, 'data')
    const ends = sockets.map((socket) => closing(socket.resume()))
    // Far longer than the test may take.
    await server.server.close({ graceMilliseconds: 10 ** 9 })
    await Promise.all(ends)
  })

  it('keeps what arrived of an upload that it cuts off when the time is over [P42]', async () => {
    const server = await startTestServer()
    const session = (await server.send('POST', '/v2/a/blobs/uploads/')).headers.get('location')!
    const upload = request({ port: server.port, method: 'PATCH', path: session, headers: { 'content-length': 1_000_000 } })
    upload.on('error', () => undefined)
    upload.write(Buffer.alloc(500_000))
    await server.arrived(500_000)
    await server.server.close({ graceMilliseconds: 1 })
    expect(await server.registry.uploads.status('a', session.split('/').at(-1)!)).toMatchObject({ offset: 500_000 })
  })

  it('lets running requests end when it closes, and takes no more', async () => {
    const server = await startTestServer()
    const blob = randomBlob(30_000_000)
    await pushBlob(server, 'a', blob)
    const running = await server.send('GET', `/v2/a/blobs/${blob.digest}`)
    const closing = server.server.close({ graceMilliseconds: 20_000 })
    expect((await running.arrayBuffer()).byteLength).toBe(30_000_000)
    await closing
    await expect(server.send('GET', '/v2/')).rejects.toThrow('fetch failed')
  })

  it('ends requests that take longer than the time for it', async () => {
    const server = await startTestServer()
    const session = (await server.send('POST', '/v2/a/blobs/uploads/')).headers.get('location')!
    const socket = connect(server.port, '127.0.0.1')
    socket.write(`PATCH ${session} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n`)
    await once(socket, 'data')
    const closed = closing(socket)
    await server.server.close({ graceMilliseconds: 50 })
    await closed
  })
})

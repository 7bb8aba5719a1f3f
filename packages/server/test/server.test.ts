import { createServer as createHttpServer, request } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { errorCodes, pushBlob, randomBlob, startTestServer } from './support/test-server.js'

describe('the server', () => {
  it('says that it is a registry, without a charset that would make JSON another media type', async () => {
    const server = await startTestServer()
    for (const path of ['/v2/', '/v2']) {
      const response = await server.send('GET', path)
      expect([response.status, await response.text(), response.headers.get('content-type')]).toEqual([200, '{}', 'application/json'])
      expect(response.headers.get('docker-distribution-api-version')).toBe('registry/2.0')
    }
  })

  it('answers JSON of the specification to whatever it does not know', async () => {
    const server = await startTestServer()
    const cases: readonly (readonly [string, string, number, string])[] = [
      ['GET', '/v2/a/nothing', 404, 'NOT_FOUND'],
      ['GET', '/nothing', 404, 'NOT_FOUND'],
      ['DELETE', '/v2/', 405, 'UNSUPPORTED'],
      ['PROPFIND', '/v2/', 405, 'UNSUPPORTED'],
      ['GET', '/v2/A/manifests/v1', 400, 'NAME_INVALID'],
      ['GET', '/v2/%zz/manifests/v1', 400, 'NAME_INVALID'],
    ]
    for (const [method, path, status, code] of cases) {
      const response = await server.send(method, path)
      expect([response.status, response.headers.get('content-type'), await errorCodes(response)], `${method} ${path}`).toEqual([status, 'application/json', [code]])
    }
    expect((await server.send('DELETE', '/v2/')).headers.get('allow')).toBe('GET, HEAD')
  })

  it('is alive, and ready as long as index and storage answer', async () => {
    const server = await startTestServer()
    expect((await server.send('GET', '/livez')).status).toBe(200)
    expect((await server.send('GET', '/readyz')).status).toBe(200)
    server.storage.delete('registry.json')
    const response = await server.send('GET', '/readyz')
    expect([response.status, await response.json()]).toEqual([503, { status: 'unavailable', reason: 'CONFIG' }])
    expect((await server.send('GET', '/livez')).status).toBe(200)
  })

  it('serves as the listener of any HTTP server', async () => {
    const { server } = await startTestServer()
    const http = createHttpServer(server).listen(0)
    await once(http, 'listening')
    const response = await fetch(`http://127.0.0.1:${(http.address() as AddressInfo).port}/v2/`)
    expect(response.status).toBe(200)
    http.close()
  })

  it('answers a refused upload at once, and does not wait for its body', async () => {
    const server = await startTestServer()
    const upload = request({ port: server.port, method: 'PATCH', path: `/v2/a/blobs/uploads/${'0'.repeat(32)}`, headers: { 'content-length': 1e12 } })
    upload.on('error', () => undefined)
    upload.write(Buffer.alloc(1_000_000))
    const [response] = (await once(upload, 'response')) as [{ statusCode: number }]
    expect(response.statusCode).toBe(404)
    upload.destroy()
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
    const closed = once(socket, 'close')
    await server.server.close({ graceMilliseconds: 50 })
    await closed
  })
})

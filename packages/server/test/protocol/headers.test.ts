import { type Driver, RegistryError } from '@registry/core'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { Agent, type IncomingMessage, request, type Server } from 'node:http'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { emptyIndex, indexType, pushManifest, subjectOf } from '../sockets/support/manifests.js'
import { rawClient } from '../sockets/support/raw-client.js'
import { onEachPair } from '../support/on-each-pair.js'
import { pushBlob, randomBlob, startTestServer, type TestServer } from '../support/test-server.js'
import { createServer } from '../../src/server.js'

const digest = `sha256:${'0'.repeat(64)}`
const manifest = emptyIndex()
const blob = randomBlob()

type Step = readonly [method: string, path: string, options?: { readonly headers?: Record<string, string>; readonly body?: string | Buffer }]

/** A request for every endpoint, and for every kind of refusal, in an order that makes sense. */
function everyEndpoint(session: string): readonly Step[] {
  const headers = { 'content-type': indexType }
  return [
    ['GET', '/v2/'], ['GET', '/v2'], ['HEAD', '/v2/'], ['POST', '/v2/a/blobs/uploads/'],
    ['PATCH', session, { body: blob.bytes }], ['GET', session], ['PATCH', session, { headers: { 'content-range': '5-6' }, body: 'xx' }], ['PUT', `${session}?digest=${blob.digest}`], ['DELETE', session],
    ['POST', `/v2/b/blobs/uploads/?mount=${blob.digest}&from=a`], ['POST', `/v2/b/blobs/uploads/?digest=${blob.digest}`, { body: blob.bytes }],
    ['HEAD', `/v2/a/blobs/${blob.digest}`], ['GET', `/v2/a/blobs/${blob.digest}`], ['GET', `/v2/a/blobs/${blob.digest}`, { headers: { range: 'bytes=1-3' } }], ['GET', `/v2/a/blobs/${blob.digest}`, { headers: { 'if-none-match': '*' } }],
    ['GET', `/v2/a/blobs/${blob.digest}`, { headers: { range: 'bytes=9999-' } }],
    ['PUT', '/v2/a/manifests/v1', { headers, body: manifest.bytes }], ['PUT', `/v2/a/manifests/${manifest.digest}?tag=x&tag=y`, { headers, body: manifest.bytes }], ['PUT', '/v2/a/manifests/bad', { headers, body: '{' }],
    ['PUT', '/v2/a/manifests/r', { headers, body: emptyIndex(subjectOf(manifest)).bytes }],
    ['HEAD', '/v2/a/manifests/v1'], ['GET', '/v2/a/manifests/v1'], ['GET', `/v2/a/manifests/${manifest.digest}`], ['GET', '/v2/a/tags/list?n=1'], ['GET', '/v2/_catalog'], ['GET', `/v2/a/referrers/${manifest.digest}?artifactType=x`],
    ['GET', `/v2/a/blobs/${digest}`], ['GET', '/v2/A/tags/list'], ['GET', '/v2/%zz/tags/list'], ['GET', '/nothing'], ['POST', '/v2/'], ['OPTIONS', '/v2/'],
    ['DELETE', '/v2/a/manifests/x'], ['DELETE', `/v2/a/manifests/${manifest.digest}`], ['DELETE', `/v2/a/blobs/${blob.digest}`],
  ]
}

/** The answers to all of them. `add` is put at the end of each path. */
async function answersTo(server: TestServer, add = '', more: Record<string, string> = {}): Promise<readonly Response[]> {
  const session = (await server.registry.uploads.start('a')).id
  const answers: Response[] = []
  for (const [method, path, options = {}] of everyEndpoint(`/v2/a/blobs/uploads/${session}`)) {
    const url = add === '' ? path : path + (path.includes('?') ? '&' : '?') + add
    answers.push(await server.send(method, url, { ...options, headers: { ...options.headers, ...more } }))
  }
  return answers
}

onEachPair('every answer', (start) => {
  it('has Docker-Distribution-API-Version [P39]', async () => {
    for (const response of await answersTo(await start())) {
      expect(response.headers.get('docker-distribution-api-version'), `${response.url} ${response.status}`).toBe('registry/2.0')
    }
  })

  it('is the same with ns as without [P43]', async () => {
    const seen = async (add: string, more: Record<string, string> = {}): Promise<readonly unknown[]> => {
      const answers = await answersTo(await start(), add, more)
      return Promise.all(answers.map(async (response) => {
        const id = /[0-9a-f-]{36}|[0-9a-f]{32}(?![0-9a-f])/g
        const headers = [...response.headers].filter(([name]) => name !== 'date').map(([name, value]) => [name, name === 'docker-content-digest' || name === 'etag' ? value : value.replace(id, 'id')])
        return [response.status, headers, (await response.text()).replace(id, 'id')]
      }))
    }
    const plain = await seen('')
    for (const ns of ['ns=docker.io', 'ns=', 'ns=../..&ns=%00', 'ns=http%3A%2F%2Fexample.com']) expect(await seen(ns), ns).toEqual(plain)
    expect(await seen('', { 'oci-namespace': 'docker.io' })).toEqual(plain)
  })

  it('has the warning of the operator, and none where he gave none [P42]', async () => {
    const warning = 'Read-only from May 1st: see "https://example.com\\help"'
    for (const response of await answersTo(await start({ warning }))) {
      expect(response.headers.get('warning'), response.url).toBe('299 - "Read-only from May 1st: see \\"https://example.com\\\\help\\""')
    }
    for (const response of await answersTo(await start())) expect(response.headers.get('warning')).toBeNull()
  })
})

describe('headers', () => {
  it.each(['two\nlines', 'a\r\nSet-Cookie: x', 'é', '\u0000', '\t', '\u007f', '\u001b[31m', 'x'.repeat(4089)])('of a warning have a line of ASCII, so that %j is refused [P42]', async (warning) => {
    const { registry } = await startTestServer()
    await expect(createServer(registry, { warning })).rejects.toMatchObject({ code: 'CONFIG' })
  })

  it('of a warning have 4096 bytes at the most [P42]', async () => {
    const server = await startTestServer({ warning: 'x'.repeat(4088) })
    expect((await server.send('GET', '/v2/')).headers.get('warning')).toHaveLength(4096)
  })

  it('tell when to try again where there is too much at once, or storage does not answer [P42]', async () => {
    let answers = true
    const wrap = (driver: Driver): Driver => ({
      ...driver,
      put: async (key, body, options) => {
        if (!answers) throw new RegistryError('UNAVAILABLE', 'not now')
        return driver.put(key, body, options)
      },
    })
    const server = await startTestServer({ wrap, limits: { uploadsAtOnce: 1 } })
    const session = (await server.send('POST', '/v2/a/blobs/uploads/')).headers.get('location')!
    const running = rawClient(server.port)
    running.write(`PATCH ${session} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n${'a'.repeat(500_000)}`)
    await server.arrived(500_000)
    const refused = await server.send('PUT', '/v2/a/manifests/v1', { headers: { 'content-type': indexType }, body: manifest.bytes })
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5'])
    running.write('a'.repeat(500_000))
    await running.until(/^HTTP\/1\.1 202 /)

    answers = false
    const unavailable = await server.send('PATCH', session, { body: 'x' })
    expect([unavailable.status, unavailable.headers.get('retry-after')]).toEqual([503, '5'])
  })

  it('tell a probe as well when to try again [P42]', async () => {
    const server = await startTestServer()
    await server.driver.delete(['registry.json'])
    const response = await server.send('GET', '/readyz')
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5'])
  })

  it('say that a connection is kept, for 75 seconds, and five minutes without a byte [P44]', async () => {
    const sockets: Socket[] = []
    const servers: Server[] = []
    const onStart = (message: unknown): void => {
      const { socket, server } = message as { readonly socket: Socket; readonly server: Server }
      sockets.push(socket)
      servers.push(server)
    }
    subscribe('http.server.request.start', onStart)
    onTestFinished(() => void unsubscribe('http.server.request.start', onStart))
    const server = await startTestServer()
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    onTestFinished(() => {
      agent.destroy()
    })
    for (let n = 0; n < 3; n++) {
      const sent = request({ port: server.port, path: n === 1 ? '/v2/a/manifests/v1' : '/v2/', agent }).end()
      const [response] = (await once(sent, 'response')) as [IncomingMessage]
      expect([response.headers.connection, response.headers['keep-alive']]).toEqual(['keep-alive', 'timeout=75'])
      await response.resume().toArray()
    }
    expect(new Set(sockets).size).toBe(1)
    // Nobody waits that long here: this is what Node is told.
    expect([servers[0]!.keepAliveTimeout, servers[0]!.timeout, servers[0]!.requestTimeout]).toEqual([75_000, 300_000, 0])
  })

  it('of blobs keep browsers from running them, whatever is asked of them [S9]', async () => {
    const server = await startTestServer()
    const page = randomBlob()
    await pushBlob(server, 'a', page)
    const asked: readonly (readonly [string, Record<string, string>])[] = [['GET', {}], ['HEAD', {}], ['GET', { range: 'bytes=0-5' }], ['GET', { 'if-none-match': '*' }], ['GET', { accept: 'text/html' }]]
    for (const [method, headers] of asked) {
      const response = await server.send(method, `/v2/a/blobs/${page.digest}`, { headers })
      expect(response.headers.get('x-content-type-options')).toBe('nosniff')
      expect(response.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
      expect(response.headers.get('content-disposition')).toBe('attachment')
      expect(response.headers.get('content-type')).toBe('application/octet-stream')
    }
    await pushManifest(server, 'a', 'v1', manifest)
    for (const path of ['/v2/a/manifests/v1', '/v2/a/tags/list', '/nothing', '/v2/A']) {
      const response = await server.send('GET', path)
      expect([response.headers.get('x-content-type-options'), response.headers.get('content-security-policy')], path).toEqual(['nosniff', "default-src 'none'; sandbox"])
    }
  })
})

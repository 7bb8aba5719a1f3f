import { RegistryError } from '@registry/core'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { blobOf, errorCodes, pushBlob, randomBlob, startTestServer, type TestServer } from '../support/test-server.js'
import { startUrlStore } from './support/url-store.js'

const bytesOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer())

/** Gets a blob of repository `a`, and follows no redirect. */
async function get(server: TestServer, digest: string, headers: Record<string, string> = {}): Promise<Response> {
  return server.send('GET', `/v2/a/blobs/${digest}`, { headers })
}

function logOf(level: string): { readonly logger: pino.Logger; readonly lines: readonly string[] } {
  const lines: string[] = []
  return { logger: pino({ level }, { write: (line: string) => lines.push(line) }), lines }
}

describe('redirects', () => {
  it('are 307 to a URL of the storage, which nobody keeps, with the digest and no body [P17]', async () => {
    const store = await startUrlStore()
    const server = await startTestServer({ redirects: {}, wrap: store.wrap })
    const blob = randomBlob(100_000)
    await pushBlob(server, 'a', blob)
    const response = await get(server, blob.digest)
    const [key] = (await server.objects()).filter((each) => each.startsWith('blobs/'))
    expect(response.status).toBe(307)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      location: `${store.origin}/bucket/${key}?signature=abc%2Fdef&expires=1200`,
      'cache-control': 'no-store',
      'docker-content-digest': blob.digest,
      'docker-distribution-api-version': 'registry/2.0',
      'content-length': '0',
    })
    expect(await bytesOf(response)).toHaveLength(0)
    expect(store.presigned).toEqual([{ key, options: { expires: 1200, contentType: 'application/octet-stream' } }])
    // The registry tells where the bytes are, and does not look at them.
    expect(store.requests).toEqual([])
  })

  it('lead a client to the bytes, whole or a range, and take none of its credentials along', async () => {
    const store = await startUrlStore()
    const log = logOf('trace')
    const server = await startTestServer({ redirects: { seconds: 60 }, wrap: store.wrap, logger: log.logger })
    const blob = randomBlob(5000)
    await pushBlob(server, 'a', blob)
    const url = `${server.url}/v2/a/blobs/${blob.digest}?token=hidden`
    const headers = { authorization: 'Bearer hidden', cookie: 'hidden=1', 'x-token': 'hidden' }
    const told = await fetch(url, { headers: { ...headers, range: 'bytes=0-9' }, redirect: 'manual' })
    expect([told.status, JSON.stringify([...told.headers]).includes('hidden')]).toEqual([307, false])
    expect(told.headers.get('location')).toMatch(/&expires=60$/)
    const { authorization } = headers
    expect((await bytesOf(await fetch(url, { headers: { authorization } }))).equals(blob.bytes)).toBe(true)
    const part = await fetch(url, { headers: { authorization, range: 'bytes=10-19' } })
    expect([part.status, part.url.startsWith(store.origin), await bytesOf(part)]).toEqual([206, true, blob.bytes.subarray(10, 20)])
    expect(store.requests.map(({ headers: { range } }) => range)).toEqual([undefined, 'bytes=10-19'])
    expect(JSON.stringify(store.requests)).not.toContain('hidden')
    // The URL is a credential itself.
    expect(log.lines.join('')).not.toContain('signature')
  })

  it('are for every range, also one that no byte lies in, and for no HEAD and no 304 [P17]', async () => {
    const store = await startUrlStore()
    const server = await startTestServer({ redirects: {}, wrap: store.wrap })
    const blob = randomBlob(1000)
    await pushBlob(server, 'a', blob)
    for (const headers of [{ range: 'bytes=0-9' }, { range: 'bytes=5000-' }, { range: 'bytes=0-9', 'if-range': '"x"' }, { 'if-none-match': '"x"' }]) {
      const response = await get(server, blob.digest, headers)
      expect([response.status, response.headers.get('content-range')], JSON.stringify(headers)).toEqual([307, null])
    }
    const asked = store.presigned.length
    const etag = `"${blob.digest}"`
    for (const headers of [{ 'if-none-match': etag }, { 'if-none-match': '*', range: 'bytes=0-9' }]) {
      const response = await get(server, blob.digest, headers)
      expect([response.status, response.headers.get('location'), response.headers.get('etag')]).toEqual([304, null, etag])
    }
    const head = await server.send('HEAD', `/v2/a/blobs/${blob.digest}`)
    expect([head.status, head.headers.get('location'), head.headers.get('content-length')]).toEqual([200, null, '1000'])
    expect(store.presigned).toHaveLength(asked)
  })

  it('are for no blob that consists of several objects, or of none [P17]', async () => {
    const store = await startUrlStore()
    const server = await startTestServer({
      redirects: {},
      wrap: (driver) => store.wrap({ ...driver, capabilities: { ...driver.capabilities, limits: { objectBytes: 1000 } } }),
    })
    for (const blob of [randomBlob(2500), blobOf('')]) {
      await pushBlob(server, 'a', blob)
      const response = await get(server, blob.digest)
      expect([response.status, response.headers.get('location')]).toEqual([200, null])
      expect((await bytesOf(response)).equals(blob.bytes)).toBe(true)
    }
    const small = randomBlob(1000)
    await pushBlob(server, 'a', small)
    expect((await get(server, small.digest)).status).toBe(307)
    expect(store.presigned).toHaveLength(1)
  })

  it('are only for who may read the blob', async () => {
    const store = await startUrlStore()
    const server = await startTestServer({ redirects: {}, wrap: store.wrap })
    const blob = randomBlob()
    await pushBlob(server, 'b', blob)
    for (const headers of [{}, { range: 'bytes=0-9' }, { 'if-none-match': '*' }]) {
      const response = await get(server, blob.digest, headers)
      expect([response.status, response.headers.get('location')]).toEqual([404, null])
      expect(await errorCodes(response)).toEqual(['BLOB_UNKNOWN'])
    }
    expect(store.presigned).toEqual([])
    expect((await server.send('GET', `/v2/b/blobs/${blob.digest}`)).status).toBe(307)
    await server.send('DELETE', `/v2/b/blobs/${blob.digest}`)
    expect((await server.send('GET', `/v2/b/blobs/${blob.digest}`)).status).toBe(404)
  })

  it('are for no client that is excepted by a part of its User-Agent', async () => {
    const store = await startUrlStore()
    const server = await startTestServer({ redirects: { except: ['Old-Client/1.', 'proxied'] }, wrap: store.wrap })
    const blob = randomBlob()
    await pushBlob(server, 'a', blob)
    const statusFor = async (agent: string): Promise<number> => (await get(server, blob.digest, { 'user-agent': agent })).status
    for (const agent of ['old-client/1.2 (linux)', 'x OLD-CLIENT/1.', 'Proxied']) expect(await statusFor(agent), agent).toBe(200)
    for (const agent of ['old-client/2.1', 'containerd/1.7', '']) expect(await statusFor(agent), agent).toBe(307)
    const part = await get(server, blob.digest, { 'user-agent': 'Proxied', range: 'bytes=0-9' })
    expect([part.status, await bytesOf(part)]).toEqual([206, blob.bytes.subarray(0, 10)])
  })

  it('are not missed where the storage fails to give a URL: the registry sends the bytes', async () => {
    const errors: unknown[] = [new RegistryError('UNSUPPORTED', 'no'), new RegistryError('UNAVAILABLE', 'in passing'), new Error('a bug')]
    const store = await startUrlStore(async () => Promise.reject(errors.shift()))
    const log = logOf('warn')
    const server = await startTestServer({ redirects: {}, wrap: store.wrap, logger: log.logger })
    const blob = randomBlob()
    await pushBlob(server, 'a', blob)
    for (const status of [200, 200, 206]) {
      const response = await get(server, blob.digest, status === 206 ? { range: 'bytes=0-9' } : {})
      expect([response.status, response.headers.get('location'), response.headers.get('cache-control')]).toEqual([status, null, null])
      expect(await bytesOf(response)).toEqual(blob.bytes.subarray(0, status === 206 ? 10 : undefined))
    }
    expect(store.presigned).toHaveLength(3)
    expect(log.lines).toEqual(Array.from({ length: 3 }, () => expect.stringContaining('the storage gave no URL for a blob: the registry sends it') as string))
  })

  it('are none where the driver gives no URLs, and none where nobody asked for them', async () => {
    const blob = randomBlob()
    const without = await startTestServer({ redirects: {} })
    const store = await startUrlStore()
    const unasked = await startTestServer({ wrap: store.wrap })
    for (const server of [without, unasked]) {
      await pushBlob(server, 'a', blob)
      const response = await get(server, blob.digest)
      expect([response.status, (await bytesOf(response)).equals(blob.bytes)]).toEqual([200, true])
    }
    expect(store.presigned).toEqual([])
  })
})

it.each([
  [{ seconds: 0 }, /from 1 to 43200, got 0/],
  [{ seconds: 43_201 }, /from 1 to 43200, got 43201/],
  [{ seconds: 1.5 }, /whole seconds/],
  [{ except: ['docker', ''] }, /an empty text/],
])('redirects of %j are refused', async (redirects, message) => {
  await expect(startTestServer({ redirects })).rejects.toThrow(message)
})

it.each([1, 43_200])('redirects may be good for %i seconds', async (seconds) => {
  const store = await startUrlStore()
  const server = await startTestServer({ redirects: { seconds }, wrap: store.wrap })
  const blob = randomBlob()
  await pushBlob(server, 'a', blob)
  expect((await get(server, blob.digest)).headers.get('location')).toMatch(new RegExp(`expires=${seconds}$`))
})

import { describe, expect, it } from 'vitest'
import { blobOf, errorCodes, pushBlob, randomBlob, startTestServer, type TestServer } from '../support/test-server.js'
import { startUrlStore } from './support/url-store.js'

const blobKeys = async (server: TestServer): Promise<readonly string[]> => (await server.objects()).filter((key) => key.startsWith('blobs/'))

describe('reads that nginx serves', () => {
  it('are told it by the key of the object, with all headers of a blob and no body [P17]', async () => {
    const server = await startTestServer({ nginxPrefix: '/layers' })
    const blob = randomBlob(100_000)
    await pushBlob(server, 'a', blob)
    const [key] = await blobKeys(server)
    for (const headers of [{}, { range: 'bytes=0-9' }, { range: 'bytes=500000-' }]) {
      const response = await server.send('GET', `/v2/a/blobs/${blob.digest}`, { headers })
      expect([response.status, await response.text(), response.headers.get('content-range')]).toEqual([200, '', null])
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'x-accel-redirect': `/layers/${key}`,
        'content-type': 'application/octet-stream',
        'content-disposition': 'attachment',
        'docker-content-digest': blob.digest,
        etag: `"${blob.digest}"`,
      })
      // nginx says that itself.
      expect(response.headers.get('accept-ranges')).toBeNull()
    }
  })

  it('are no HEAD, no 304, no 404, and none of a blob of several objects or of none [P17]', async () => {
    const server = await startTestServer({
      nginxPrefix: '/layers',
      wrap: (driver) => ({ ...driver, capabilities: { ...driver.capabilities, limits: { objectBytes: 1000 } } }),
    })
    for (const blob of [randomBlob(2500), blobOf('')]) {
      await pushBlob(server, 'a', blob)
      const response = await server.send('GET', `/v2/a/blobs/${blob.digest}`)
      expect([response.status, response.headers.get('x-accel-redirect')]).toEqual([200, null])
      expect(Buffer.from(await response.arrayBuffer()).equals(blob.bytes)).toBe(true)
    }
    const small = randomBlob(1000)
    await pushBlob(server, 'a', small)
    const head = await server.send('HEAD', `/v2/a/blobs/${small.digest}`)
    expect([head.status, head.headers.get('x-accel-redirect'), head.headers.get('content-length')]).toEqual([200, null, '1000'])
    const unchanged = await server.send('GET', `/v2/a/blobs/${small.digest}`, { headers: { 'if-none-match': `"${small.digest}"` } })
    expect([unchanged.status, unchanged.headers.get('x-accel-redirect')]).toEqual([304, null])
    const unknown = await server.send('GET', `/v2/b/blobs/${small.digest}`)
    expect([unknown.status, await errorCodes(unknown), unknown.headers.get('x-accel-redirect')]).toEqual([404, ['BLOB_UNKNOWN'], null])
  })

  it('are those for which the storage has no URL', async () => {
    const store = await startUrlStore()
    const server = await startTestServer({ nginxPrefix: '/layers', redirects: { except: ['proxied'] }, wrap: store.wrap })
    const blob = randomBlob()
    await pushBlob(server, 'a', blob)
    const answer = async (agent: string): Promise<unknown> => {
      const { status, headers } = await server.send('GET', `/v2/a/blobs/${blob.digest}`, { headers: { 'user-agent': agent } })
      return [status, headers.has('location'), headers.has('x-accel-redirect')]
    }
    expect(await answer('any')).toEqual([307, true, false])
    expect(await answer('proxied')).toEqual([200, false, true])
  })
})

it.each([
  ['/layers', '/layers/'],
  ['/layers/', '/layers/'],
  ['/', '/'],
  ['/a b/50%/ä?#', '/a%20b/50%25/%C3%A4%3F%23/'],
])('the prefix %j is escaped, as nginx reads it', async (nginxPrefix, begin) => {
  const server = await startTestServer({ nginxPrefix })
  const blob = randomBlob()
  await pushBlob(server, 'a', blob)
  const [key] = await blobKeys(server)
  expect((await server.send('GET', `/v2/a/blobs/${blob.digest}`)).headers.get('x-accel-redirect')).toBe(`${begin}${key}`)
})

it.each(['', 'layers', 'https://example.com/layers', '/a//b', '/a/../b', '/./a', '/a\nb', '/\ud800'])('the prefix %j is refused', async (nginxPrefix) => {
  await expect(startTestServer({ nginxPrefix })).rejects.toThrow(/the prefix for nginx is the path of one of its locations, such as \/layers, got "/)
})

import { once } from 'node:events'
import { connect } from 'node:net'
import { type OpenObject, RegistryError } from '@registry/core'
import { describe, expect, it } from 'vitest'
import { errorCodes, pushBlob, randomBlob, startTestServer } from './support/test-server.js'

/** The object, as a disk reads it that breaks behind the first chunks. */
function breaking(object: OpenObject): OpenObject {
  async function* body(): AsyncGenerator<Uint8Array, void> {
    let chunks = 0
    for await (const chunk of object.body) {
      if (++chunks > 10) throw new RegistryError('INTERNAL', 'the disk broke')
      yield chunk
    }
  }
  return { info: object.info, body: body(), [Symbol.asyncDispose]: () => object[Symbol.asyncDispose]() }
}

describe('blobs', () => {
  it('are served whole, with what clients look at', async () => {
    const server = await startTestServer()
    const blob = randomBlob(200_000)
    await pushBlob(server, 'a', blob)
    for (const method of ['GET', 'HEAD']) {
      const response = await server.send(method, `/v2/a/blobs/${blob.digest}`, { headers: { 'accept-encoding': 'gzip' } })
      expect(response.status).toBe(200)
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-length': '200000',
        'content-type': 'application/octet-stream',
        'docker-content-digest': blob.digest,
        etag: `"${blob.digest}"`,
        'accept-ranges': 'bytes',
        'docker-distribution-api-version': 'registry/2.0',
        'x-content-type-options': 'nosniff',
      })
      expect(response.headers.get('content-encoding')).toBeNull()
      const bytes = Buffer.from(await response.arrayBuffer())
      expect(bytes.equals(method === 'GET' ? blob.bytes : Buffer.alloc(0))).toBe(true)
    }
  })

  it('are served in ranges', async () => {
    const server = await startTestServer()
    const blob = randomBlob(1000)
    await pushBlob(server, 'a', blob)
    const ranges: readonly (readonly [string, number, number])[] = [
      ['bytes=0-0', 0, 1],
      ['bytes=10-19', 10, 20],
      ['bytes=990-', 990, 1000],
      ['bytes=-10', 990, 1000],
      ['bytes=900-5000', 900, 1000],
    ]
    for (const [range, start, end] of ranges) {
      const response = await server.send('GET', `/v2/a/blobs/${blob.digest}`, { headers: { range } })
      expect(response.status, range).toBe(206)
      expect(response.headers.get('content-range')).toBe(`bytes ${start}-${end - 1}/1000`)
      expect(response.headers.get('content-length')).toBe(String(end - start))
      expect(Buffer.from(await response.arrayBuffer()).equals(blob.bytes.subarray(start, end))).toBe(true)
    }
  })

  it('answer 416 where no byte lies in the range, and whole where several ranges are asked for', async () => {
    const server = await startTestServer()
    const blob = randomBlob(1000)
    await pushBlob(server, 'a', blob)
    for (const range of ['bytes=1000-', 'bytes=5000-6000', 'bytes=500-0']) {
      const response = await server.send('GET', `/v2/a/blobs/${blob.digest}`, { headers: { range } })
      expect([response.status, response.headers.get('content-range')], range).toEqual([416, 'bytes */1000'])
    }
    const whole = await server.send('GET', `/v2/a/blobs/${blob.digest}`, { headers: { range: 'bytes=0-1,5-6' } })
    expect([whole.status, (await whole.arrayBuffer()).byteLength]).toEqual([200, 1000])
  })

  it('heed If-None-Match and If-Range', async () => {
    const server = await startTestServer()
    const blob = randomBlob(1000)
    await pushBlob(server, 'a', blob)
    const get = (headers: Record<string, string>): Promise<Response> => server.send('GET', `/v2/a/blobs/${blob.digest}`, { headers })
    expect((await get({ 'if-none-match': `"x", "${blob.digest}"` })).status).toBe(304)
    expect((await get({ 'if-none-match': '"x"' })).status).toBe(200)
    expect((await get({ range: 'bytes=0-1', 'if-range': `"${blob.digest}"` })).status).toBe(206)
    expect((await get({ range: 'bytes=0-1', 'if-range': '"x"' })).status).toBe(200)
    const absent = await server.send('GET', `/v2/b/blobs/${blob.digest}`, { headers: { 'if-none-match': `"${blob.digest}"` } })
    expect(absent.status).toBe(404)
  })

  it('are not served through a repository that does not have them', async () => {
    const server = await startTestServer()
    const blob = randomBlob()
    await pushBlob(server, 'a', blob)
    const response = await server.send('GET', `/v2/b/blobs/${blob.digest}`)
    expect([response.status, await errorCodes(response)]).toEqual([404, ['BLOB_UNKNOWN']])
    const head = await server.send('HEAD', `/v2/b/blobs/${blob.digest}`)
    expect([head.status, await head.text()]).toEqual([404, ''])
  })

  it('cut the connection when storage breaks in the middle, so that nobody takes a part for the whole', async () => {
    const server = await startTestServer({ wrap: (driver) => ({ ...driver, open: (key, options) => driver.open(key, options).then(breaking) }) })
    const blob = randomBlob(5_000_000)
    await pushBlob(server, 'a', blob)
    const response = await server.send('GET', `/v2/a/blobs/${blob.digest}`)
    expect(response.status).toBe(200)
    await expect(response.arrayBuffer()).rejects.toThrow('terminated')
  })

  it('harm nobody when the client leaves in the middle', async () => {
    const server = await startTestServer()
    const blob = randomBlob(20_000_000)
    await pushBlob(server, 'a', blob)
    const socket = connect(server.port, '127.0.0.1')
    socket.write(`GET /v2/a/blobs/${blob.digest} HTTP/1.1\r\nHost: x\r\n\r\n`)
    await once(socket, 'data')
    socket.destroy()
    expect((await server.send('GET', '/v2/')).status).toBe(200)
  })
})

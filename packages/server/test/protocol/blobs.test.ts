import { once } from 'node:events'
import { connect } from 'node:net'
import { type OpenObject, RegistryError } from '@registry/core'
import { expect, it } from 'vitest'
import { onEachPair } from '../support/on-each-pair.js'
import { blobOf, errorCodes, pushBlob, pushedImage, randomBlob } from '../support/test-server.js'
import { imageIndex, indexType, pushManifest } from './support/manifests.js'
import { answerTo, openRequest } from './support/requests.js'

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

onEachPair('blobs', (start) => {
  it('are served whole, with what clients look at [P15]', async () => {
    const server = await start()
    for (const blob of [randomBlob(200_000), blobOf('{}'), blobOf('')]) {
      await pushBlob(server, 'a', blob)
      for (const method of ['GET', 'HEAD']) {
        const response = await server.send(method, `/v2/a/blobs/${blob.digest}`)
        expect(response.status).toBe(200)
        expect(Object.fromEntries(response.headers)).toMatchObject({
          'content-length': String(blob.bytes.length),
          'content-type': 'application/octet-stream',
          'docker-content-digest': blob.digest,
          etag: `"${blob.digest}"`,
          'accept-ranges': 'bytes',
          'docker-distribution-api-version': 'registry/2.0',
          'x-content-type-options': 'nosniff',
        })
        const bytes = Buffer.from(await response.arrayBuffer())
        expect(bytes.equals(method === 'GET' ? blob.bytes : Buffer.alloc(0))).toBe(true)
      }
    }
  })

  it('have their bytes from the registry itself, and no redirect [P17]', async () => {
    const server = await start()
    const blob = randomBlob(100_000)
    await pushBlob(server, 'a', blob)
    for (const [method, headers, status] of [['GET', {}, 200], ['GET', { range: 'bytes=0-9' }, 206], ['HEAD', {}, 200]] as const) {
      const response = await server.send(method, `/v2/a/blobs/${blob.digest}`, { headers })
      expect([response.status, response.headers.get('location')]).toEqual([status, null])
      const bytes = Buffer.from(await response.arrayBuffer())
      expect(bytes).toEqual(method === 'HEAD' ? Buffer.alloc(0) : blob.bytes.subarray(0, status === 206 ? 10 : undefined))
    }
  })

  const encodings = ['gzip', 'br', 'deflate, gzip;q=1.0, *;q=0.5', '*', 'identity;q=0, *', 'zstd']
  it.each(encodings)('and all else are never compressed, though %s is accepted [P18]', async (encoding) => {
    const server = await start()
    const blob = blobOf('compressible '.repeat(10_000))
    const [manifest, index] = [await pushedImage(server, 'a'), imageIndex([], { annotations: { text: 'compressible '.repeat(1000) } })]
    await pushBlob(server, 'a', blob)
    await pushManifest(server, 'v1', manifest)
    await pushManifest(server, 'index', index, indexType)
    const paths = [
      '/v2/', `/v2/a/blobs/${blob.digest}`, '/v2/a/manifests/v1', '/v2/a/manifests/index', '/v2/a/tags/list', '/v2/_catalog',
      `/v2/a/referrers/${manifest.digest}`, '/v2/a/manifests/none', '/v2/nowhere/else',
    ]
    for (const path of paths) {
      for (const method of ['GET', 'HEAD']) {
        // By hand: `fetch` undoes a compression before anyone sees it.
        const answer = await answerTo(openRequest(server, method, path, { 'accept-encoding': encoding }).end())
        expect([answer.headers['content-encoding'], answer.headers['transfer-encoding']], `${method} ${path}`).toEqual([undefined, undefined])
        const bytes = Buffer.concat((await answer.toArray()) as Buffer[])
        if (method === 'GET') expect(answer.headers['content-length']).toBe(String(bytes.length))
        if (method === 'GET' && path.includes('/blobs/')) expect(bytes.equals(blob.bytes)).toBe(true)
        if (method === 'GET' && path.endsWith('/index')) expect(bytes.equals(index.bytes)).toBe(true)
      }
    }
  })

  it('are not served through a repository that does not have them', async () => {
    const server = await start()
    const blob = randomBlob()
    await pushBlob(server, 'a', blob)
    const response = await server.send('GET', `/v2/b/blobs/${blob.digest}`)
    expect([response.status, await errorCodes(response)]).toEqual([404, ['BLOB_UNKNOWN']])
    const head = await server.send('HEAD', `/v2/b/blobs/${blob.digest}`)
    expect([head.status, await head.text()]).toEqual([404, ''])
  })

  it('cut the connection when storage breaks in the middle, so that nobody takes a part for the whole [P44]', async () => {
    const server = await start({ wrap: (driver) => ({ ...driver, open: (key, options) => driver.open(key, options).then(breaking) }) })
    const blob = randomBlob(5_000_000)
    await pushBlob(server, 'a', blob)
    const response = await server.send('GET', `/v2/a/blobs/${blob.digest}`)
    expect(response.status).toBe(200)
    await expect(response.arrayBuffer()).rejects.toThrow('terminated')
  })

  it('harm nobody when the client leaves in the middle', async () => {
    const server = await start()
    const blob = randomBlob(20_000_000)
    await pushBlob(server, 'a', blob)
    const socket = connect(server.port, '127.0.0.1')
    socket.write(`GET /v2/a/blobs/${blob.digest} HTTP/1.1\r\nHost: x\r\n\r\n`)
    await once(socket, 'data')
    socket.destroy()
    expect((await server.send('GET', '/v2/')).status).toBe(200)
  })
})

import { describe, expect, it } from 'vitest'
import { blobOf, errorCodes, imageManifest, imageType, pushBlob, pushedImage, randomBlob, startTestServer } from './support/test-server.js'

describe('manifests', () => {
  it('come back byte for byte by tag and by digest, whatever Accept says', async () => {
    const server = await startTestServer()
    const [config, layer] = [blobOf('{}'), randomBlob()]
    await pushBlob(server, 'a/b', config)
    await pushBlob(server, 'a/b', layer)
    // White space and characters that a re-serialised document would lose.
    const manifest = blobOf(imageManifest(config, [layer], { annotations: { title: 'ä\u{1f600}' } }).bytes.toString().replace('{', '{ \n\t'))
    const put = await server.send('PUT', '/v2/a/b/manifests/v1', { headers: { 'content-type': `${imageType}; charset=utf-8` }, body: manifest.bytes })
    expect(put.status).toBe(201)
    expect(put.headers.get('location')).toBe(`/v2/a/b/manifests/${manifest.digest}`)
    expect(put.headers.get('docker-content-digest')).toBe(manifest.digest)
    for (const reference of ['v1', manifest.digest]) {
      const response = await server.send('GET', `/v2/a/b/manifests/${reference}`, { headers: { accept: 'application/vnd.docker.distribution.manifest.v2+json;q=0.5' } })
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toBe(imageType)
      expect(response.headers.get('docker-content-digest')).toBe(manifest.digest)
      expect(Buffer.from(await response.arrayBuffer())).toEqual(manifest.bytes)
      const head = await server.send('HEAD', `/v2/a/b/manifests/${reference}`)
      expect([head.status, head.headers.get('content-length'), head.headers.get('content-type')]).toEqual([200, String(manifest.bytes.length), imageType])
    }
  })

  it('tell of their subject, which need not be there', async () => {
    const server = await startTestServer()
    const config = blobOf('{}')
    await pushBlob(server, 'a', config)
    const subject = randomBlob()
    const manifest = imageManifest(config, [], { subject: { mediaType: imageType, digest: subject.digest, size: subject.bytes.length } })
    const put = await server.send('PUT', `/v2/a/manifests/${manifest.digest}`, { headers: { 'content-type': imageType }, body: manifest.bytes })
    expect([put.status, put.headers.get('oci-subject')]).toEqual([201, subject.digest])
  })

  it('are refused with the blobs that are missing', async () => {
    const server = await startTestServer()
    const [config, layer] = [randomBlob(), randomBlob()]
    const manifest = imageManifest(config, [layer])
    const put = await server.send('PUT', '/v2/a/manifests/v1', { headers: { 'content-type': imageType }, body: manifest.bytes })
    expect(put.status).toBe(400)
    const { errors } = (await put.json()) as { errors: { code: string; detail: unknown }[] }
    expect(errors.map(({ code, detail }) => ({ code, detail }))).toEqual([
      { code: 'MANIFEST_BLOB_UNKNOWN', detail: { digest: config.digest } },
      { code: 'MANIFEST_BLOB_UNKNOWN', detail: { digest: layer.digest } },
    ])
    expect((await server.send('GET', '/v2/a/tags/list')).status).toBe(404)
  })

  it.each([
    ['no JSON', '{"schemaVersion": 2', 'MANIFEST_INVALID'],
    ['not the type that it was sent as', JSON.stringify({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: [] }), 'MANIFEST_INVALID'],
    ['image and index at once', JSON.stringify({ schemaVersion: 2, manifests: [], layers: [] }), 'MANIFEST_INVALID'],
    ['a digest that is none', JSON.stringify({ schemaVersion: 2, config: { mediaType: 'x', digest: 'sha256:zz', size: 1 } }), 'MANIFEST_INVALID'],
  ])('are refused when they are %s', async (_what, body, code) => {
    const server = await startTestServer()
    const put = await server.send('PUT', '/v2/a/manifests/v1', { headers: { 'content-type': imageType }, body })
    expect([put.status, await errorCodes(put)]).toEqual([400, [code]])
  })

  it('are refused under a digest that is not theirs', async () => {
    const server = await startTestServer()
    const manifest = await pushedImage(server, 'a')
    const put = await server.send('PUT', `/v2/a/manifests/${randomBlob().digest}`, { headers: { 'content-type': imageType }, body: manifest.bytes })
    expect([put.status, await errorCodes(put)]).toEqual([400, ['DIGEST_INVALID']])
  })

  it.each(['with a length', 'without a length'])('of more than 4 MiB are refused %s, and the connection goes on', async (how) => {
    const server = await startTestServer()
    const bytes = Buffer.alloc(5 * 1024 * 1024, ' ')
    const body = how === 'with a length' ? bytes : new ReadableStream({ start: (controller) => { controller.enqueue(bytes); controller.close() } })
    const put = await server.send('PUT', '/v2/a/manifests/v1', { headers: { 'content-type': imageType }, body })
    expect([put.status, await errorCodes(put)]).toEqual([413, ['SIZE_INVALID']])
    expect((await server.send('GET', '/v2/')).status).toBe(200)
  })

  it('are unknown where they were not pushed', async () => {
    const server = await startTestServer()
    const manifest = await pushedImage(server, 'a')
    await server.send('PUT', '/v2/a/manifests/v1', { headers: { 'content-type': imageType }, body: manifest.bytes })
    const cases = [['/v2/a/manifests/v2', 'MANIFEST_UNKNOWN'], [`/v2/a/manifests/${randomBlob().digest}`, 'MANIFEST_UNKNOWN'], ['/v2/b/manifests/v1', 'NAME_UNKNOWN']]
    for (const [path, code] of cases) {
      const response = await server.send('GET', path!)
      expect([response.status, await errorCodes(response)], path).toEqual([404, [code]])
    }
  })
})

describe('tags/list', () => {
  it('lists in byte order, in pages that lead to the next', async () => {
    const server = await startTestServer()
    const manifest = await pushedImage(server, 'a')
    for (const tag of ['b', 'B', 'a', '_x', '1.0']) {
      await server.send('PUT', `/v2/a/manifests/${tag}`, { headers: { 'content-type': imageType }, body: manifest.bytes })
    }
    const all = await server.send('GET', '/v2/a/tags/list')
    expect(await all.json()).toEqual({ name: 'a', tags: ['1.0', 'B', '_x', 'a', 'b'] })
    expect(all.headers.get('link')).toBeNull()
    const first = await server.send('GET', '/v2/a/tags/list?n=2')
    expect(await first.json()).toEqual({ name: 'a', tags: ['1.0', 'B'] })
    expect(first.headers.get('link')).toBe('</v2/a/tags/list?n=2&last=B>; rel="next"')
    const last = await server.send('GET', '/v2/a/tags/list?n=3&last=B')
    expect(await last.json()).toEqual({ name: 'a', tags: ['_x', 'a', 'b'] })
    expect(last.headers.get('link')).toBeNull()
    const none = await server.send('GET', '/v2/a/tags/list?n=0')
    expect([await none.json(), none.headers.get('link')]).toEqual([{ name: 'a', tags: [] }, null])
  })

  it('is empty, and never null, in a repository without tags', async () => {
    const server = await startTestServer()
    const manifest = await pushedImage(server, 'a')
    await server.send('PUT', `/v2/a/manifests/${manifest.digest}`, { headers: { 'content-type': imageType }, body: manifest.bytes })
    expect(await (await server.send('GET', '/v2/a/tags/list')).json()).toEqual({ name: 'a', tags: [] })
  })

  it('takes any n that is a number, and refuses what is none', async () => {
    const server = await startTestServer()
    const manifest = await pushedImage(server, 'a')
    await server.send('PUT', '/v2/a/manifests/v1', { headers: { 'content-type': imageType }, body: manifest.bytes })
    expect((await server.send('GET', '/v2/a/tags/list?n=2147483648')).status).toBe(200)
    for (const n of ['-1', '1e99', 'x']) {
      const response = await server.send('GET', `/v2/a/tags/list?n=${n}`)
      expect([response.status, await errorCodes(response)], n).toEqual([400, ['PAGINATION_NUMBER_INVALID']])
    }
  })
})

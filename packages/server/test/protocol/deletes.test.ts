import { expect, it } from 'vitest'
import { emptyIndex, indexType, pushManifest } from '../sockets/support/manifests.js'
import { onEachPair } from '../support/on-each-pair.js'
import { blobOf, errorCodes, imageType, pushBlob, pushedImage, randomBlob } from '../support/test-server.js'

onEachPair('DELETE', (start) => {
  it('of a tag leaves the manifest, of a digest takes its tags along [P34]', async () => {
    const server = await start()
    const manifest = await pushedImage(server, 'a')
    for (const tag of ['v1', 'v2']) await pushManifest(server, 'a', tag, manifest, imageType)
    expect((await server.send('DELETE', '/v2/a/manifests/v1')).status).toBe(202)
    expect((await server.send('GET', '/v2/a/manifests/v1')).status).toBe(404)
    expect((await server.send('GET', '/v2/a/manifests/v2')).status).toBe(200)
    expect((await server.send('GET', `/v2/a/manifests/${manifest.digest}`)).status).toBe(200)
    expect((await server.send('DELETE', `/v2/a/manifests/${manifest.digest}`)).status).toBe(202)
    for (const reference of ['v2', manifest.digest]) {
      for (const method of ['GET', 'DELETE']) {
        const response = await server.send(method, `/v2/a/manifests/${reference}`)
        expect([response.status, await errorCodes(response)]).toEqual([404, ['MANIFEST_UNKNOWN']])
      }
    }
    expect(await (await server.send('GET', '/v2/a/tags/list')).json()).toEqual({ name: 'a', tags: [] })
  })

  it('of a manifest takes a thousand tags along, at once and for every route [P34]', async () => {
    const server = await start()
    const [manifest, other] = [emptyIndex(), emptyIndex({ annotations: { is: 'another' } })]
    const tags = Array.from({ length: 1024 }, (_, n) => `t${n}`)
    for (let n = 0; n < tags.length; n += 256) await pushManifest(server, 'a', `${manifest.digest}?${tags.slice(n, n + 256).map((tag) => `tag=${tag}`).join('&')}`, manifest)
    await pushManifest(server, 'a', 'other', other)
    expect((await server.send('DELETE', `/v2/a/manifests/${manifest.digest}`)).status).toBe(202)
    const list = server.send('GET', '/v2/a/tags/list')
    const tagged = tags.slice(0, 20).flatMap((tag) => ['GET', 'HEAD', 'DELETE'].map((method) => server.send(method, `/v2/a/manifests/${tag}`)))
    expect(await (await list).json()).toEqual({ name: 'a', tags: ['other'] })
    expect(new Set((await Promise.all(tagged)).map(({ status }) => status))).toEqual(new Set([404]))
    await pushManifest(server, 'a', 't1', manifest)
    expect(await (await server.send('GET', '/v2/a/tags/list')).json()).toEqual({ name: 'a', tags: ['other', 't1'] })
  })

  it('of a manifest that an index names is done, and leaves the index [P35]', async () => {
    const server = await start()
    const child = await pushedImage(server, 'a')
    await pushManifest(server, 'a', child.digest, child, imageType)
    const index = blobOf(JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests: [{ mediaType: imageType, digest: child.digest, size: child.bytes.length }] }))
    await pushManifest(server, 'a', 'v1', index)
    expect((await server.send('DELETE', `/v2/a/manifests/${child.digest}`)).status).toBe(202)
    expect((await server.send('GET', `/v2/a/manifests/${child.digest}`)).status).toBe(404)
    expect(await (await server.send('GET', '/v2/a/manifests/v1')).text()).toBe(index.bytes.toString())
  })

  it('of a blob is refused with the manifest that uses it, and done when none does [P37]', async () => {
    const server = await start()
    const manifest = await pushedImage(server, 'a')
    await pushManifest(server, 'a', 'v1', manifest, imageType)
    const config = blobOf('{}')
    const refused = await server.send('DELETE', `/v2/a/blobs/${config.digest}`)
    expect(refused.status).toBe(405)
    const { errors } = (await refused.json()) as { errors: { code: string; message: string; detail: unknown }[] }
    expect(errors).toMatchObject([{ code: 'UNSUPPORTED', detail: { digest: config.digest, manifest: manifest.digest } }])
    expect(errors[0]!.message).toContain(manifest.digest)
    await server.send('DELETE', `/v2/a/manifests/${manifest.digest}`)
    expect((await server.send('DELETE', `/v2/a/blobs/${config.digest}`)).status).toBe(202)
    expect((await server.send('GET', `/v2/a/blobs/${config.digest}`)).status).toBe(404)
    const again = await server.send('DELETE', `/v2/a/blobs/${config.digest}`)
    expect([again.status, await errorCodes(again)]).toEqual([404, ['BLOB_UNKNOWN']])
  })

  it('of a blob leaves it to other repositories, whatever manifests they have [P37]', async () => {
    const server = await start()
    const manifest = await pushedImage(server, 'b')
    await pushManifest(server, 'b', 'v1', manifest, imageType)
    const config = blobOf('{}')
    await pushBlob(server, 'a', config)
    expect((await server.send('DELETE', `/v2/a/blobs/${config.digest}`)).status).toBe(202)
    expect((await server.send('HEAD', `/v2/a/blobs/${config.digest}`)).status).toBe(404)
    expect((await server.send('HEAD', `/v2/b/blobs/${config.digest}`)).status).toBe(200)
  })

  it('of a blob takes it from every route of the repository [S2]', async () => {
    const server = await start()
    const blob = randomBlob()
    for (const name of ['a', 'b']) await pushBlob(server, name, blob)
    const path = `/v2/a/blobs/${blob.digest}`
    // Whatever is remembered of the blob is remembered now.
    expect((await server.send('GET', path)).status).toBe(200)
    expect((await server.send('DELETE', path)).status).toBe(202)
    const conditions: readonly Record<string, string>[] = [{}, { range: 'bytes=0-9' }, { 'if-none-match': `"${blob.digest}"` }, { 'if-none-match': '*' }, { 'if-range': `"${blob.digest}"`, range: 'bytes=0-9' }]
    for (const headers of conditions) {
      for (const method of ['GET', 'HEAD']) expect((await server.send(method, path, { headers })).status, `${method} ${JSON.stringify(headers)}`).toBe(404)
      expect((await server.send('GET', path.replace(':', '%3A'), { headers })).status).toBe(404)
    }
    const mounted = await server.send('POST', `/v2/c/blobs/uploads/?mount=${blob.digest}&from=a`)
    expect(mounted.status).toBe(202)
    const image = blobOf(JSON.stringify({ schemaVersion: 2, config: { mediaType: 'x', digest: blob.digest, size: blob.bytes.length }, layers: [] }))
    const pushed = await server.send('PUT', '/v2/a/manifests/v1', { headers: { 'content-type': imageType }, body: image.bytes })
    expect([pushed.status, await errorCodes(pushed)]).toEqual([400, ['MANIFEST_BLOB_UNKNOWN']])
    expect((await server.send('GET', `/v2/b/blobs/${blob.digest}`)).status).toBe(200)
  })

  it.each([
    ['/v2/a/manifests/v1', 404, 'NAME_UNKNOWN'],
    [`/v2/a/manifests/sha256:${'0'.repeat(64)}`, 404, 'NAME_UNKNOWN'],
    ['/v2/a/manifests/.no-tag', 404, 'MANIFEST_UNKNOWN'],
    ['/v2/a/manifests/sha256:zz', 400, 'DIGEST_INVALID'],
    [`/v2/a/blobs/sha256:${'0'.repeat(64)}`, 404, 'BLOB_UNKNOWN'],
    [`/v2/a/blobs/uploads/${'0'.repeat(32)}`, 404, 'BLOB_UPLOAD_UNKNOWN'],
    ['/v2/A/blobs/sha256:zz', 400, 'NAME_INVALID'],
    ['/v2/a/tags/list', 405, 'UNSUPPORTED'],
  ])('of %s is %d %s [P34]', async (path, status, code) => {
    const server = await start()
    const response = await server.send('DELETE', path)
    expect([response.status, await errorCodes(response)]).toEqual([status, [code]])
  })
})

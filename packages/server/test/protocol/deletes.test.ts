import { describe, expect, it } from 'vitest'
import { blobOf, errorCodes, imageType, pushBlob, pushedImage, randomBlob, startTestServer, type TestBlob, type TestServer } from './support/test-server.js'

async function pushManifest({ send }: TestServer, reference: string, manifest: TestBlob): Promise<void> {
  const put = await send('PUT', `/v2/a/manifests/${reference}`, { headers: { 'content-type': imageType }, body: manifest.bytes })
  expect(put.status).toBe(201)
}

describe('DELETE', () => {
  it('of a tag leaves the manifest, of a digest takes its tags along', async () => {
    const server = await startTestServer()
    const manifest = await pushedImage(server, 'a')
    for (const tag of ['v1', 'v2']) await pushManifest(server, tag, manifest)
    expect((await server.send('DELETE', '/v2/a/manifests/v1')).status).toBe(202)
    expect((await server.send('GET', '/v2/a/manifests/v1')).status).toBe(404)
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

  it('of a blob is refused with the manifest that uses it, and done when none does', async () => {
    const server = await startTestServer()
    const manifest = await pushedImage(server, 'a')
    await pushManifest(server, 'v1', manifest)
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

  it('of a blob leaves it to other repositories', async () => {
    const server = await startTestServer()
    const blob = randomBlob()
    for (const name of ['a', 'b']) await pushBlob(server, name, blob)
    await server.send('DELETE', `/v2/a/blobs/${blob.digest}`)
    expect((await server.send('HEAD', `/v2/b/blobs/${blob.digest}`)).status).toBe(200)
  })

  it.each([
    ['/v2/a/manifests/v1', 404, 'NAME_UNKNOWN'],
    ['/v2/a/manifests/.no-tag', 404, 'MANIFEST_UNKNOWN'],
    ['/v2/a/manifests/sha256:zz', 400, 'DIGEST_INVALID'],
    [`/v2/a/blobs/sha256:${'0'.repeat(64)}`, 404, 'BLOB_UNKNOWN'],
    ['/v2/A/blobs/sha256:zz', 400, 'NAME_INVALID'],
    ['/v2/a/tags/list', 405, 'UNSUPPORTED'],
  ])('of %s is %d %s', async (path, status, code) => {
    const server = await startTestServer()
    const response = await server.send('DELETE', path)
    expect([response.status, await errorCodes(response)]).toEqual([status, [code]])
  })
})

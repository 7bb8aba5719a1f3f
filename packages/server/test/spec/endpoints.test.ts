import { expect, it } from 'vitest'
import { onEachPair } from '../support/on-each-pair.js'
import { randomContent } from './support/content.js'
import { preparedImage, pushManifest } from './support/manifests.js'
import { startSession } from './support/sessions.js'
import { pushContent } from './support/upload-flows.js'

onEachPair('endpoints', (start) => {
  it('are those of all four categories, each with its success [requirements-pull] [requirements-categories] [requirements-claimed]', async () => {
    const server = await start()
    const [blob, other] = [randomContent(), randomContent()]
    const manifest = await preparedImage(server, 'a')
    await pushManifest(server, 'a', manifest, 'v1')
    await pushContent(server, 'a', blob)
    const session = await startSession(server)
    const octets = { body: other.bytes }
    const table = [
      ['GET', '/v2/', 200],
      ['GET', `/v2/a/blobs/${blob.digest}`, 200],
      ['HEAD', `/v2/a/blobs/${blob.digest}`, 200],
      ['GET', '/v2/a/manifests/v1', 200],
      ['HEAD', '/v2/a/manifests/v1', 200],
      ['POST', '/v2/a/blobs/uploads/', 202],
      ['POST', `/v2/a/blobs/uploads/?digest=${other.digest}`, 201, octets],
      ['POST', '/v2/a/blobs/uploads/?digest-algorithm=sha512', 202],
      ['PATCH', session, 202, octets],
      ['GET', session, 204],
      ['PUT', `${session}?digest=${other.digest}`, 201],
      ['PUT', '/v2/a/manifests/v2', 201, { headers: { 'content-type': manifest.mediaType }, body: manifest.bytes }],
      ['PUT', `/v2/a/manifests/${manifest.digest}?tag=v3&tag=v4`, 201, { headers: { 'content-type': manifest.mediaType }, body: manifest.bytes }],
      ['GET', '/v2/a/tags/list', 200],
      ['GET', '/v2/a/tags/list?n=1&last=v1', 200],
      ['POST', `/v2/b/blobs/uploads/?mount=${blob.digest}&from=a`, 201],
      ['GET', `/v2/a/referrers/${manifest.digest}`, 200],
      ['GET', `/v2/a/referrers/${manifest.digest}?artifactType=application/x`, 200],
      ['DELETE', '/v2/a/manifests/v1', 202],
      ['DELETE', `/v2/a/manifests/${manifest.digest}`, 202],
      ['DELETE', `/v2/a/blobs/${blob.digest}`, 202],
      ['DELETE', await startSession(server), 204],
    ] as const
    for (const [method, path, status, options] of table) {
      const response = await server.send(method, path, options)
      await response.arrayBuffer()
      expect(response.status, `${method} ${path}`).toBe(status)
    }
  })

  it('do not scope a request by ns, and say so by no header [proxy-namespace]', async () => {
    const server = await start()
    const manifest = await pushManifest(server, 'a', await preparedImage(server, 'a'), 'v1')
    const plain = await server.send('GET', '/v2/a/manifests/v1')
    const scoped = await server.send('GET', '/v2/a/manifests/v1?ns=registry.example.com')
    expect(scoped.headers.get('oci-namespace')).toBeNull()
    expect([plain.status, scoped.status]).toEqual([200, 200])
    expect(Buffer.from(await scoped.arrayBuffer())).toEqual(manifest.bytes)
  })
})

import { expect, it } from 'vitest'
import { onEachPair } from '../support/on-each-pair.js'
import { errorCodes } from '../support/test-server.js'
import { algorithms, randomContent } from './support/content.js'
import { configType, descriptorOf, imageOf, imageType, layerType } from './support/documents.js'
import { preparedImage, putManifest } from './support/manifests.js'
import { expectAbsent, expectManifest, expectPulled } from './support/pulls.js'
import { shapes } from './support/shapes.js'

onEachPair('pushing manifests', (start) => {
  it.each(shapes.flatMap(([name, shape]) => algorithms.map((algorithm) => [name, algorithm, shape] as const)))(
    'takes %s with %s digests, and gives the same bytes back [push-manifest-201] [push-manifest-bytes] [push-manifest-digest]',
    async (_name, algorithm, shape) => {
      const server = await start()
      const manifest = await shape(server, 'a/b', algorithm)
      const put = await putManifest(server, 'a/b', manifest.digest, manifest)
      expect(put.status).toBe(201)
      expect(put.headers.get('docker-content-digest')).toBe(manifest.digest)
      await expectPulled(server, put.headers.get('location')!, manifest)
      await expectManifest(server, 'a/b', manifest)
    },
  )

  it.each(shapes)('takes %s by tag [push-manifest-201] [push-manifest-bytes]', async (_name, shape) => {
    const server = await start()
    const manifest = await shape(server, 'a/b', 'sha256')
    const put = await putManifest(server, 'a/b', 'v1', manifest)
    expect(put.status).toBe(201)
    await expectPulled(server, put.headers.get('location')!, manifest)
    for (const reference of ['v1', manifest.digest]) await expectManifest(server, 'a/b', manifest, reference)
  })

  it('keeps white space, the order of fields and characters of every kind [push-manifest-bytes]', async () => {
    const server = await start()
    const written = await preparedImage(server, 'a', 'sha256', { annotations: { title: 'ä\u{1f600}<&>', ['__proto__']: 'x' } })
    const bytes = Buffer.from(`\n\t${written.bytes.toString().replace('{', '{ "b": 1.0e0, "a": "\\u00e4",\r\n ')}\n`)
    const put = await putManifest(server, 'a', 'v1', { ...written, bytes })
    expect(put.status).toBe(201)
    await expectManifest(server, 'a', { ...written, bytes, digest: put.headers.get('docker-content-digest')! }, 'v1')
  })

  it('ignores parameters of the type, and serves it without them [push-manifest-type-parameters] [pull-manifest-type-parameters]', async () => {
    const server = await start()
    const manifest = await preparedImage(server, 'a')
    for (const [n, parameters] of ['; charset=utf-8', ';charset="utf-8";q=1'].entries()) {
      expect((await putManifest(server, 'a', `v${n}`, { ...manifest, mediaType: `${imageType}${parameters}` })).status).toBe(201)
      await expectManifest(server, 'a', manifest, `v${n}`)
    }
  })

  it('answers 400 to a digest that is not that of the manifest, and has neither [push-manifest-digest]', async () => {
    const server = await start()
    const [manifest, other] = [await preparedImage(server, 'a'), randomContent()]
    const put = await putManifest(server, 'a', other.digest, manifest)
    expect([put.status, await errorCodes(put)]).toEqual([400, ['DIGEST_INVALID']])
    for (const { digest } of [manifest, other]) await expectAbsent(server, `/v2/a/manifests/${digest}`)
  })

  it('names the blobs that are missing, and has no such manifest [push-blob-missing]', async () => {
    const server = await start()
    const blobs = [randomContent(), randomContent('sha512')] as const
    const put = await putManifest(server, 'a', 'v1', imageOf(descriptorOf(configType, blobs[0]), [descriptorOf(layerType, blobs[1])]))
    expect([put.status, await errorCodes(put)]).toEqual([400, ['MANIFEST_BLOB_UNKNOWN', 'MANIFEST_BLOB_UNKNOWN']])
    await expectAbsent(server, '/v2/a/manifests/v1')
  })

  it('answers 413 to a manifest that is too large, and has no such manifest [manifest-limit] [manifest-limit-413]', async () => {
    const server = await start()
    const manifest = await preparedImage(server, 'a', 'sha256', { annotations: { large: 'x'.repeat(4 * 1024 * 1024) } })
    expect((await putManifest(server, 'a', 'v1', manifest)).status).toBe(413)
    await expectAbsent(server, '/v2/a/manifests/v1')
  })

  it('takes a manifest of 4 megabytes [manifest-4-megabytes] [manifest-limit]', async () => {
    const server = await start()
    const manifest = await preparedImage(server, 'a', 'sha256', { annotations: { large: 'x'.repeat(4_000_000) } })
    expect((await putManifest(server, 'a', manifest.digest, manifest)).status).toBe(201)
    await expectManifest(server, 'a', manifest)
  })

  it.each(algorithms.flatMap((algorithm) => [1, 10, 100].map((count) => [algorithm, count] as const)))(
    'pushes a manifest by its %s digest with %d tags, and names each [push-tags-10] [push-tags-header]',
    async (algorithm, count) => {
      const server = await start()
      const manifest = await preparedImage(server, 'a', algorithm)
      const tags = Array.from({ length: count }, (_, n) => `v${n}`)
      const put = await putManifest(server, 'a', `${manifest.digest}?${tags.map((tag) => `tag=${tag}`).join('&')}`, manifest)
      expect(put.status).toBe(201)
      expect(put.headers.get('oci-tag')?.split(/, */)).toEqual(tags)
      for (const tag of tags) {
        const head = await server.send('HEAD', `/v2/a/manifests/${tag}`)
        expect([head.status, head.headers.get('docker-content-digest')]).toEqual([200, manifest.digest])
      }
    },
  )
})

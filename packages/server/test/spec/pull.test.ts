import { expect, it } from 'vitest'
import { onEachPair } from '../support/on-each-pair.js'
import { algorithms, contentOf, randomContent } from './support/content.js'
import { indexOf } from './support/documents.js'
import { preparedImage, pushManifest, putManifest } from './support/manifests.js'
import { expectAbsent, expectBlob, expectManifest } from './support/pulls.js'
import { pushContent } from './support/upload-flows.js'

onEachPair('pulling', (start) => {
  it.each(algorithms)(
    'gives a %s blob with its digest, to GET and HEAD [pull-blob-200] [pull-blob-digest] [pull-blob-digest-value] [head-200] [head-digest] [head-length]',
    async (algorithm) => {
      const server = await start()
      const blob = randomContent(algorithm, 100_000)
      await pushContent(server, 'a/b', blob)
      await expectBlob(server, 'a/b', blob)
    },
  )

  it.each(algorithms)(
    'gives a %s manifest by tag and by digest, to GET and HEAD [pull-manifest-200] [pull-manifest-digest] [reference-form] [head-200] [head-digest] [head-length]',
    async (algorithm) => {
      const server = await start()
      const manifest = await preparedImage(server, 'a/b', algorithm)
      const put = await putManifest(server, 'a/b', `${manifest.digest}?tag=v1`, manifest)
      expect(put.status).toBe(201)
      for (const reference of ['v1', manifest.digest]) await expectManifest(server, 'a/b', manifest, reference)
    },
  )

  it('gives a manifest with the type that it was pushed with, and no parameters [pull-manifest-type] [pull-manifest-type-parameters]', async () => {
    const server = await start()
    const image = await pushManifest(server, 'a', await preparedImage(server, 'a'))
    for (const manifest of [image, await pushManifest(server, 'a', indexOf([image]))]) {
      const { headers } = await server.send('GET', `/v2/a/manifests/${manifest.digest}`)
      expect(headers.get('content-type')).toBe(manifest.mediaType)
    }
  })

  it('answers 404 where there is no such manifest, to GET and HEAD [pull-manifest-404] [head-404]', async () => {
    const server = await start()
    await pushManifest(server, 'a', await preparedImage(server, 'a'), 'v1')
    for (const reference of ['missing', randomContent().digest, randomContent('sha512').digest]) await expectAbsent(server, `/v2/a/manifests/${reference}`)
  })

  it('answers 404 where the repository has no such blob, though another has it [pull-blob-404] [head-404]', async () => {
    const server = await start()
    const blob = randomContent()
    await pushContent(server, 'b', blob)
    for (const digest of [blob.digest, randomContent('sha512').digest]) await expectAbsent(server, `/v2/a/blobs/${digest}`)
  })

  it('answers 404 to every pull from a repository that does not exist [pull-repository-404]', async () => {
    const server = await start()
    const { digest } = contentOf('{}')
    for (const path of ['manifests/v1', `manifests/${digest}`, `blobs/${digest}`, 'tags/list']) await expectAbsent(server, `/v2/nobody/${path}`)
  })

  it.each([
    ['bytes=500-1499', 500, 1500],
    ['bytes=500-', 500, 2048],
    ['bytes=-500', 1548, 2048],
    ['bytes=2000-5000', 2000, 2048],
  ])('serves the range %s of 2048 bytes [pull-blob-range]', async (range, from, end) => {
    const server = await start()
    const blob = randomContent('sha256', 2048)
    await pushContent(server, 'a', blob)
    const response = await server.send('GET', `/v2/a/blobs/${blob.digest}`, { headers: { range } })
    expect(response.status).toBe(206)
    expect(response.headers.get('content-length')).toBe(String(end - from))
    expect(response.headers.get('content-range')).toBe(`bytes ${from}-${end - 1}/2048`)
    expect(Buffer.from(await response.arrayBuffer())).toEqual(blob.bytes.subarray(from, end))
  })

  it.each(['bytes=500-0', 'bytes=5000-10000'])('answers 416 to the range %s of 2048 bytes [pull-blob-range]', async (range) => {
    const server = await start()
    const blob = randomContent('sha256', 2048)
    await pushContent(server, 'a', blob)
    const response = await server.send('GET', `/v2/a/blobs/${blob.digest}`, { headers: { range } })
    expect([response.status, response.headers.get('content-range')]).toEqual([416, 'bytes */2048'])
  })
})

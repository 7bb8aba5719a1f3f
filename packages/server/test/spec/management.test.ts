import { expect, it } from 'vitest'
import { onEachPair } from '../support/on-each-pair.js'
import { algorithms, contentOf, randomContent } from './support/content.js'
import { descriptorOf, imageType, indexOf } from './support/documents.js'
import { preparedArtifact, preparedImage, pushManifest } from './support/manifests.js'
import { expectAbsent, expectBlob, expectManifest } from './support/pulls.js'
import { referrersOf } from './support/referrers.js'
import { pushContent } from './support/upload-flows.js'

onEachPair('content management', (start) => {
  it('deletes a tag at once, 202, and leaves manifest and other tags [delete-tag-202]', async () => {
    const server = await start()
    const manifest = await preparedImage(server, 'a')
    for (const tag of ['v1', 'v2']) await pushManifest(server, 'a', manifest, tag)
    expect((await server.send('DELETE', '/v2/a/manifests/v1')).status).toBe(202)
    await expectAbsent(server, '/v2/a/manifests/v1')
    for (const reference of ['v2', manifest.digest]) await expectManifest(server, 'a', manifest, reference)
    expect(await (await server.send('GET', '/v2/a/tags/list')).json()).toEqual({ name: 'a', tags: ['v2'] })
  })

  it.each(algorithms)('deletes a manifest by its %s digest at once, 202, with every tag that leads to it [delete-manifest-202]', async (algorithm) => {
    const server = await start()
    const manifest = await preparedImage(server, 'a', algorithm)
    await pushManifest(server, 'a', manifest, `${manifest.digest}?tag=v1&tag=v2`)
    expect((await server.send('DELETE', `/v2/a/manifests/${manifest.digest}`)).status).toBe(202)
    for (const reference of ['v1', 'v2', manifest.digest]) await expectAbsent(server, `/v2/a/manifests/${reference}`)
    expect(await (await server.send('GET', '/v2/a/tags/list')).json()).toEqual({ name: 'a', tags: [] })
  })

  it('deletes manifests in either order, whatever names them, and blobs behind them [delete-manifest-202] [delete-blob-202]', async () => {
    const server = await start()
    const image = await pushManifest(server, 'a', await preparedImage(server, 'a'))
    const index = await pushManifest(server, 'a', indexOf([image]))
    const referrer = await pushManifest(server, 'a', await preparedArtifact(server, 'a', { subject: descriptorOf(imageType, image) }))
    for (const { digest } of [image, referrer, index]) {
      expect((await server.send('DELETE', `/v2/a/manifests/${digest}`)).status).toBe(202)
      await expectAbsent(server, `/v2/a/manifests/${digest}`)
    }
    expect((await referrersOf(server, 'a', image.digest)).manifests).toEqual([])
    const { digest } = contentOf('{}')
    expect((await server.send('DELETE', `/v2/a/blobs/${digest}`)).status).toBe(202)
    await expectAbsent(server, `/v2/a/blobs/${digest}`)
  })

  it('answers 404 to deleting a manifest where there is no such repository, tag or manifest [delete-manifest-404]', async () => {
    const server = await start()
    await pushManifest(server, 'a', await preparedImage(server, 'a'))
    for (const path of ['nobody/manifests/v1', `nobody/manifests/${randomContent().digest}`, 'a/manifests/v1', `a/manifests/${randomContent().digest}`]) {
      expect((await server.send('DELETE', `/v2/${path}`)).status).toBe(404)
    }
  })

  it.each(algorithms)('deletes a %s blob at once, 202, and takes it again [delete-blob-202]', async (algorithm) => {
    const server = await start()
    const blob = randomContent(algorithm)
    await pushContent(server, 'a', blob)
    expect((await server.send('DELETE', `/v2/a/blobs/${blob.digest}`)).status).toBe(202)
    await expectAbsent(server, `/v2/a/blobs/${blob.digest}`)
    await pushContent(server, 'a', blob)
    await expectBlob(server, 'a', blob)
  })

  it('answers 404 to deleting a blob that was never there, is gone, or is in another repository [delete-blob-404]', async () => {
    const server = await start()
    const [gone, elsewhere] = [randomContent(), randomContent()]
    await pushContent(server, 'a', gone)
    await pushContent(server, 'b', elsewhere)
    await server.send('DELETE', `/v2/a/blobs/${gone.digest}`)
    for (const { digest } of [randomContent(), gone, elsewhere]) {
      expect((await server.send('DELETE', `/v2/a/blobs/${digest}`)).status).toBe(404)
    }
    await expectBlob(server, 'b', elsewhere)
  })

  it('answers 405 where deletes are switched off, and deletes nothing [delete-tag-disabled] [delete-manifest-disabled] [delete-blob-disabled]', async () => {
    const server = await start({ deletes: false })
    const blob = randomContent()
    await pushContent(server, 'a', blob)
    const manifest = await pushManifest(server, 'a', await preparedImage(server, 'a'), 'v1')
    for (const path of ['manifests/v1', `manifests/${manifest.digest}`, `blobs/${blob.digest}`]) {
      expect((await server.send('DELETE', `/v2/a/${path}`)).status).toBe(405)
    }
    for (const reference of ['v1', manifest.digest]) await expectManifest(server, 'a', manifest, reference)
    await expectBlob(server, 'a', blob)
  })
})

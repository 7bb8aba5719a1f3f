import { expect, it } from 'vitest'
import { onEachPair } from '../support/on-each-pair.js'
import { blobOf, errorCodes, imageManifest, imageType, pushBlob, pushedImage, randomBlob, type TestServer } from '../support/test-server.js'
import { descriptorOf, pushManifest } from './support/manifests.js'
import { append, expectBlob, sha512Of, startSession } from './support/uploads.js'

async function statusesOf({ send }: TestServer, paths: readonly string[]): Promise<readonly number[]> {
  return Promise.all(paths.map(async (path) => (await send('HEAD', path)).status))
}

type Push = (server: TestServer, bytes: Buffer, digest: string) => Promise<Response>

const inOnePost: Push = (server, body, digest) => server.send('POST', `/v2/a/b/blobs/uploads/?digest=${digest}`, { body })

const inThePut: Push = async (server, body, digest) => server.send('PUT', `${await startSession(server)}?digest=${digest}`, { body })

const inChunks: Push = async (server, bytes, digest) => {
  const location = await startSession(server)
  for (const start of [0, 400]) await append(server, location, bytes.subarray(start, start + 400), `${start}-${start + 399}`)
  await append(server, location, bytes.subarray(800))
  return server.send('PUT', `${location}?digest=${digest}`)
}

const toldBefore: Push = async (server, bytes, digest) => {
  const location = await startSession(server, 'a/b', '?digest-algorithm=sha512')
  await append(server, location, bytes.subarray(0, 500))
  return server.send('PUT', `${location}?digest=${digest}`, { headers: { 'content-range': '500-999' }, body: bytes.subarray(500) })
}

onEachPair('sha512', (start) => {
  it.each([
    ['one POST', inOnePost],
    ['a PUT of the whole', inThePut],
    ['chunks and an empty PUT', inChunks],
    ['a session that was told before', toldBefore],
  ])('is taken for a blob of %s, which is not known by its sha256 [P13]', async (_way, push) => {
    const server = await start()
    const blob = randomBlob(1000)
    const digest = sha512Of(blob.bytes)
    const pushed = await push(server, blob.bytes, digest)
    expect([pushed.status, pushed.headers.get('location')]).toEqual([201, `/v2/a/b/blobs/${digest}`])
    expect(pushed.headers.get('docker-content-digest')).toBe(digest)
    await expectBlob(server, 'a/b', digest)
    expect(await statusesOf(server, [`/v2/a/b/blobs/${digest}`, `/v2/a/b/blobs/${blob.digest}`])).toEqual([200, 404])
    const head = await server.send('HEAD', `/v2/a/b/blobs/${digest}`)
    expect([head.headers.get('docker-content-digest'), head.headers.get('etag')]).toEqual([digest, `"${digest}"`])
    await pushBlob(server, 'a/b', blob)
    expect(await statusesOf(server, [`/v2/a/b/blobs/${digest}`, `/v2/a/b/blobs/${blob.digest}`])).toEqual([200, 200])
  })

  it('may be told before and not be used after all, and the other way round [P13]', async () => {
    const server = await start()
    const blob = randomBlob(1000)
    for (const [told, digest] of [['sha512', blob.digest], ['sha256', sha512Of(blob.bytes)]] as const) {
      const location = await startSession(server, 'a/b', `?digest-algorithm=${told}`)
      await append(server, location, blob.bytes)
      expect((await server.send('PUT', `${location}?digest=${digest}`)).status).toBe(201)
      await expectBlob(server, 'a/b', digest)
    }
    const refused = await server.send('POST', '/v2/a/b/blobs/uploads/?digest-algorithm=md5')
    expect([refused.status, await errorCodes(refused)]).toEqual([400, ['DIGEST_INVALID']])
  })

  it('is known to mounts by itself alone [P13]', async () => {
    const server = await start()
    const blob = randomBlob()
    const digest = sha512Of(blob.bytes)
    await server.send('POST', `/v2/a/blobs/uploads/?digest=${digest}`, { body: blob.bytes })
    expect((await server.send('POST', `/v2/b/blobs/uploads/?mount=${blob.digest}&from=a`)).status).toBe(202)
    expect((await server.send('POST', `/v2/b/blobs/uploads/?mount=${digest}&from=a`)).status).toBe(201)
    await expectBlob(server, 'b', digest)
  })

  it('is taken for a manifest and for tags that lead to it, and the sha256 of it is not known [P13]', async () => {
    const server = await start()
    const image = await pushedImage(server, 'a')
    const digest = sha512Of(image.bytes)
    const put = await pushManifest(server, `${digest}?tag=v1&tag=v2`, image)
    expect([put.status, put.headers.get('docker-content-digest'), put.headers.get('location')]).toEqual([201, digest, `/v2/a/manifests/${digest}`])
    for (const reference of ['v1', 'v2', digest]) {
      for (const method of ['GET', 'HEAD']) {
        const response = await server.send(method, `/v2/a/manifests/${reference}`)
        expect([response.status, response.headers.get('docker-content-digest')]).toEqual([200, digest])
        expect(response.headers.get('content-length')).toBe(String(image.bytes.length))
        if (method === 'GET') expect(await response.text()).toBe(image.bytes.toString())
      }
    }
    const other = await server.send('GET', `/v2/a/manifests/${image.digest}`)
    expect([other.status, await errorCodes(other)]).toEqual([404, ['MANIFEST_UNKNOWN']])
    // Pushed by tag it has its sha256, and the tag moves to that one.
    expect((await pushManifest(server, 'v2', image)).headers.get('docker-content-digest')).toBe(image.digest)
    const heads = await Promise.all(['v1', 'v2'].map((tag) => server.send('HEAD', `/v2/a/manifests/${tag}`)))
    expect(heads.map(({ headers }) => headers.get('docker-content-digest'))).toEqual([digest, image.digest])
  })

  it('is taken for the blobs of a manifest, which have to be there under it [P13]', async () => {
    const server = await start()
    const [config, layer] = [blobOf('{}'), randomBlob()]
    const named = { config: { digest: sha512Of(config.bytes), bytes: config.bytes }, layer: { digest: sha512Of(layer.bytes), bytes: layer.bytes } }
    const descriptors = { config: descriptorOf(named.config), layers: [descriptorOf(named.layer)] }
    const manifest = blobOf(JSON.stringify({ schemaVersion: 2, mediaType: imageType, ...descriptors }))
    for (const blob of [config, layer]) await pushBlob(server, 'a', blob)
    const refused = await pushManifest(server, 'v1', manifest)
    expect([refused.status, await errorCodes(refused)]).toEqual([400, ['MANIFEST_BLOB_UNKNOWN', 'MANIFEST_BLOB_UNKNOWN']])
    for (const { digest, bytes } of Object.values(named)) {
      expect((await server.send('POST', `/v2/a/blobs/uploads/?digest=${digest}`, { body: bytes })).status).toBe(201)
    }
    expect((await pushManifest(server, 'v1', manifest)).status).toBe(201)
  })

  it('is taken for a subject, whose referrers are known under it alone [P13]', async () => {
    const server = await start()
    const image = await pushedImage(server, 'a')
    const subject = sha512Of(image.bytes)
    await pushManifest(server, subject, image)
    const { bytes: referrer } = imageManifest(blobOf('{}'), [], { subject: descriptorOf({ digest: subject, bytes: image.bytes }) })
    const digest = sha512Of(referrer)
    const put = await pushManifest(server, digest, { bytes: referrer })
    expect([put.status, put.headers.get('oci-subject')]).toEqual([201, subject])
    const lists = await Promise.all([subject, image.digest].map(async (of) => (await server.send('GET', `/v2/a/referrers/${of}`)).json()))
    expect(lists).toMatchObject([{ manifests: [{ digest, size: referrer.length }] }, { manifests: [] }])
  })
})

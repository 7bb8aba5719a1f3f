import { expect, it } from 'vitest'
import { onEachPair } from '../support/on-each-pair.js'
import { blobOf, errorCodes, imageManifest, imageType, pushBlob, pushedImage, randomBlob, type TestBlob, type TestServer } from '../support/test-server.js'
import { descriptorOf, dockerType, imageIndex, indexType, pushManifest } from './support/manifests.js'
import { answerTo, openRequest } from './support/requests.js'

/** The manifest, read by tag and by digest. */
async function expectManifest({ send }: TestServer, references: readonly string[], { bytes, digest }: TestBlob, mediaType: string): Promise<void> {
  for (const reference of references) {
    const response = await send('GET', `/v2/a/manifests/${reference}`)
    expect([response.status, response.headers.get('content-type')], reference).toEqual([200, mediaType])
    expect(response.headers.get('docker-content-digest'), reference).toBe(digest)
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true)
  }
}

onEachPair('manifests', (start) => {
  it('come back byte for byte, with the media type they were pushed with and no parameters [P19]', async () => {
    const server = await start()
    const image = await pushedImage(server, 'a')
    const text = image.bytes.toString()
    const annotated = text.replace(/}$/, ',"annotations":{"title":"ä\u{1f600}\\u00e4\\/"}}')
    // White space, orders and escapes that a document which is written anew would lose; and one that no row has room for.
    const texts = [
      text, annotated.replace('{', '{ \n\t'), `${annotated}\r\n \n`, text.replace('"schemaVersion":2', '"schemaVersion":2.0e0'),
      text.replace('{', `{${' '.repeat(1_000_000)}`),
    ]
    for (const [n, own] of texts.entries()) {
      const manifest = blobOf(own)
      for (const contentType of [imageType, `${imageType}; charset=utf-8`, `${imageType};q="a;b" ; x=y`]) {
        const put = await pushManifest(server, `v${n}`, manifest, contentType)
        expect([put.status, put.headers.get('docker-content-digest')]).toEqual([201, manifest.digest])
        await expectManifest(server, [`v${n}`, manifest.digest], manifest, imageType)
      }
    }
    const index = imageIndex([descriptorOf(image)])
    await pushManifest(server, 'index', index, `${indexType}; charset=utf-8`)
    await expectManifest(server, ['index', index.digest], index, indexType)
  })

  it('are refused with each of the blobs that are missing [P24]', async () => {
    const server = await start()
    const [config, layer, other] = [randomBlob(), randomBlob(), randomBlob()]
    await pushBlob(server, 'a', layer)
    await pushBlob(server, 'elsewhere', other)
    const put = await pushManifest(server, 'v1', imageManifest(config, [layer, other, other]))
    expect(put.status).toBe(400)
    const { errors } = (await put.json()) as { errors: { code: string; detail: unknown }[] }
    expect(errors.map(({ code, detail }) => ({ code, detail }))).toEqual([
      { code: 'MANIFEST_BLOB_UNKNOWN', detail: { digest: config.digest } },
      { code: 'MANIFEST_BLOB_UNKNOWN', detail: { digest: other.digest } },
    ])
    expect((await server.send('GET', '/v2/a/tags/list')).status).toBe(404)
  })

  it('are refused with a hundred of the blobs that are missing where there are more [P24]', async () => {
    const server = await start()
    const config = blobOf('{}')
    await pushBlob(server, 'a', config)
    for (const count of [99, 100, 101, 150]) {
      const layers = Array.from({ length: count }, (_, n) => blobOf(`layer ${n}`))
      const put = await pushManifest(server, 'v1', imageManifest(config, layers))
      expect(put.status).toBe(400)
      const { errors } = (await put.json()) as { errors: { code: string; detail: unknown }[] }
      expect(errors.map(({ code, detail }) => ({ code, detail }))).toEqual(
        layers.slice(0, 100).map(({ digest }) => ({ code: 'MANIFEST_BLOB_UNKNOWN', detail: { digest } })),
      )
    }
  })

  it('may name manifests and a subject that are not there [P24]', async () => {
    const server = await start()
    const config = blobOf('{}')
    await pushBlob(server, 'a', config)
    const sparse = imageIndex([descriptorOf(randomBlob()), descriptorOf(randomBlob(), indexType)])
    expect((await pushManifest(server, 'sparse', sparse, indexType)).status).toBe(201)
    await expectManifest(server, ['sparse', sparse.digest], sparse, indexType)
    const about = imageManifest(config, [], { subject: descriptorOf(randomBlob()) })
    expect((await pushManifest(server, 'about', about)).status).toBe(201)
    await expectManifest(server, ['about', about.digest], about, imageType)
  })

  it('are answered with their subject, images and indexes [P26]', async () => {
    const server = await start()
    const image = await pushedImage(server, 'a')
    expect((await pushManifest(server, 'v1', image)).headers.get('oci-subject')).toBeNull()
    const config = blobOf('{}')
    for (const subject of [image, randomBlob()]) {
      const more = { subject: descriptorOf(subject) }
      const docker = imageManifest(config, [], { ...more, mediaType: dockerType })
      for (const [manifest, type] of [[imageManifest(config, [], more), imageType], [docker, dockerType], [imageIndex([], more), indexType]] as const) {
        for (const reference of [manifest.digest, 'tag', `${manifest.digest}?tag=other`]) {
          const put = await pushManifest(server, reference, manifest, type)
          expect([put.status, put.headers.get('oci-subject')], `${type} as ${reference}`).toEqual([201, subject.digest])
        }
      }
    }
  })

  it('are served as they are stored, whatever Accept says, and do not vary [P28]', async () => {
    const server = await start()
    const image = await pushedImage(server, 'a')
    const docker = blobOf(image.bytes.toString().replace(imageType, dockerType))
    const index = imageIndex([descriptorOf(image)])
    const accepts = [
      undefined, '', '*/*', 'application/*', imageType, indexType, dockerType, `${imageType};q=0`, `${dockerType};q=0.5, ${indexType};q=0.1`,
      'text/html', 'nonsense', ',;=', 'application/vnd.docker.distribution.manifest.v1+prettyjws', [imageType, indexType, '*/*;q=0'],
    ]
    for (const [manifest, type] of [[image, imageType], [docker, dockerType], [index, indexType]] as const) {
      await pushManifest(server, 'v1', manifest, type)
      for (const accept of accepts) {
        for (const reference of ['v1', manifest.digest]) {
          for (const method of ['GET', 'HEAD']) {
            const answer = await answerTo(openRequest(server, method, `/v2/a/manifests/${reference}`, accept === undefined ? {} : { accept }).end())
            const { 'content-type': contentType, 'docker-content-digest': digest, vary } = answer.headers
            expect([answer.statusCode, contentType, digest, vary], `${method} with ${String(accept)}`).toEqual([200, type, manifest.digest, undefined])
            const bytes = Buffer.concat((await answer.toArray()) as Buffer[])
            expect(bytes.equals(method === 'GET' ? manifest.bytes : Buffer.alloc(0))).toBe(true)
          }
        }
      }
    }
  })

  it('tell HEAD their length, media type and digest [P29]', async () => {
    const server = await start()
    const image = await pushedImage(server, 'a')
    const index = imageIndex([], { annotations: { long: 'ä'.repeat(500_000) } })
    for (const [manifest, type] of [[image, imageType], [index, indexType]] as const) {
      await pushManifest(server, 'v1', manifest, type)
      for (const reference of ['v1', manifest.digest, encodeURIComponent(manifest.digest)]) {
        const head = await server.send('HEAD', `/v2/a/manifests/${reference}`)
        expect([head.status, head.headers.get('content-length'), head.headers.get('content-type'), head.headers.get('docker-content-digest')]).toEqual([
          200,
          String(manifest.bytes.length),
          type,
          manifest.digest,
        ])
        expect(await head.text()).toBe('')
      }
    }
  })

  it('have a location that names their digest, however they were pushed [P30]', async () => {
    const server = await start()
    const manifest = await pushedImage(server, 'a')
    for (const reference of ['v1', manifest.digest, encodeURIComponent(manifest.digest), `${manifest.digest}?tag=v2`]) {
      const put = await pushManifest(server, reference, manifest)
      expect([put.status, put.headers.get('location')], reference).toEqual([201, `/v2/a/manifests/${manifest.digest}`])
      await expectManifest(server, [put.headers.get('location')!.replace('/v2/a/manifests/', '')], manifest, imageType)
    }
  })

  it('are named by a digest wherever there is a colon, and never by a tag [P30]', async () => {
    const server = await start()
    const manifest = await pushedImage(server, 'a')
    const references = ['latest:1', 'latest%3A1', ':', 'a:', ':a', 'sha256:abc', `sha256:${'g'.repeat(64)}`, `md5:${'0'.repeat(32)}`]
    for (const reference of [...references, manifest.digest.toUpperCase()]) {
      const put = await pushManifest(server, reference, manifest)
      expect([put.status, await errorCodes(put)], reference).toEqual([400, ['DIGEST_INVALID']])
      const get = await server.send('GET', `/v2/a/manifests/${reference}`)
      expect([get.status, await errorCodes(get)], reference).toEqual([400, ['DIGEST_INVALID']])
    }
    const tagged = await pushManifest(server, `${manifest.digest}?tag=latest:1`, manifest)
    expect([tagged.status, await errorCodes(tagged)]).toEqual([400, ['TAG_INVALID']])
    expect((await server.send('GET', '/v2/a/tags/list')).status).toBe(404)
  })

  it('that are pushed again are 201, and nothing changes [P31]', async () => {
    const writes: string[] = []
    const server = await start({
      wrap: (driver) => ({
        ...driver,
        put: (key, body, options) => {
          writes.push(`put ${key}`)
          return driver.put(key, body, options)
        },
        delete: (keys, options) => {
          writes.push(...keys.map((key) => `delete ${key}`))
          return driver.delete(keys, options)
        },
      }),
    })
    const image = await pushedImage(server, 'a')
    const large = imageIndex([descriptorOf(image)], { subject: descriptorOf(image), annotations: { long: 'x'.repeat(1_000_000) } })
    const push = async (): Promise<readonly (readonly [status: number, headers: unknown])[]> => {
      const answers = [
        await pushManifest(server, 'v1', image),
        await pushManifest(server, image.digest, image),
        await pushManifest(server, `${image.digest}?tag=v1&tag=v2`, image),
        await pushManifest(server, 'large', large, indexType),
        await pushManifest(server, large.digest, large, indexType),
      ]
      return answers.map(({ status, headers }) => [status, Object.fromEntries([...headers].filter(([name]) => name !== 'date'))] as const)
    }
    const state = async (): Promise<unknown> => {
      await server.registry.settled()
      const objects: unknown[] = []
      for await (const object of server.driver.list()) objects.push(object)
      const lists = ['/v2/a/tags/list', '/v2/_catalog', `/v2/a/referrers/${image.digest}`].map(async (path) => (await server.send('GET', path)).text())
      return { objects, lists: await Promise.all(lists) }
    }
    const [answers, before] = [await push(), await state()]
    expect(answers.map(([status]) => status)).toEqual(answers.map(() => 201))
    writes.length = 0
    for (let round = 0; round < 3; round++) {
      expect(await push()).toEqual(answers)
      expect(await state()).toEqual(before)
    }
    expect(writes).toEqual([])
  })

  it('are unknown where they were not pushed', async () => {
    const server = await start()
    const manifest = await pushedImage(server, 'a')
    await pushManifest(server, 'v1', manifest)
    const absent = randomBlob().digest
    const cases = [['a/manifests/v2', 'MANIFEST_UNKNOWN'], [`a/manifests/${absent}`, 'MANIFEST_UNKNOWN'], ['b/manifests/v1', 'NAME_UNKNOWN']] as const
    for (const [path, code] of cases) {
      const response = await server.send('GET', `/v2/${path}`)
      expect([response.status, await errorCodes(response)], path).toEqual([404, [code]])
    }
  })
})

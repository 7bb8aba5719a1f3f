import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { onEachPair } from '../support/on-each-pair.js'
import { blobOf, errorCodes, imageManifest, imageType, pushBlob, pushedImage, randomBlob, type TestBlob } from '../support/test-server.js'
import { descriptorOf, dockerListType, dockerType, imageIndex, indexType, pushManifest } from './support/manifests.js'

const config = blobOf('{}')
const configType = 'application/vnd.oci.image.config.v1+json'
const emptyType = 'application/vnd.oci.empty.v1+json'
const digest = `sha256:${'0'.repeat(64)}`

/** The document with other text in it. */
function replaced({ bytes }: TestBlob, find: string | RegExp, replace: string): TestBlob {
  const [before, after] = [bytes.toString(), bytes.toString().replace(find, replace)]
  if (before === after) throw new Error(`there is no ${String(find)} in ${before}`)
  return blobOf(after)
}

onEachPair('kinds of manifests', (start) => {
  it('need not be told by the document, but by the Content-Type [P20]', async () => {
    const server = await start()
    const image = replaced(await pushedImage(server, 'a'), /"mediaType":"[^"]*",/, '')
    const list = blobOf(JSON.stringify({ schemaVersion: 2, manifests: [] }))
    for (const [manifest, type] of [[image, imageType], [image, dockerType], [list, indexType], [list, dockerListType]] as const) {
      expect((await pushManifest(server, `${type.length}`, manifest, type)).status, type).toBe(201)
    }
    const get = await server.send('GET', `/v2/a/manifests/${imageType.length}`)
    expect([get.headers.get('content-type'), await get.text()]).toEqual([imageType, image.bytes.toString()])
  })

  it('are refused where the document is another than the Content-Type says [P20]', async () => {
    const server = await start()
    const image = await pushedImage(server, 'a')
    const index = imageIndex([])
    const cases: readonly (readonly [TestBlob, string])[] = [
      [image, dockerType], [image, indexType], [image, dockerListType], [index, imageType], [index, dockerListType], [index, 'application/json'],
      ...['application/json', '', `${imageType};x=y`, imageType.toUpperCase()].map((own) => [replaced(image, imageType, own), imageType] as const),
      ...['7', 'null', '{}'].map((own) => [replaced(image, `"${imageType}"`, own), imageType] as const),
    ]
    for (const [manifest, type] of cases) {
      const put = await pushManifest(server, 'v1', manifest, type)
      expect([put.status, await errorCodes(put)], `${manifest.bytes.toString()} as ${type}`).toEqual([400, ['MANIFEST_INVALID']])
    }
    expect((await server.send('GET', '/v2/a/tags/list')).status).toBe(404)
  })

  it('are refused where they could be read as an image and as an index [P20]', async () => {
    const server = await start()
    const image = await pushedImage(server, 'a')
    const documents = [
      replaced(image, /}$/, ',"manifests":[]}'), replaced(image, /}$/, ',"manifests":null}'), imageIndex([], { layers: [] }),
      imageIndex([], { config: descriptorOf(config) }), imageIndex([], { layers: null }), replaced(imageIndex([], { layers: [] }), /"mediaType":"[^"]*",/, ''),
    ]
    for (const document of documents) {
      for (const type of [imageType, indexType]) {
        const put = await pushManifest(server, 'v1', document, type)
        expect([put.status, await errorCodes(put)], document.bytes.toString()).toEqual([400, ['MANIFEST_INVALID']])
      }
    }
  })

  it('are refused where a field comes twice or in another case [P20]', async () => {
    const server = await start()
    const image = await pushedImage(server, 'a')
    const added = [
      '"Layers":[]', '"LAYERS":[]', '"Config":{}', '"Manifests":[]', '"mediatype":"x"', '"SchemaVersion":2', '"Subject":{}', '"ArtifactType":"x"',
      '"Annotations":{}', '"layers":[]', '"config":{}', '"mediaType":"x"', `"mediaType":"${imageType}"`, '"schemaVersion":2', '"schemaVersion":1',
      // The same names, escaped.
      '"\\u006cayers":[]', '"\\u004cayers":[]', '"media\\u0054ype":"x"', '"layers" \n:[]',
    ]
    for (const field of added) {
      for (const document of [replaced(image, /}$/, `,${field}}`), replaced(image, /^{/, `{${field},`)]) {
        const put = await pushManifest(server, 'v1', document)
        expect([put.status, await errorCodes(put)], field).toEqual([400, ['MANIFEST_INVALID']])
      }
    }
    for (const field of ['"subject":null,"subject":null', '"annotations":{},"annotations":{}', '"artifactType":"x","artifactType":"x"']) {
      expect((await pushManifest(server, 'v1', replaced(image, /}$/, `,${field}}`))).status, field).toBe(400)
    }
    // Below the top, in annotations and in strings such names are like any other.
    const harmless = replaced(image, /}$/, ',"annotations":{"Layers":"\\"layers\\":[]","layers":"x"},"x":{"layers":1,"Layers":2,"mediaType":3}}')
    expect((await pushManifest(server, 'v1', harmless)).status).toBe(201)
  })

  it('are OCI images and indexes, and the schema 2 and lists of Docker [P21]', async () => {
    const server = await start()
    const image = await pushedImage(server, 'a')
    const index = imageIndex([descriptorOf(image)])
    const [docker, list] = [replaced(image, imageType, dockerType), replaced(index, indexType, dockerListType)]
    for (const [manifest, type] of [[image, imageType], [docker, dockerType], [index, indexType], [list, dockerListType]] as const) {
      expect((await pushManifest(server, 'v1', manifest, type)).status, type).toBe(201)
      const get = await server.send('GET', '/v2/a/manifests/v1')
      expect([get.headers.get('content-type'), await get.text()]).toEqual([type, manifest.bytes.toString()])
    }
  })

  it('are refused with the list of those that are accepted where they are others [P21]', async () => {
    const server = await start()
    const image = await pushedImage(server, 'a')
    const types = [
      '', 'application/json', 'application/octet-stream', 'text/plain', 'x', 'application/vnd.oci.artifact.manifest.v1+json', `${imageType}x`,
      `${imageType}, ${indexType}`, configType, 'application/vnd.cncf.helm.config.v1+json',
    ]
    for (const type of types) {
      const put = await pushManifest(server, 'v1', replaced(image, /"mediaType":"[^"]*",/, ''), type)
      expect(put.status, type).toBe(400)
      const { errors } = (await put.json()) as { errors: readonly { code: string; message: string }[] }
      expect(errors.map(({ code }) => code)).toEqual(['MANIFEST_INVALID'])
      for (const accepted of [imageType, indexType, dockerType, dockerListType]) expect(errors[0]!.message).toContain(accepted)
    }
    const documents = [
      '', '{', '[]', 'null', '"x"', '7', '{"schemaVersion": 2', '{}', '{"schemaVersion":1}', '{"schemaVersion":2}', '\u0000', '\ufeff{}',
      '{"schemaVersion":"2","manifests":[]}', '{"schemaVersion":2,"config":{"mediaType":"x","digest":"sha256:zz","size":1}}',
    ]
    for (const document of documents) {
      const put = await pushManifest(server, 'v1', blobOf(document))
      expect([put.status, await errorCodes(put)], document).toEqual([400, ['MANIFEST_INVALID']])
    }
  })

  it.each(['application/vnd.docker.distribution.manifest.v1+json', 'application/vnd.docker.distribution.manifest.v1+prettyjws'])(
    'are not %s, which has a word of its own [P21]',
    async (type) => {
      const server = await start()
      const document = blobOf(JSON.stringify({ schemaVersion: 1, name: 'a', tag: 'v1', fsLayers: [], history: [], signatures: [] }))
      const put = await pushManifest(server, 'v1', document, type)
      expect(put.status).toBe(400)
      const { errors } = (await put.json()) as { errors: readonly { code: string; message: string }[] }
      expect(errors).toMatchObject([{ code: 'MANIFEST_INVALID', message: expect.stringContaining('schema 1 is not supported') as unknown }])
    },
  )

  it.each<readonly [string, string, object]>([
    ['with fields that nobody knows', imageType, {
      config: { ...descriptorOf(config, configType), unknown: [1] },
      layers: [],
      unknown: { deep: [1, null, { ['__proto__']: 1 }] },
      'x.y/z': null,
    }],
    ['with media types that nobody knows', imageType, {
      config: descriptorOf(config, 'application/vnd.mine'),
      layers: [descriptorOf(config, 'x/y'), descriptorOf(config, 'text/plain; charset=utf-8')],
    }],
    ['with no layers', imageType, { config: descriptorOf(config, configType), layers: [] }],
    ['without layers', imageType, { config: descriptorOf(config, configType) }],
    ['with an artifact type', imageType, { artifactType: 'application/vnd.mine', config: descriptorOf(config, emptyType), layers: [descriptorOf(config)] }],
    ['with data', imageType, { config: { ...descriptorOf(config, emptyType), data: 'e30=' }, layers: [{ ...descriptorOf(config), data: 'e30=' }] }],
    ['with annotations', imageType, {
      config: { ...descriptorOf(config), annotations: { a: 'b' } },
      layers: [],
      annotations: { 'org.opencontainers.image.title': 'ä\u{1f600}\u2028', '': '', constructor: 'x' },
    }],
    ['that are an empty index', indexType, { manifests: [] }],
    ['that are an empty list of Docker', dockerListType, { manifests: [] }],
    ['that are an index with everything', indexType, {
      artifactType: 'application/vnd.mine',
      manifests: [{
        mediaType: imageType,
        digest,
        size: 7,
        platform: { architecture: 'amd64', os: 'linux', 'os.version': '1', features: ['x'] },
        data: 'e30=',
        annotations: { a: 'b' },
        urls: [],
        artifactType: 'x',
      }],
      annotations: { a: 'b' },
      unknown: true,
    }],
    ['that are an index with a subject', indexType, { manifests: [], subject: { mediaType: imageType, digest, size: 7 } }],
    ['that are an index of indexes', indexType, {
      manifests: [indexType, dockerListType, 'application/vnd.mine'].map((mediaType) => ({ mediaType, digest, size: 7 })),
    }],
  ])('%s are accepted and given back [P22]', async (_what, type, fields) => {
    const server = await start()
    await pushBlob(server, 'a', config)
    const manifest = blobOf(JSON.stringify({ schemaVersion: 2, mediaType: type, ...fields }))
    const put = await pushManifest(server, 'v1', manifest, type)
    expect([put.status, put.headers.get('docker-content-digest')]).toEqual([201, manifest.digest])
    const get = await server.send('GET', '/v2/a/manifests/v1')
    expect([get.headers.get('content-type'), await get.text()]).toEqual([type, manifest.bytes.toString()])
  })

  it('may be nested: an index in an index in an index [P22]', async () => {
    const server = await start()
    const image = await pushedImage(server, 'a')
    const inner = imageIndex([descriptorOf(image)])
    const middle = imageIndex([descriptorOf(inner, indexType), descriptorOf(image)])
    const outer = imageIndex([descriptorOf(middle, indexType)], { subject: descriptorOf(inner, indexType) })
    for (const [manifest, type] of [[image, imageType], [inner, indexType], [middle, indexType], [outer, indexType]] as const) {
      expect((await pushManifest(server, manifest.digest, manifest, type)).status).toBe(201)
      expect(await (await server.send('GET', `/v2/a/manifests/${manifest.digest}`)).text()).toBe(manifest.bytes.toString())
    }
  })

  it('may name layers that nobody may distribute and that are not there, and urls are never followed [P23]', async () => {
    const server = await start()
    let requests = 0
    const elsewhere = createServer((_request, response) => {
      requests++
      response.end('bytes')
    })
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => new Promise<void>((resolve) => elsewhere.close(() => { resolve() })))
    const urls = [`http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/layer`]
    await pushBlob(server, 'a', config)
    const ofOci = 'application/vnd.oci.image.layer.nondistributable.v1.tar'
    const types = [ofOci, `${ofOci}+gzip`, `${ofOci}+zstd`, 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip']
    const absent = blobOf('bytes')
    for (const type of types) {
      const manifest = imageManifest(config, [], { layers: [{ ...descriptorOf(absent, type), urls }, descriptorOf(config)] })
      expect((await pushManifest(server, 'v1', manifest)).status, type).toBe(201)
      expect(await (await server.send('GET', '/v2/a/manifests/v1')).text()).toBe(manifest.bytes.toString())
      for (const method of ['GET', 'HEAD']) expect((await server.send(method, `/v2/a/blobs/${absent.digest}`)).status).toBe(404)
    }
    // Others have to be there, whatever their urls say.
    const layer = { ...descriptorOf(absent, 'application/vnd.oci.image.layer.v1.tar'), urls }
    const refused = await pushManifest(server, 'v2', imageManifest(config, [], { layers: [layer] }))
    expect([refused.status, await errorCodes(refused)]).toEqual([400, ['MANIFEST_BLOB_UNKNOWN']])
    expect((await pushManifest(server, 'v3', imageIndex([{ ...descriptorOf(randomBlob()), urls }]), indexType)).status).toBe(201)
    await server.registry.settled()
    expect(requests).toBe(0)
  })
})

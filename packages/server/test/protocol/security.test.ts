import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { expect, it, onTestFinished } from 'vitest'
import { emptyIndex, indexType, pushManifest, subjectOf } from '../sockets/support/manifests.js'
import { onEachPair } from '../support/on-each-pair.js'
import { blobOf, errorCodes, imageManifest, imageType, pushBlob, randomBlob } from '../support/test-server.js'

const dockerType = 'application/vnd.docker.distribution.manifest.v2+json'

onEachPair('the registry', (start) => {
  it('takes no manifest that could be read as another kind of document [S4]', async () => {
    const server = await start()
    const config = blobOf('{}')
    await pushBlob(server, 'a', config)
    const { schemaVersion, mediaType, ...image } = JSON.parse(imageManifest(config, []).bytes.toString()) as Record<string, unknown>
    expect([schemaVersion, mediaType]).toEqual([2, imageType])
    const cases: readonly (readonly [type: string, document: string])[] = [
      [imageType, JSON.stringify({ schemaVersion, mediaType: indexType, ...image })],
      [imageType, JSON.stringify({ schemaVersion, mediaType: dockerType, ...image })],
      [indexType, JSON.stringify({ schemaVersion, mediaType, manifests: [] })],
      [imageType, JSON.stringify({ schemaVersion, ...image, manifests: [] })],
      [indexType, JSON.stringify({ schemaVersion, manifests: [], layers: [] })],
      [indexType, JSON.stringify({ schemaVersion, manifests: [], config: image['config'] })],
      [imageType, JSON.stringify({ schemaVersion, ...image }).replace('"layers"', '"Layers"')],
      [imageType, JSON.stringify({ schemaVersion, ...image }).replace('"layers":[]', '"layers":[],"layers":[]')],
      [imageType, JSON.stringify({ schemaVersion, ...image }).replace('"layers":[]', '"layers":[],"\\u006cayers":[]')],
      [imageType, JSON.stringify({ schemaVersion, mediaType, ...image }).replace('"mediaType"', '"mediatype"')],
      [imageType, JSON.stringify({ schemaVersion: 1, ...image })],
      ['', JSON.stringify({ schemaVersion, ...image })],
      ['text/html', JSON.stringify({ schemaVersion, ...image })],
    ]
    for (const [type, document] of cases) {
      const pushed = await server.send('PUT', '/v2/a/manifests/v1', { headers: type === '' ? {} : { 'content-type': type }, body: Buffer.from(document) })
      expect([pushed.status, await errorCodes(pushed)], `${type} ${document}`).toEqual([400, ['MANIFEST_INVALID']])
    }
    await pushManifest(server, 'a', 'v1', blobOf(JSON.stringify({ schemaVersion, ...image })), imageType)
    expect((await server.send('GET', '/v2/a/manifests/v1', { headers: { accept: indexType } })).headers.get('content-type')).toBe(imageType)
  })

  it('gives sessions random ids of 128 bits, and knows them in their repository alone [S6]', async () => {
    const server = await start()
    const locations = await Promise.all(Array.from({ length: 100 }, async () => (await server.send('POST', '/v2/a/blobs/uploads/')).headers.get('location')!))
    const ids = locations.map((location) => location.split('/').at(-1)!)
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/)
    expect(new Set(ids).size).toBe(100)
    // Each digit takes each value somewhere: a clock or a counter would not.
    for (let at = 0; at < 32; at++) expect(new Set(ids.map((id) => id[at])).size, `digit ${at}`).toBeGreaterThan(8)

    const id = ids[0]!
    const blob = randomBlob()
    for (const name of ['b', 'a/b', 'aa']) {
      for (const [method, query] of [['GET', ''], ['PATCH', ''], ['PUT', `?digest=${blob.digest}`], ['DELETE', '']] as const) {
        const response = await server.send(method, `/v2/${name}/blobs/uploads/${id}${query}`, method === 'PATCH' || method === 'PUT' ? { body: blob.bytes } : {})
        expect([response.status, await errorCodes(response)], `${method} ${name}`).toEqual([404, ['BLOB_UPLOAD_UNKNOWN']])
      }
    }
    for (const other of [id.toUpperCase(), `${id}0`, id.slice(1), `${id}%00`, '__proto__']) expect((await server.send('GET', `/v2/a/blobs/uploads/${other}`)).status, other).toBe(404)
    expect((await server.send('GET', locations[0]!)).headers.get('range')).toBe('0-0')
  })

  it('takes __proto__, constructor and the like as names like any other [S11]', async () => {
    const server = await start()
    const odd = '{"__proto__":"a","constructor":"b","toString":"c","hasOwnProperty":"d","prototype":"e","__defineGetter__":"f"}'
    const config = blobOf('{}')
    await pushBlob(server, 'a', config)
    const subject = emptyIndex()
    const more = `"annotations":${odd},"__proto__":{"layers":[{"digest":"x"}],"artifactType":"evil"},"constructor":{"prototype":{"polluted":1}},"hasOwnProperty":1,`
    const subjectText = JSON.stringify(subjectOf(subject)).slice(1, -1)
    const image = blobOf(imageManifest(config, []).bytes.toString().replace('{', `{${more}${subjectText},`))
    await pushManifest(server, 'a', 'constructor', image, imageType)
    await pushManifest(server, 'constructor', '__proto__', blobOf(`{"schemaVersion":2,"manifests":[],${more}${subjectText}}`))
    expect(await (await server.send('GET', '/v2/a/manifests/constructor')).text()).toBe(image.bytes.toString())
    expect(await (await server.send('GET', '/v2/constructor/tags/list')).json()).toEqual({ name: 'constructor', tags: ['__proto__'] })
    for (const name of ['a', 'constructor']) {
      const text = await (await server.send('GET', `/v2/${name}/referrers/${subject.digest}`)).text()
      expect(text).toContain(`"annotations":${odd}`)
      expect(text).not.toContain('evil')
    }
    for (const bad of ['{"schemaVersion":2,"__proto__":{"manifests":[]}}', '{"__proto__":{"schemaVersion":2},"manifests":[]}']) {
      const pushed = await server.send('PUT', '/v2/a/manifests/v1', { headers: { 'content-type': indexType }, body: bad })
      expect([pushed.status, await errorCodes(pushed)]).toEqual([400, ['MANIFEST_INVALID']])
    }

    const query = '__proto__=1&constructor=2&toString=3&__proto__[n]=1&constructor[prototype][n]=1'
    const headers = { constructor: 'x', 'has-own-property': 'x', hasownproperty: 'x', tostring: 'x', valueof: 'x' }
    for (const path of ['/v2/a/tags/list', '/v2/_catalog', `/v2/a/referrers/${subject.digest}`, '/v2/a/manifests/constructor']) {
      const [plain, with_] = [await server.send('GET', path), await server.send('GET', `${path}?${query}`, { headers })]
      expect([with_.status, await with_.text()]).toEqual([200, await plain.text()])
    }
    expect((await server.send('POST', `/v2/a/blobs/uploads/?${query}`, { headers })).status).toBe(202)
    for (const method of ['constructor', '__proto__', 'toString']) expect((await server.send(method, '/v2/').catch(() => ({ status: 400 }))).status).toBeGreaterThanOrEqual(400)
    expect(Object.keys(Object.prototype)).toEqual([])
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  it('never follows the urls of descriptors [S13]', async () => {
    let connections = 0
    const foreign = createHttpServer((_request, response) => response.end()).listen(0)
    foreign.on('connection', () => connections++)
    await once(foreign, 'listening')
    onTestFinished(() => {
      foreign.close()
    })
    const urls = [`http://127.0.0.1:${(foreign.address() as AddressInfo).port}/layer`, 'file:///etc/passwd', 'http://169.254.169.254/']
    const server = await start()
    const [config, layer, absent] = [blobOf('{}'), randomBlob(), randomBlob()]
    for (const blob of [config, layer]) await pushBlob(server, 'a', blob)
    const described = (mediaType: string, { digest, bytes }: typeof layer): object => ({ mediaType, digest, size: bytes.length, urls })
    const image = blobOf(JSON.stringify({
      schemaVersion: 2,
      config: described('application/vnd.oci.image.config.v1+json', config),
      layers: [
        described('application/vnd.oci.image.layer.v1.tar', layer),
        described('application/vnd.oci.image.layer.nondistributable.v1.tar+gzip', absent),
        described('application/vnd.docker.image.rootfs.foreign.diff.tar.gzip', randomBlob()),
      ],
      ...subjectOf(layer),
    }))
    await pushManifest(server, 'a', 'v1', image, imageType)
    expect((await server.send('GET', '/v2/a/manifests/v1')).status).toBe(200)
    expect((await server.send('GET', `/v2/a/referrers/${layer.digest}`)).status).toBe(200)
    for (const method of ['GET', 'HEAD']) expect((await server.send(method, `/v2/a/blobs/${absent.digest}`)).status).toBe(404)
    const missing = blobOf(JSON.stringify({ schemaVersion: 2, config: described('x', config), layers: [described('application/vnd.oci.image.layer.v1.tar', absent)] }))
    expect((await server.send('PUT', '/v2/a/manifests/v2', { headers: { 'content-type': imageType }, body: missing.bytes })).status).toBe(400)
    await server.registry.settled()
    expect(connections).toBe(0)
  })
})

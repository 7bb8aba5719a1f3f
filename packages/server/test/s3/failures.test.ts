import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { blobOf, errorCodes, imageManifest, imageType, pushBlob, randomBlob } from '../support/test-server.js'
import { startCountedRegistry } from './support/counted-registry.js'

/** Storage fails whatever it is asked for, behind all attempts, but for deletes behind answers: what becomes of those is the engine's tests' affair. */
const always = { times: Infinity, matches: ({ operation }: { readonly operation: string }) => !operation.startsWith('Delete') } as const
const refusing = { kind: 'error', code: 'SlowDown', ...always } as const

describe('a storage that refuses', () => {
  it('is 503 with Retry-After for whoever needs it, and for nobody else', async () => {
    const registry = await startCountedRegistry({ driver: { retries: 0 } })
    const [config, layer] = [blobOf('{}'), randomBlob()]
    for (const blob of [config, layer]) await pushBlob(registry, 'a', blob)
    const manifest = imageManifest(config, [layer])
    const session = (await registry.send('POST', '/v2/a/blobs/uploads/')).headers.get('location')!
    const headers = { 'content-type': imageType }
    const injected = registry.s3.inject(refusing)

    const needing = [
      ['GET', `/v2/a/blobs/${layer.digest}`],
      ['PATCH', session, { body: 'bytes' }],
      ['PUT', `${session}?digest=${blobOf('bytes').digest}`, { body: 'bytes' }],
      ['POST', `/v2/a/blobs/uploads/?digest=${blobOf('bytes').digest}`, { body: 'bytes' }],
      ['PUT', '/v2/a/manifests/v1', { headers, body: manifest.bytes }],
    ] as const
    for (const [method, path, options] of needing) {
      const response = await registry.send(method, path, options)
      expect([method, response.status, response.headers.get('retry-after'), await errorCodes(response)]).toEqual([method, 503, '5', ['UNAVAILABLE']])
    }
    for (const [method, path] of [['HEAD', `/v2/a/blobs/${layer.digest}`], ['GET', session], ['GET', '/v2/_catalog'], ['GET', '/v2/']] as const) {
      expect([path, (await registry.send(method, path)).ok]).toEqual([path, true])
    }
    injected.remove()
    expect((await registry.send('PUT', '/v2/a/manifests/v1', { headers, body: manifest.bytes })).status).toBe(201)
    expect((await registry.send('GET', '/v2/a/manifests/v1')).status).toBe(200)
  })

  it('is 503 with Retry-After for a GET of a manifest whose text it has, and no matter for a HEAD', async () => {
    const registry = await startCountedRegistry({ driver: { retries: 0 }, policy: { manifestCacheBytes: 0 } })
    const config = blobOf('{}')
    await pushBlob(registry, 'a', config)
    const { bytes } = imageManifest(config, [], { annotations: { note: 'x'.repeat(500_000) } })
    const path = '/v2/a/manifests/large'
    expect((await registry.send('PUT', path, { headers: { 'content-type': imageType }, body: bytes })).status).toBe(201)
    await registry.registry.settled()
    registry.s3.inject(refusing)
    const got = await registry.send('GET', path)
    expect([got.status, got.headers.get('retry-after'), await errorCodes(got)]).toEqual([503, '5', ['UNAVAILABLE']])
    expect((await registry.send('HEAD', path)).status).toBe(200)
  })

  it('a push that fails leaves the session where it was, and goes on there', async () => {
    const registry = await startCountedRegistry({ driver: { retries: 0 } })
    const whole = randomBlob(3000)
    const session = (await registry.send('POST', '/v2/a/blobs/uploads/')).headers.get('location')!
    const patch = (start: number): Promise<Response> =>
      registry.send('PATCH', session, { headers: { 'content-range': `${start}-${start + 999}` }, body: whole.bytes.subarray(start, start + 1000) })
    expect((await patch(0)).status).toBe(202)
    for (const fault of [refusing, { kind: 'reset-request', ...always }, { kind: 'lost-answer', ...always }] as const) {
      const injected = registry.s3.inject(fault)
      expect((await patch(1000)).status).toBe(503)
      injected.remove()
      const status = await registry.send('GET', session)
      expect([status.status, status.headers.get('range')]).toEqual([204, '0-999'])
    }
    expect((await patch(1000)).status).toBe(202)
    expect((await registry.send('PUT', `${session}?digest=${whole.digest}`, { body: whole.bytes.subarray(2000) })).status).toBe(201)
    const read = await registry.send('GET', `/v2/a/blobs/${whole.digest}`)
    expect(blobOf(Buffer.from(await read.arrayBuffer())).digest).toBe(whole.digest)
    await registry.registry.settled()
    // Of the attempts that failed nothing stays.
    expect(registry.s3.objects().filter(({ key }) => key.startsWith('registry/blobs/')).map(({ size }) => size)).toEqual([1000, 1000, 1000])
  })
})

describe('a blob whose bytes break in the middle', () => {
  it('ends the connection, so that nobody takes it for whole', async () => {
    const registry = await startCountedRegistry()
    const blob = randomBlob(2 ** 20)
    await pushBlob(registry, 'a', blob)
    for (const [range, fault] of [
      [undefined, { kind: 'reset-response', operation: 'GetObject' }],
      ['bytes=10-', { kind: 'reset-response', operation: 'GetObject', after: 100_000 }],
    ] as const) {
      registry.s3.inject(fault)
      const sent = request(`${registry.url}/v2/a/blobs/${blob.digest}`, { headers: range === undefined ? {} : { range } }).end()
      const [response] = (await once(sent, 'response')) as [IncomingMessage]
      await expect(text(response)).rejects.toMatchObject({ code: 'ECONNRESET' })
    }
    const whole = await registry.send('GET', `/v2/a/blobs/${blob.digest}`)
    expect(blobOf(Buffer.from(await whole.arrayBuffer())).digest).toBe(blob.digest)
  })
})

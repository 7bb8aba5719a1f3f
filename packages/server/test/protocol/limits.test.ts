import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { emptyIndex, indexType, pushManifest, subjectOf } from '../sockets/support/manifests.js'
import { pagesOf } from '../sockets/support/pages.js'
import { answerTo, rawClient } from '../sockets/support/raw-client.js'
import { onEachPair } from '../support/on-each-pair.js'
import { blobOf, errorCodes, pushBlob, randomBlob, startTestServer, type TestBlob, type TestServer } from '../support/test-server.js'

const mebibytes = 1024 * 1024

async function put({ send }: TestServer, reference: string, text: string | Buffer): Promise<readonly [status: number, codes: readonly string[]]> {
  const response = await send('PUT', `/v2/a/manifests/${reference}`, { headers: { 'content-type': indexType }, body: text })
  return [response.status, response.status === 201 ? [] : await errorCodes(response)]
}

/** An index of this many bytes. */
function indexOf(bytes: number): string {
  const text = emptyIndex().bytes.toString()
  return text.slice(0, -1) + ' '.repeat(bytes - text.length) + '}'
}

function indexWith(descriptors: number): string {
  return emptyIndex({ manifests: Array.from({ length: descriptors }, () => ({ mediaType: 'x', digest: `sha256:${'0'.repeat(64)}`, size: 1 })) }).bytes.toString()
}

function nested(levels: number, [open, close]: readonly [string, string] = ['[', ']']): string {
  return emptyIndex().bytes.toString().replace('{', `{"x":${open.repeat(levels - 1)}${open === '[' ? '' : '1'}${close.repeat(levels - 1)},`)
}

const tagQuery = (digest: string, count: number): string => `${digest}?${Array.from({ length: count }, (_, n) => `tag=t${n}`).join('&')}`
const tooLarge = [413, ['SIZE_INVALID']]
const invalid = [400, ['MANIFEST_INVALID']]

onEachPair('limits', (start) => {
  it('of a manifest are 4 MiB, or what the policy says [S1]', async () => {
    const server = await start()
    expect(await put(server, 'v1', indexOf(4 * mebibytes))).toEqual([201, []])
    expect((await (await server.send('GET', '/v2/a/manifests/v1')).arrayBuffer()).byteLength).toBe(4 * mebibytes)
    expect(await put(server, 'v1', indexOf(4 * mebibytes + 1))).toEqual(tooLarge)
    const small = await start({ policy: { manifestBytes: 1000 } })
    expect([await put(small, 'v1', indexOf(1000)), await put(small, 'v1', indexOf(1001))]).toEqual([[201, []], tooLarge])
    const chunked = await small.send('PUT', '/v2/a/manifests/v1', { headers: { 'content-type': indexType }, body: new Blob([indexOf(1001)]).stream() })
    expect(chunked.status).toBe(413)
  })

  it('of descriptors are 10,000, or what the policy says [S1]', async () => {
    const server = await start()
    expect([await put(server, 'v1', indexWith(10_000)), await put(server, 'v2', indexWith(10_001))]).toEqual([[201, []], tooLarge])
    const small = await start({ policy: { manifestDescriptors: 2 } })
    expect([await put(small, 'v1', indexWith(2)), await put(small, 'v2', indexWith(3))]).toEqual([[201, []], tooLarge])
    const withSubject = emptyIndex({ ...subjectOf(randomBlob()), manifests: (JSON.parse(indexWith(2)) as { manifests: unknown }).manifests })
    expect(await put(small, 'v2', withSubject.bytes)).toEqual(tooLarge)
  })

  it('of nesting are 64 levels, or what the policy says [S1]', async () => {
    const server = await start()
    for (const pair of [['[', ']'], ['{"a":', '}']] as const) {
      expect([await put(server, 'v1', nested(64, pair)), await put(server, 'v2', nested(65, pair))]).toEqual([[201, []], invalid])
    }
    for (const text of ['['.repeat(4 * mebibytes), '{"a":'.repeat(800_000), nested(2_000_000)]) expect(await put(server, 'v2', text)).toEqual(invalid)
    expect(await put(server, 'v2', nested(2).replace('[]', JSON.stringify('['.repeat(100))))).toEqual([201, []])
    const shallow = await start({ policy: { manifestDepth: 3 } })
    expect([await put(shallow, 'v1', nested(3)), await put(shallow, 'v2', nested(4))]).toEqual([[201, []], invalid])
  })

  it('of tags of one push are 256, or what the policy says [S1]', async () => {
    const server = await start()
    const { digest, bytes } = emptyIndex()
    expect(await put(server, tagQuery(digest, 257), bytes)).toEqual(tooLarge)
    expect((await server.send('GET', '/v2/a/tags/list')).status).toBe(404)
    expect(await put(server, tagQuery(digest, 256), bytes)).toEqual([201, []])
    expect((await pagesOf<{ readonly tags: readonly string[] }>(server, '/v2/a/tags/list')).flatMap(({ content }) => content.tags)).toHaveLength(256)
    const small = await start({ policy: { pushTags: 2 } })
    expect([await put(small, tagQuery(digest, 2), bytes), await put(small, tagQuery(digest, 3), bytes)]).toEqual([[201, []], tooLarge])
  })

  it('of upload sessions are about 20,000, or what the policy says, with 429 beyond [S1]', async () => {
    const server = await start({ policy: { uploadSessions: 256 } })
    const statuses: number[] = []
    while (statuses.at(-1) !== 429) statuses.push((await server.send('POST', '/v2/a/blobs/uploads/')).status)
    expect(await server.sessions()).toBe(statuses.length - 1)
    expect(statuses.length).toBeGreaterThan(10)
    expect(statuses.length).toBeLessThanOrEqual(257)
    const other = await start()
    expect(other.registry.policy.uploadSessions).toBe(20_000)
  })

  it('of the life of a session are 24 hours without a byte, or what the policy says, with 404 afterwards [S1]', async () => {
    const server = await start({ policy: { uploadMilliseconds: 0 } })
    const session = (await server.send('POST', '/v2/a/blobs/uploads/')).headers.get('location')!
    for (const method of ['GET', 'PATCH', 'DELETE']) {
      const response = await server.send(method, session)
      expect([response.status, await errorCodes(response)]).toEqual([404, ['BLOB_UPLOAD_UNKNOWN']])
    }
    const other = await start()
    expect(other.registry.policy.uploadMilliseconds).toBe(24 * 3600 * 1000)
  })

  it('of objects of a blob are 64: they are merged when there are more [S1]', async () => {
    const server = await start()
    const session = (await server.send('POST', '/v2/a/blobs/uploads/')).headers.get('location')!
    const bytes = Buffer.from(Array.from({ length: 200 }, (_, n) => n))
    for (const byte of bytes) expect((await server.send('PATCH', session, { body: Buffer.of(byte) })).status).toBe(202)
    const { digest } = blobOf(bytes)
    expect((await server.send('PUT', `${session}?digest=${digest}`)).status).toBe(201)
    await server.registry.settled()
    expect((await server.objects()).filter((key) => key.startsWith('blobs/')).length).toBeLessThanOrEqual(64)
    expect(Buffer.from(await (await server.send('GET', `/v2/a/blobs/${digest}`)).arrayBuffer())).toEqual(bytes)
  })

  it('of names are 255 characters, and of tags 128 [S1]', async () => {
    const server = await start()
    const { bytes } = emptyIndex()
    expect([await put(server, 'T'.repeat(128), bytes), await put(server, 'T'.repeat(129), bytes)]).toEqual([[201, []], [400, ['TAG_INVALID']]])
    expect((await server.send('GET', `/v2/a/manifests/${'T'.repeat(129)}`)).status).toBe(404)
    await pushManifest(server, 'n'.repeat(255), 'v1', emptyIndex())
    for (const method of ['GET', 'PUT', 'DELETE']) expect((await server.send(method, `/v2/${'n'.repeat(256)}/manifests/v1`)).status).toBe(400)
  })

  it('of a page are those of the server, whatever n says, with the next page behind it [S1]', async () => {
    const server = await start({ limits: { pageEntries: 3, referrersBytes: 1000 } })
    const subject = emptyIndex()
    await pushManifest(server, 'a', tagQuery(subject.digest, 5), subject)
    for (let n = 0; n < 8; n++) await pushManifest(server, 'a', emptyIndex({ ...subjectOf(subject), n }).digest, emptyIndex({ ...subjectOf(subject), n }))
    expect((await pagesOf<{ readonly tags: readonly string[] }>(server, '/v2/a/tags/list?n=2147483648')).map(({ content }) => content.tags.length)).toEqual([3, 2])
    const pages = await pagesOf<{ readonly manifests: readonly unknown[] }>(server, `/v2/a/referrers/${subject.digest}`)
    expect(pages.length).toBeGreaterThan(1)
    expect(pages.flatMap(({ content }) => content.manifests)).toHaveLength(8)
  })
})

describe('limits of the server', () => {
  it('are 512 uploads at the same time, or what it is told, with 429 beyond [S1]', async () => {
    for (const uploadsAtOnce of [undefined, 3]) {
      const server = await startTestServer(uploadsAtOnce === undefined ? {} : { limits: { uploadsAtOnce } })
      const most = uploadsAtOnce ?? 512
      const blob = randomBlob(10)
      const { id } = await server.registry.uploads.start('a')
      const clients = Array.from({ length: most }, () => {
        const client = rawClient(server.port)
        client.write(`PUT /v2/a/manifests/v1 HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n`)
        return client
      })
      // Who is told to send has a place.
      await Promise.all(clients.map(async (client) => client.until(/^HTTP\/1\.1 100 /)))
      for (const [method, path] of [['PATCH', `/v2/a/blobs/uploads/${id}`], ['PUT', `/v2/a/blobs/uploads/${id}?digest=${blob.digest}`], ['POST', `/v2/a/blobs/uploads/?digest=${blob.digest}`], ['PUT', '/v2/a/manifests/v1']] as const) {
        const response = await server.send(method, path, { body: blob.bytes })
        expect([response.status, await errorCodes(response)], path).toEqual([429, ['TOOMANYREQUESTS']])
      }
      expect((await server.send('GET', '/v2/')).status).toBe(200)
      // A place is free again however its request ended: by an answer, or by a client that left.
      clients[0]!.write('x'.repeat(10))
      await clients[0]!.until(/HTTP\/1\.1 400 /)
      await pushBlob(server, 'a', blob)
    }
  })

  it('are 64 KiB of request line and headers, or what it is told, with 431 beyond [S1]', async () => {
    const server = await startTestServer()
    const small = await startTestServer({ limits: { headerBytes: 2000 } })
    const ask = async ({ port }: TestServer, path: number, header: number): Promise<string> =>
      (await answerTo(port, `GET /v2/?${'a'.repeat(path)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nA: ${'a'.repeat(header)}\r\n\r\n`)).slice(9, 12)
    expect([await ask(server, 0, 64_000), await ask(server, 64_000, 0), await ask(server, 32_000, 32_000)]).toEqual(['200', '200', '200'])
    expect([await ask(server, 0, 66_000), await ask(server, 66_000, 0), await ask(server, 33_000, 33_000)]).toEqual(['431', '431', '431'])
    expect([await ask(small, 0, 1500), await ask(small, 0, 2500), await ask(small, 2500, 0)]).toEqual(['200', '431', '431'])
    expect((await server.send('GET', '/v2/')).status).toBe(200)
  })

  it('are a time without a byte, after which a connection is closed [S1]', async () => {
    const server = await startTestServer({ idleMilliseconds: 50 })
    for (const text of ['', 'GET /v2/ HT', 'PUT /v2/a/manifests/v1 HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12']) {
      const client = rawClient(server.port)
      client.write(text)
      await client.ended
    }
    expect((await server.send('GET', '/v2/')).status).toBe(200)
  })

  it('hold for what comes compressed, chunked, or without an end [S1]', async () => {
    const server = await startTestServer({ policy: { manifestBytes: 10_000 }, refusedBodyMilliseconds: 100 })
    const client = rawClient(server.port)
    client.write('PUT /v2/a/manifests/v1 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n')
    const send = (): void => {
      if (client.socket.writable) client.socket.write(`1000\r\n${'a'.repeat(0x1000)}\r\n`, send)
    }
    send()
    expect(await client.ended).toMatch(/^HTTP\/1\.1 413 /)
    const digest = `sha256:${createHash('sha256').update('x').digest('hex')}`
    const encoded = await server.send('POST', `/v2/a/blobs/uploads/?digest=${digest}`, { headers: { 'content-encoding': 'gzip' }, body: 'x' })
    expect(encoded.status).toBe(201)
  })
})

onEachPair('manifests and lists in memory', (start) => {
  it('are as many bytes as the operator says, with 429 beyond but for small ones, and again when they are sent [S1]', async () => {
    const server = await start({ limits: { bufferedBytes: 200_000 } })
    const note = (size: number): TestBlob => emptyIndex({ annotations: { note: 'x'.repeat(size) } })
    expect(await put(server, 'large', note(240_000).bytes)).toEqual([429, ['TOOMANYREQUESTS']])
    await pushManifest(server, 'a', 'v1', note(120_000))
    await pushManifest(server, 'a', 'small', note(60_000))
    const slow = rawClient(server.port)
    slow.write('PUT /v2/a/manifests/slow HTTP/1.1\r\nHost: x\r\nContent-Length: 140000\r\nExpect: 100-continue\r\n\r\n')
    await slow.until(/^HTTP\/1\.1 100 /)
    slow.write(' '.repeat(120_000))
    await expect.poll(async () => (await server.send('GET', '/v2/a/manifests/v1')).status, { interval: 5 }).toBe(429)
    for (const [method, tag] of [['HEAD', 'v1'], ['GET', 'small']] as const) expect((await server.send(method, `/v2/a/manifests/${tag}`)).status).toBe(200)
    slow.write(' '.repeat(20_000))
    await slow.until(/HTTP\/1\.1 400 /)
    for (let times = 0; times < 5; times++) expect((await server.send('GET', '/v2/a/manifests/v1')).status).toBe(200)
  })
})

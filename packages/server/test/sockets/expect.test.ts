import { expect, it } from 'vitest'
import { onEachPair } from '../support/on-each-pair.js'
import { blobOf } from '../support/test-server.js'
import { rawClient } from './support/raw-client.js'

const blob = blobOf('0123456789')
const expectation = `Host: x\r\nExpect: 100-continue\r\nContent-Length: ${blob.bytes.length}\r\n\r\n`

onEachPair('Expect: 100-continue', (start) => {
  it('is answered when the body is wanted, and not before [P42]', async () => {
    const server = await start()
    const { id } = await server.registry.uploads.start('a')
    for (const [request, status] of [
      [`PATCH /v2/a/blobs/uploads/${id}`, 202], [`POST /v2/a/blobs/uploads/?digest=${blob.digest}`, 201], ['PUT /v2/a/manifests/v1', 400], [`PUT /v2/a/blobs/uploads/${id}?digest=sha256:${'0'.repeat(64)}`, 400],
    ] as const) {
      const client = rawClient(server.port)
      client.write(`${request} HTTP/1.1\r\n${expectation}`)
      expect(await client.until(/\r\n\r\n/)).toBe('HTTP/1.1 100 Continue\r\n\r\n')
      client.write(blob.bytes)
      const answer = await client.until(/\r\n\r\nHTTP\/1\.1 \d+ [^]*\r\n\r\n/)
      expect(answer, request).toMatch(new RegExp(`^HTTP/1\\.1 100 Continue\r\n\r\nHTTP/1\\.1 ${status} `))
      // The connection goes on: what was sent is no request.
      client.write('GET /v2/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
      expect(await client.ended).toMatch(/HTTP\/1\.1 200 [^]*\{\}$/)
    }
  })

  it.each([
    [404, `PATCH /v2/a/blobs/uploads/${'0'.repeat(32)}`], [404, `PUT /v2/a/blobs/uploads/${'0'.repeat(32)}?digest=${blob.digest}`], [404, 'PUT /nothing'],
    [400, 'PUT /v2/A/manifests/v1'], [400, 'PUT /v2/a/manifests/-bad'], [400, 'POST /v2/a/blobs/uploads/?digest=md5:0'], [405, 'POST /v2/a/manifests/v1'], [405, 'PATCH /v2/'],
  ])('is answered %d without 100 to %s, and the connection closed, so that no body is taken for a request [P42]', async (status, request) => {
    const server = await start()
    const client = rawClient(server.port)
    client.write(`${request} HTTP/1.1\r\n${expectation}`)
    const answer = await client.ended
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(answer).toMatch(/\r\nConnection: close\r\n/i)
    expect(answer).not.toContain('100 Continue')
  })

  it.each([
    [413, 'PUT /v2/a/manifests/v1', { policy: { manifestBytes: 5 } }], [429, 'PUT /v2/a/manifests/v1', { limits: { uploadsAtOnce: 0 } }], [405, 'PUT /v2/a/manifests/v1', { readOnly: true }],
  ] as const)('is answered %d without 100 to %s, where the registry has no room for it, or takes nothing [P42]', async (status, request, options) => {
    const server = await start(options)
    const client = rawClient(server.port)
    client.write(`${request} HTTP/1.1\r\n${expectation}`)
    const answer = await client.ended
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(answer).toMatch(/\r\nConnection: close\r\n/i)
  })

  it('is answered 416 without 100 where a chunk is out of place [P42]', async () => {
    const server = await start()
    const { id } = await server.registry.uploads.start('a')
    const client = rawClient(server.port)
    client.write(`PATCH /v2/a/blobs/uploads/${id} HTTP/1.1\r\nContent-Range: 5-14\r\n${expectation}`)
    expect(await client.ended).toMatch(/^HTTP\/1\.1 416 [^]*range: 0-0\r\n/i)
  })

  it('means nothing from a client of HTTP/1.0, which knows no such answer [P42]', async () => {
    const server = await start()
    const client = rawClient(server.port)
    client.write(`POST /v2/a/blobs/uploads/?digest=${blob.digest} HTTP/1.0\r\n${expectation}${blob.bytes.toString()}`)
    expect(await client.ended).toMatch(/^HTTP\/1\.1 201 /)
  })
})

import { Readable } from 'node:stream'
import { request as httpRequest } from 'node:http'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { blobOf, errorCodes, pushBlob, randomBlob, startTestServer, type TestServer } from './support/test-server.js'

async function startSession({ send }: TestServer, repository = 'a/b'): Promise<string> {
  const response = await send('POST', `/v2/${repository}/blobs/uploads/`)
  expect(response.status).toBe(202)
  return response.headers.get('location')!
}

async function expectBlob({ send }: TestServer, repository: string, digest: string): Promise<void> {
  const response = await send('GET', `/v2/${repository}/blobs/${digest}`)
  expect(response.status).toBe(200)
  expect(blobOf(Buffer.from(await response.arrayBuffer())).digest).toBe(digest)
}

describe('uploads', () => {
  it('takes a blob as docker sends it: POST, one chunked PATCH, an empty PUT, and then a HEAD', async () => {
    const server = await startTestServer()
    const blob = randomBlob(300_000)
    const location = await startSession(server)
    const patched = await server.send('PATCH', location, { body: Readable.toWeb(Readable.from([blob.bytes])) as ReadableStream })
    expect(patched.status).toBe(202)
    expect(patched.headers.get('range')).toBe('0-299999')
    const closed = await server.send('PUT', `${patched.headers.get('location')!}?digest=${encodeURIComponent(blob.digest)}`)
    expect(closed.status).toBe(201)
    expect(closed.headers.get('location')).toBe(`/v2/a/b/blobs/${blob.digest}`)
    expect(closed.headers.get('docker-content-digest')).toBe(blob.digest)
    const head = await server.send('HEAD', `/v2/a/b/blobs/${blob.digest}`)
    expect(head.status).toBe(200)
    expect(head.headers.get('content-length')).toBe('300000')
    await expectBlob(server, 'a/b', blob.digest)
  })

  it('takes a blob as containerd and oras send it: POST, then PUT with the whole body', async () => {
    const server = await startTestServer()
    const blob = randomBlob()
    await pushBlob(server, 'a', blob)
    await expectBlob(server, 'a', blob.digest)
  })

  it('takes a blob in one POST', async () => {
    const server = await startTestServer()
    const blob = randomBlob()
    const response = await server.send('POST', `/v2/a/blobs/uploads/?digest=${blob.digest}`, { body: blob.bytes })
    expect(response.status).toBe(201)
    await expectBlob(server, 'a', blob.digest)
  })

  it('leaves no session behind a POST of a whole blob that it refuses', async () => {
    const server = await startTestServer()
    const response = await server.send('POST', `/v2/a/blobs/uploads/?digest=${randomBlob().digest}`, { body: 'other bytes' })
    expect([response.status, await errorCodes(response)]).toEqual([400, ['DIGEST_INVALID']])
    await server.registry.settled()
    expect([...server.storage.keys()]).toEqual(['registry.json'])
    expect(server.sessions()).toBe(0)
  })

  it('forgets a session that is cancelled, with its bytes', async () => {
    const server = await startTestServer()
    const location = await startSession(server)
    await server.send('PATCH', location, { body: 'some bytes' })
    expect((await server.send('DELETE', location)).status).toBe(204)
    for (const method of ['GET', 'DELETE']) expect((await server.send(method, location)).status).toBe(404)
    await server.registry.settled()
    expect([...server.storage.keys()]).toEqual(['registry.json'])
  })

  it('takes chunks with their places, the last one in the PUT', async () => {
    const server = await startTestServer()
    const blob = randomBlob(300)
    let location = await startSession(server)
    for (const start of [0, 100]) {
      const headers = { 'content-range': `${start}-${start + 99}` }
      const response = await server.send('PATCH', location, { headers, body: blob.bytes.subarray(start, start + 100) })
      expect(response.status).toBe(202)
      expect(response.headers.get('range')).toBe(`0-${start + 99}`)
      location = response.headers.get('location')!
    }
    const closed = await server.send('PUT', `${location}?digest=${blob.digest}`, { headers: { 'content-range': '200-299' }, body: blob.bytes.subarray(200) })
    expect(closed.status).toBe(201)
    await expectBlob(server, 'a/b', blob.digest)
  })

  it('answers 416 to a chunk out of place, in a PATCH and in the PUT, and the session goes on where it stood', async () => {
    const server = await startTestServer()
    const blob = randomBlob(20)
    const location = await startSession(server)
    await server.send('PATCH', location, { headers: { 'content-range': '0-9' }, body: blob.bytes.subarray(0, 10) })
    const misplaced = { headers: { 'content-range': '12-19' }, body: blob.bytes.subarray(12) }
    for (const response of [await server.send('PATCH', location, misplaced), await server.send('PUT', `${location}?digest=${blob.digest}`, misplaced)]) {
      expect(response.status).toBe(416)
      expect(response.headers.get('range')).toBe('0-9')
      expect(response.headers.get('location')).toBe(location)
    }
    const status = await server.send('GET', location)
    expect([status.status, status.headers.get('range')]).toEqual([204, '0-9'])
    const closed = await server.send('PUT', `${location}?digest=${blob.digest}`, { headers: { 'content-range': '10-19' }, body: blob.bytes.subarray(10) })
    expect(closed.status).toBe(201)
  })

  it('refuses a chunk whose place and length disagree, and stores none of it', async () => {
    const server = await startTestServer()
    const location = await startSession(server)
    const response = await server.send('PATCH', location, { headers: { 'content-range': '0-9' }, body: Buffer.alloc(5) })
    expect([response.status, await errorCodes(response)]).toEqual([400, ['SIZE_INVALID']])
    const status = await server.send('GET', location)
    expect(status.headers.get('range')).toBe('0-0')
  })

  it('refuses a wrong digest and keeps the session', async () => {
    const server = await startTestServer()
    const [blob, other] = [randomBlob(), randomBlob()]
    const location = await startSession(server)
    await server.send('PATCH', location, { body: blob.bytes })
    const refused = await server.send('PUT', `${location}?digest=${other.digest}`)
    expect([refused.status, await errorCodes(refused)]).toEqual([400, ['DIGEST_INVALID']])
    expect((await server.send('PUT', `${location}?digest=${blob.digest}`)).status).toBe(201)
  })

  it('stores nothing for a blob of zero bytes, and serves it', async () => {
    const server = await startTestServer()
    const empty = blobOf('')
    const before = server.storage.size
    await pushBlob(server, 'a', empty)
    expect(server.storage.size).toBe(before)
    await expectBlob(server, 'a', empty.digest)
  })

  it('keeps what arrived when the client breaks off in the middle of a PATCH, and goes on from there', async () => {
    const server = await startTestServer()
    const blob = randomBlob(100_000)
    const location = await startSession(server)
    const broken = httpRequest({ port: server.port, method: 'PATCH', path: location, headers: { 'content-length': 100_000 } })
    broken.on('error', () => undefined)
    broken.write(blob.bytes.subarray(0, 60_000))
    // The session tells when the bytes are there; until then the client holds the line.
    await once(broken, 'socket')
    await new Promise<void>((resolve) => broken.write(Buffer.alloc(0), () => { resolve() }))
    setImmediate(() => broken.destroy())
    let offset = 0
    while (offset === 0) {
      const range = (await server.send('GET', location)).headers.get('range')!
      offset = range === '0-0' ? 0 : Number(range.slice(2)) + 1
    }
    const closed = await server.send('PUT', `${location}?digest=${blob.digest}`, {
      headers: { 'content-range': `${offset}-99999` },
      body: blob.bytes.subarray(offset),
    })
    expect(closed.status).toBe(201)
    await expectBlob(server, 'a/b', blob.digest)
  })

  it('does not know a session under another repository, nor one that it never gave', async () => {
    const server = await startTestServer()
    const location = await startSession(server, 'a')
    for (const path of [location.replace('/v2/a/', '/v2/b/'), '/v2/a/blobs/uploads/0123', '/v2/a/blobs/uploads/%00', `/v2/a/blobs/uploads/${'0'.repeat(32)}`]) {
      const response = await server.send('PATCH', path, { body: 'x' })
      expect([response.status, await errorCodes(response)], path).toEqual([404, ['BLOB_UPLOAD_UNKNOWN']])
    }
  })

  it('mounts a blob of another repository without a body, and otherwise gives a session', async () => {
    const server = await startTestServer()
    const blob = randomBlob()
    await pushBlob(server, 'source', blob)
    const mounted = await server.send('POST', `/v2/target/blobs/uploads/?mount=${blob.digest}&from=source`)
    expect([mounted.status, mounted.headers.get('location')]).toEqual([201, `/v2/target/blobs/${blob.digest}`])
    await expectBlob(server, 'target', blob.digest)
    for (const query of [`mount=${blob.digest}&from=nobody`, `mount=${randomBlob().digest}&from=source`, `mount=${blob.digest}`]) {
      const response = await server.send('POST', `/v2/other/blobs/uploads/?${query}`)
      expect([response.status, response.headers.get('location')?.startsWith('/v2/other/blobs/uploads/')], query).toEqual([202, true])
    }
    expect((await server.send('HEAD', `/v2/other/blobs/${blob.digest}`)).status).toBe(404)
  })
})

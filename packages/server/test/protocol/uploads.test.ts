import { Readable } from 'node:stream'
import { expect, it } from 'vitest'
import { onEachPair } from '../support/on-each-pair.js'
import { blobOf, errorCodes, pushBlob, pushedImage, randomBlob } from '../support/test-server.js'
import { pushManifest } from './support/manifests.js'
import { append, expectBlob, rangeOf, startSession } from './support/uploads.js'

onEachPair('uploads', (start) => {
  it('take a blob as docker sends it: POST, one chunked PATCH, an empty PUT, and then a HEAD [P4]', async () => {
    const server = await start()
    const blob = randomBlob(300_000)
    const location = await startSession(server)
    const patched = await append(server, location, Readable.toWeb(Readable.from([blob.bytes])) as ReadableStream)
    expect([patched.status, patched.headers.get('range')]).toEqual([202, '0-299999'])
    const closed = await server.send('PUT', `${patched.headers.get('location')!}?digest=${encodeURIComponent(blob.digest)}`)
    expect(closed.status).toBe(201)
    expect(closed.headers.get('location')).toBe(`/v2/a/b/blobs/${blob.digest}`)
    expect(closed.headers.get('docker-content-digest')).toBe(blob.digest)
    const head = await server.send('HEAD', `/v2/a/b/blobs/${blob.digest}`)
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '300000'])
    await expectBlob(server, 'a/b', blob.digest)
  })

  it('take a blob as containerd and oras send it: POST, then PUT with the whole body [P6]', async () => {
    const server = await start()
    const blob = randomBlob()
    await pushBlob(server, 'a', blob)
    await expectBlob(server, 'a', blob.digest)
  })

  it.each([
    ['no body', 20, undefined],
    ['the last chunk with its Content-Range', 12, '12-19'],
    ['the rest without Content-Range', 12, undefined],
    ['the whole blob with its Content-Range', 0, '0-19'],
    ['the whole blob without Content-Range', 0, undefined],
  ])('are closed by a PUT with %s [P6]', async (_what, before, contentRange) => {
    const server = await start()
    const blob = randomBlob(20)
    const location = await startSession(server)
    if (before > 0) await append(server, location, blob.bytes.subarray(0, before))
    const closed = await server.send('PUT', `${location}?digest=${blob.digest}`, {
      headers: contentRange === undefined ? {} : { 'content-range': contentRange },
      ...(before < 20 && { body: blob.bytes.subarray(before) }),
    })
    expect([closed.status, closed.headers.get('location'), closed.headers.get('docker-content-digest')]).toEqual([
      201,
      `/v2/a/b/blobs/${blob.digest}`,
      blob.digest,
    ])
    await expectBlob(server, 'a/b', blob.digest)
  })

  it('take a blob in one POST [P8]', async () => {
    const server = await start()
    const blob = randomBlob()
    const response = await server.send('POST', `/v2/a/blobs/uploads/?digest=${blob.digest}`, { body: blob.bytes })
    expect([response.status, response.headers.get('location')]).toEqual([201, `/v2/a/blobs/${blob.digest}`])
    expect(response.headers.get('docker-content-digest')).toBe(blob.digest)
    await expectBlob(server, 'a', blob.digest)
    expect(await server.sessions()).toBe(0)
  })

  it('leave no session behind a POST of a whole blob that is refused [P8]', async () => {
    const server = await start()
    for (const digest of [randomBlob().digest, 'sha256:0', `md5:${'0'.repeat(32)}`]) {
      const response = await server.send('POST', `/v2/a/blobs/uploads/?digest=${digest}`, { body: 'other bytes' })
      expect([response.status, await errorCodes(response)], digest).toEqual([400, ['DIGEST_INVALID']])
      expect(response.headers.get('location')).toBeNull()
    }
    await server.registry.settled()
    expect(await server.objects()).toEqual(['registry.json'])
    expect(await server.sessions()).toBe(0)
  })

  it('of zero bytes store nothing, and are blobs [P12]', async () => {
    const server = await start()
    const empty = blobOf('')
    const before = await server.objects()
    await pushBlob(server, 'a', empty)
    expect((await server.send('PUT', `${await startSession(server, 'b')}?digest=${empty.digest}`)).status).toBe(201)
    expect((await server.send('POST', `/v2/c/blobs/uploads/?digest=${empty.digest}`)).status).toBe(201)
    expect(await server.objects()).toEqual(before)
    for (const repository of ['a', 'b', 'c']) await expectBlob(server, repository, empty.digest)
  })

  it('of two bytes are blobs [P12]', async () => {
    const server = await start()
    const config = blobOf('{}')
    await pushBlob(server, 'a', config)
    await expectBlob(server, 'a', config.digest)
    const head = await server.send('HEAD', `/v2/a/blobs/${config.digest}`)
    expect(head.headers.get('content-length')).toBe('2')
  })

  it('are there for whoever asks next, once they were answered 201 [P14]', async () => {
    const server = await start()
    const found = async (path: string): Promise<void> => {
      for (const method of ['HEAD', 'GET']) expect((await server.send(method, path)).status, path).toBe(200)
    }
    for (let round = 0; round < 10; round++) {
      const [closed, single, manifest] = [randomBlob(), randomBlob(), await pushedImage(server, 'a')]
      await pushBlob(server, 'a', closed)
      await found(`/v2/a/blobs/${closed.digest}`)
      expect((await server.send('POST', `/v2/a/blobs/uploads/?digest=${single.digest}`, { body: single.bytes })).status).toBe(201)
      await found(`/v2/a/blobs/${single.digest}`)
      expect((await server.send('POST', `/v2/b/blobs/uploads/?mount=${single.digest}&from=a`)).status).toBe(201)
      await found(`/v2/b/blobs/${single.digest}`)
      expect((await pushManifest(server, `v${round}`, manifest)).status).toBe(201)
      await found(`/v2/a/manifests/v${round}`)
      await found(`/v2/a/manifests/${manifest.digest}`)
    }
  })

  it('are told where they stand and nothing else when they begin [P2]', async () => {
    const server = await start()
    for (const path of ['/v2/a/b/blobs/uploads/', '/v2/a/b/blobs/uploads']) {
      const response = await server.send('POST', path)
      expect([response.status, response.headers.get('range'), await response.text()]).toEqual([202, '0-0', ''])
      expect(await rangeOf(server, response.headers.get('location')!)).toBe('0-0')
    }
  })
})

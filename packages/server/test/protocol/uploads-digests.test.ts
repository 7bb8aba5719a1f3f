import { expect, it } from 'vitest'
import { onEachPair } from '../support/on-each-pair.js'
import { errorCodes, pushBlob, randomBlob } from '../support/test-server.js'
import { append, expectBlob, rangeOf, sha512Of, startSession } from './support/uploads.js'

const hex = '0123456789abcdef'.repeat(4)

/** Digests that are none, as they stand in a URL. */
const malformed: readonly string[] = [
  ...[
    '', ':', 'sha256', 'sha256:', `sha256:${hex.slice(1)}`, `sha256:${hex}0`, `sha256:${hex.toUpperCase()}`, `SHA256:${hex}`,
    `sha256:${hex.replace('f', 'g')}`, `sha256:${hex}\n`, `\0sha256:${hex}`, `sha256:${hex}\0`, ` sha256:${hex}`, `sha256:${hex} `,
    `sha256:${hex},sha256:${hex}`, `sha256::${hex}`, hex, `:${hex}`, `sha512:${hex}`, `sha256:${hex}${hex}`, `md5:${'0'.repeat(32)}`,
    `sha1:${'0'.repeat(40)}`, `sha384:${'0'.repeat(96)}`, `sha256+b64:${hex}`, `blake3:${hex}`, '__proto__:', `constructor:${hex}`,
    `toString:${hex}`, 'sha256:../../../etc/passwd', `sha256:${hex.slice(3)}../`, `sha256:${'0'.repeat(10_000)}`, '\u{1f600}',
    `sha256:${'é'.repeat(64)}`, `sha256%3A${hex}`, 'latest',
  ].map(encodeURIComponent),
  '%', '%zz', '%00', `sha256:${hex.slice(2)}%`, `sha256:%c3%28${hex.slice(2)}`,
]

onEachPair('digests of uploads', (start) => {
  it('that are missing, malformed or of another algorithm are 400, and the session stays as it was [P7]', async () => {
    const server = await start()
    const blob = randomBlob(20)
    const location = await startSession(server)
    await append(server, location, blob.bytes.subarray(0, 10))
    const objects = await server.objects()
    for (const query of ['', '?', '?digest', '?Digest=x', '?digest-algorithm=sha256', ...malformed.map((digest) => `?digest=${digest}`)]) {
      const refused = await server.send('PUT', location + query, { headers: { 'content-range': '10-19' }, body: blob.bytes.subarray(10) })
      expect([refused.status, await errorCodes(refused)], query).toEqual([400, ['DIGEST_INVALID']])
    }
    await server.registry.settled()
    expect(await server.objects()).toEqual(objects)
    expect(await rangeOf(server, location)).toBe('0-9')
    expect((await server.send('PUT', `${location}?digest=${blob.digest}`, { body: blob.bytes.subarray(10) })).status).toBe(201)
    await expectBlob(server, 'a/b', blob.digest)
  })

  it('that the bytes do not have are 400, and the session can be closed with the right one [P7]', async () => {
    const server = await start()
    const [blob, other] = [randomBlob(), randomBlob()]
    const location = await startSession(server)
    await append(server, location, blob.bytes)
    const objects = await server.objects()
    for (const digest of [other.digest, sha512Of(other.bytes), sha512Of(blob.bytes).replace(/.$/, (last) => (last === '0' ? '1' : '0'))]) {
      for (const body of [undefined, 'bytes of another blob']) {
        const refused = await server.send('PUT', `${location}?digest=${digest}`, body === undefined ? {} : { body })
        expect([refused.status, await errorCodes(refused)]).toEqual([400, ['DIGEST_INVALID']])
        expect((await server.send('HEAD', `/v2/a/b/blobs/${digest}`)).status).toBe(404)
      }
    }
    await server.registry.settled()
    expect(await server.objects()).toEqual(objects)
    expect((await server.send('PUT', `${location}?digest=${blob.digest}`)).status).toBe(201)
    await expectBlob(server, 'a/b', blob.digest)
  })

  it('that are malformed are never a failure of the registry, and never stored, wherever they stand [P7]', async () => {
    const server = await start()
    await pushBlob(server, 'a', randomBlob())
    const objects = await server.objects()
    for (const digest of malformed) {
      const requests = [
        ['POST', `/v2/a/blobs/uploads/?digest=${digest}`],
        ['POST', `/v2/a/blobs/uploads/?mount=${digest}&from=a`],
        ['GET', `/v2/a/blobs/${digest}`],
        ['HEAD', `/v2/a/blobs/${digest}`],
        ['DELETE', `/v2/a/blobs/${digest}`],
        ['GET', `/v2/a/manifests/${digest}`],
        ['DELETE', `/v2/a/manifests/${digest}`],
        ['PUT', `/v2/a/manifests/${digest}`],
        ['GET', `/v2/a/referrers/${digest}`],
      ] as const
      for (const [method, path] of requests) {
        const { status } = await server.send(method, path)
        expect([400, 404], `${method} ${path} was answered ${status}`).toContain(status)
      }
    }
    await server.registry.settled()
    expect(await server.objects()).toEqual(objects)
    expect(await server.sessions()).toBe(0)
  })
})

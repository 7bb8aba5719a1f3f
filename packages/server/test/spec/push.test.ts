import { request } from 'node:http'
import { expect, it } from 'vitest'
import { onEachPair } from '../support/on-each-pair.js'
import { errorCodes } from '../support/test-server.js'
import { algorithms, contentOf, randomContent } from './support/content.js'
import { expectAbsent, expectBlob, expectPulled } from './support/pulls.js'
import { startSession } from './support/sessions.js'
import { pushContent, uploadFlows } from './support/upload-flows.js'

const flowsAndAlgorithms = uploadFlows.flatMap(([name, flow]) => algorithms.map((algorithm) => [algorithm, name, flow] as const))

// No chunk has a place in an empty blob.
const unchunked = uploadFlows.filter(([name]) => !name.startsWith('chunks'))

onEachPair('pushing blobs', (start) => {
  it.each(flowsAndAlgorithms)(
    'takes a %s blob by %s, 201 with where it can be pulled from [push-put-201] [push-single-201] [push-close-201] [push-algorithm]',
    async (algorithm, _name, flow) => {
      const server = await start()
      const blob = randomContent(algorithm, 3 * 1024 - 5)
      const pushed = await flow(server, 'a/b', blob)
      expect(pushed.status).toBe(201)
      expect(pushed.headers.get('docker-content-digest')).toBe(blob.digest)
      await expectPulled(server, pushed.headers.get('location')!, blob)
      await expectBlob(server, 'a/b', blob)
    },
  )

  it.each(flowsAndAlgorithms)(
    'answers 400 to a %s digest that is not that of the bytes, by %s, and has neither [push-digest-400] [push-single-digest]',
    async (algorithm, _name, flow) => {
      const server = await start()
      const [blob, other] = [randomContent(algorithm, 3 * 1024 - 5), randomContent(algorithm)]
      const refused = await flow(server, 'a', { bytes: blob.bytes, digest: other.digest })
      expect([refused.status, await errorCodes(refused)]).toEqual([400, ['DIGEST_INVALID']])
      for (const { digest } of [blob, other]) await expectAbsent(server, `/v2/a/blobs/${digest}`)
    },
  )

  it('answers 400 to a digest that is none, or of another algorithm, in a single POST and in a PUT [push-digest-400]', async () => {
    const server = await start()
    const location = await startSession(server)
    const others = [`sha1:${'a'.repeat(40)}`, `md5:${'a'.repeat(32)}`, `blake3:${'a'.repeat(64)}`]
    for (const digest of ['sha256:baddigeststring', 'sha256', `sha256:${'A'.repeat(64)}`, ...others]) {
      for (const [method, path] of [['POST', '/v2/a/blobs/uploads/'], ['PUT', location]] as const) {
        expect((await server.send(method, `${path}?digest=${digest}`, { body: 'bytes' })).status, digest).toBe(400)
      }
    }
  })

  it('answers 400 to an algorithm that it does not know [push-digest-400] [push-algorithm]', async () => {
    const server = await start()
    expect((await server.send('POST', '/v2/a/blobs/uploads/?digest-algorithm=md5')).status).toBe(400)
  })

  it.each(unchunked)('takes the empty blob by %s [push-put-201] [push-single-201] [push-close-201]', async (_name, flow) => {
    const server = await start()
    for (const algorithm of algorithms) {
      const empty = contentOf('', algorithm)
      expect((await flow(server, 'a', empty)).status).toBe(201)
      await expectBlob(server, 'a', empty)
    }
  })

  it('starts each upload with 202 and a place of its own, under an id of 128 bits [push-post-202] [push-session-id]', async () => {
    const server = await start()
    const locations = [await startSession(server), await startSession(server)]
    expect(new Set(locations).size).toBe(2)
    for (const location of locations) expect(location).toMatch(/[0-9a-f]{8}(-?)[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{12}$/)
  })

  it('takes uploads side by side, of other blobs and of the same, into one repository and several [push-concurrent]', async () => {
    const server = await start()
    const [same, ...others] = [randomContent(), randomContent(), randomContent('sha512'), randomContent()]
    const pushes = [same, same, same, ...others].flatMap((blob) => ['a', 'b'].map((repository) => ({ blob, repository })))
    await Promise.all(pushes.map(({ blob, repository }) => pushContent(server, repository, blob)))
    for (const { blob, repository } of pushes) await expectBlob(server, repository, blob)
  })

  it('takes a blob in a single POST, so that nobody is sent on to a PUT [push-single-202] [push-single-201]', async () => {
    const server = await start()
    const blob = randomContent()
    const pushed = await server.send('POST', `/v2/a/blobs/uploads/?digest=${blob.digest}`, { body: blob.bytes })
    expect([pushed.status, pushed.headers.get('location')]).toEqual([201, `/v2/a/blobs/${blob.digest}`])
  })

  it('has no blob from a single POST whose length is not that of its body, though the digest is right [push-single-length]', async () => {
    const server = await start()
    const blob = randomContent()
    const headers = { 'content-length': blob.bytes.length + 1 }
    const broken = request({ port: server.port, method: 'POST', path: `/v2/a/blobs/uploads/?digest=${blob.digest}`, headers })
    const closed = new Promise((resolve) => {
      broken.on('error', () => undefined).on('close', resolve)
    })
    const arrived = server.arrived(blob.bytes.length)
    broken.write(blob.bytes)
    await arrived
    broken.destroy()
    await closed
    await expectAbsent(server, `/v2/a/blobs/${blob.digest}`)
  })

  it('asks for no chunks of a least size, and takes those of one byte [push-chunk-min-length]', async () => {
    const server = await start()
    const blob = randomContent('sha256', 20)
    const started = await server.send('POST', '/v2/a/blobs/uploads/')
    expect(started.headers.get('oci-chunk-min-length')).toBeNull()
    const location = started.headers.get('location')!
    for (const [n] of blob.bytes.entries()) {
      const patched = await server.send('PATCH', location, { headers: { 'content-range': `${n}-${n}` }, body: blob.bytes.subarray(n, n + 1) })
      expect(patched.status).toBe(202)
    }
    expect((await server.send('PUT', `${location}?digest=${blob.digest}`)).status).toBe(201)
    await expectBlob(server, 'a', blob)
  })
})

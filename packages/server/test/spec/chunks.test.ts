import { expect, it } from 'vitest'
import { onEachPair } from '../support/on-each-pair.js'
import { errorCodes } from '../support/test-server.js'
import { algorithms, contentOf, randomContent } from './support/content.js'
import { expectAbsent, expectBlob, expectPulled } from './support/pulls.js'
import { sendChunk, sessionRange, startSession } from './support/sessions.js'

onEachPair('pushing a blob in chunks', (start) => {
  it.each(algorithms)('answers 202 to each chunk of a %s blob, with the place of its last byte [push-chunk-202] [push-algorithm]', async (algorithm) => {
    const server = await start()
    const blob = randomContent(algorithm, 2043)
    let location = await startSession(server, 'a', `?digest-algorithm=${algorithm}`)
    for (const [from, end] of [[0, 1024], [1024, 2043]] as const) {
      const patched = await sendChunk(server, 'PATCH', location, { bytes: blob.bytes, start: from, end })
      expect([patched.status, patched.headers.get('range')]).toEqual([202, `0-${end - 1}`])
      location = patched.headers.get('location')!
    }
    const closed = await server.send('PUT', `${location}?digest=${blob.digest}`)
    expect(closed.status).toBe(201)
    await expectPulled(server, closed.headers.get('location')!, blob)
  })

  it('tells where an upload stands, 204 with place and range, and goes on from there [push-status-204]', async () => {
    const server = await start()
    const { bytes, digest } = randomContent()
    const location = await startSession(server)
    await sendChunk(server, 'PATCH', location, { bytes, start: 0, end: 600 })
    const status = await server.send('GET', location)
    expect([status.status, status.headers.get('range')]).toEqual([204, '0-599'])
    const closed = await sendChunk(server, 'PUT', `${status.headers.get('location')!}?digest=${digest}`, { bytes, start: 600 })
    expect(closed.status).toBe(201)
  })

  it.each([
    ['behind a gap', 700],
    ['again', 0],
    ['that overlaps', 599],
  ])('answers 416 to a chunk %s, and the session stays and can be finished [push-chunk-416] [push-chunk-order] [push-status-204]', async (_what, misplaced) => {
    const server = await start()
    const { bytes, digest } = randomContent()
    const location = await startSession(server)
    await sendChunk(server, 'PATCH', location, { bytes, start: 0, end: 600 })
    const refused = await sendChunk(server, 'PATCH', location, { bytes, start: misplaced })
    expect(refused.status).toBe(416)
    expect(await sessionRange(server, location)).toBe('0-599')
    expect((await sendChunk(server, 'PATCH', location, { bytes, start: 600 })).status).toBe(202)
    expect((await server.send('PUT', `${location}?digest=${digest}`)).status).toBe(201)
    await expectBlob(server, 'a', { bytes, digest })
  })

  it('answers 416 to a last chunk out of order in the PUT, and the session stays and can be finished [push-chunk-final-416] [push-chunk-order]', async () => {
    const server = await start()
    const { bytes, digest } = randomContent()
    const location = await startSession(server)
    await sendChunk(server, 'PATCH', location, { bytes, start: 0, end: 600 })
    for (const misplaced of [0, 599, 601]) {
      const refused = await sendChunk(server, 'PUT', `${location}?digest=${digest}`, { bytes, start: misplaced })
      expect(refused.status).toBe(416)
    }
    expect(await sessionRange(server, location)).toBe('0-599')
    expect((await sendChunk(server, 'PUT', `${location}?digest=${digest}`, { bytes, start: 600 })).status).toBe(201)
    await expectBlob(server, 'a', { bytes, digest })
  })

  it('answers 416 to a first chunk that does not begin at 0, and stores none of it [push-chunk-first] [push-chunk-416]', async () => {
    const server = await start()
    const { bytes } = randomContent()
    const location = await startSession(server)
    expect((await sendChunk(server, 'PATCH', location, { bytes, start: 1 })).status).toBe(416)
    expect(await sessionRange(server, location)).toBe('0-0')
    expect((await sendChunk(server, 'PATCH', location, { bytes, start: 0 })).status).toBe(202)
  })

  it('answers 416 to a range of another form, and stores none of it [push-chunk-form]', async () => {
    const server = await start()
    const location = await startSession(server)
    for (const range of ['0', '0-', '-4', 'a-b', '0-4-8', '0--4', '4-0', '0 - 4', ' ', 'bytes']) {
      expect((await server.send('PATCH', location, { headers: { 'content-range': range }, body: '12345' })).status, range).toBe(416)
    }
    expect(await sessionRange(server, location)).toBe('0-0')
  })

  it('refuses a chunk whose range is not as long as its body, both ends counted [push-chunk-inclusive]', async () => {
    const server = await start()
    const location = await startSession(server)
    for (const range of ['0-5', '0-3']) {
      const refused = await server.send('PATCH', location, { headers: { 'content-range': range }, body: '12345' })
      expect([refused.status, await errorCodes(refused)]).toEqual([400, ['SIZE_INVALID']])
    }
    expect((await server.send('PATCH', location, { headers: { 'content-range': '0-4' }, body: '12345' })).status).toBe(202)
  })

  it('has no blob before the PUT that closes the session, and no session behind it [push-chunk-close]', async () => {
    const server = await start()
    const blob = randomContent()
    const location = await startSession(server)
    await sendChunk(server, 'PATCH', location, { bytes: blob.bytes, start: 0 })
    await expectAbsent(server, `/v2/a/blobs/${blob.digest}`)
    expect((await server.send('PUT', `${location}?digest=${blob.digest}`)).status).toBe(201)
    await expectBlob(server, 'a', blob)
    expect((await server.send('GET', location)).status).toBe(404)
  })

  it('answers 400 to a closing PUT without a digest, or with that of the last chunk, and closes with that of the blob [push-close-digest]', async () => {
    const server = await start()
    const { bytes, digest } = randomContent()
    const last = contentOf(bytes.subarray(600))
    const location = await startSession(server)
    await sendChunk(server, 'PATCH', location, { bytes, start: 0, end: 600 })
    await sendChunk(server, 'PATCH', location, { bytes, start: 600 })
    for (const query of ['', '?digest=', `?digest=${last.digest}`]) expect((await server.send('PUT', `${location}${query}`)).status).toBe(400)
    expect((await server.send('PUT', `${location}?digest=${digest}`)).status).toBe(201)
  })

  it('cancels an upload with 204, and knows it no more [cancel-204]', async () => {
    const server = await start()
    const { bytes } = randomContent()
    const location = await startSession(server)
    await sendChunk(server, 'PATCH', location, { bytes, start: 0 })
    const cancelled = await server.send('DELETE', location)
    expect([cancelled.status, await cancelled.text()]).toEqual([204, ''])
    for (const method of ['GET', 'PATCH', 'DELETE']) expect((await server.send(method, location)).status).toBe(404)
  })

  it('forgets an upload that nobody goes on with [cancel-timeout]', async () => {
    const server = await start({ policy: { uploadMilliseconds: 50 } })
    const location = await startSession(server)
    await expect.poll(async () => (await server.send('GET', location)).status).toBe(404)
    expect((await server.send('PATCH', location, { body: 'bytes' })).status).toBe(404)
  })
})

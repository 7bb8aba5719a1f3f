import { expect, it } from 'vitest'
import { onEachPair } from '../support/on-each-pair.js'
import { randomBlob } from '../support/test-server.js'
import { openRequest } from './support/requests.js'
import { append, arrivalOf, expectBlob, rangeOf, startSession } from './support/uploads.js'

onEachPair('chunks that break off', (start) => {
  it.each([
    ['a PATCH with a length', 'PATCH', { 'content-length': 90_000 }],
    ['a PATCH with a place', 'PATCH', { 'content-length': 90_000, 'content-range': '10000-99999' }],
    ['a PATCH without a length', 'PATCH', { 'transfer-encoding': 'chunked' }],
    ['a PATCH with a place and no length', 'PATCH', { 'transfer-encoding': 'chunked', 'content-range': '10000-99999' }],
    ['the closing PUT', 'PUT', { 'content-length': 90_000 }],
  ])('are kept as far as they came, in %s, and the session goes on from there [P3]', async (_what, method, headers) => {
    const server = await start()
    const blob = randomBlob(100_000)
    const location = await startSession(server)
    await append(server, location, blob.bytes.subarray(0, 10_000))
    const { arrival } = await arrivalOf(server, 50_000)
    const broken = openRequest(server, method, method === 'PUT' ? `${location}?digest=${blob.digest}` : location, headers)
    broken.write(blob.bytes.subarray(10_000, 60_000))
    await arrival
    broken.socket!.destroy()
    // The bytes are there; that no more will come the server has yet to hear.
    await expect.poll(() => rangeOf(server, location), { interval: 5, timeout: 5000 }).toBe('0-59999')
    const closed = await server.send('PUT', `${location}?digest=${blob.digest}`, {
      headers: { 'content-range': '60000-99999' },
      body: blob.bytes.subarray(60_000),
    })
    expect(closed.status).toBe(201)
    await expectBlob(server, 'a/b', blob.digest)
  })

  it('leave no session where the blob was to come in one POST [P8]', async () => {
    const server = await start()
    const blob = randomBlob(100_000)
    const { arrival } = await arrivalOf(server, 50_000)
    const broken = openRequest(server, 'POST', `/v2/a/blobs/uploads/?digest=${blob.digest}`, { 'content-length': 100_000 })
    broken.write(blob.bytes.subarray(0, 50_000))
    await arrival
    expect(await server.sessions()).toBe(1)
    broken.socket!.destroy()
    await expect.poll(() => server.sessions(), { interval: 5, timeout: 5000 }).toBe(0)
    await server.registry.settled()
    expect(await server.objects()).toEqual(['registry.json'])
  })
})

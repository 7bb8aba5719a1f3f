import { expect, it, onTestFinished, vi } from 'vitest'
import { onEachPair } from '../support/on-each-pair.js'
import { blobOf, errorCodes, type TestBlob } from '../support/test-server.js'
import { imageIndex, indexType, pushManifest } from './support/manifests.js'
import { answerTo, openRequest } from './support/requests.js'
import { streamed } from './support/uploads.js'

const limit = 4 * 1024 * 1024

/** A manifest of so many bytes. */
function ofSize(size: number): TestBlob {
  const { bytes } = imageIndex([])
  return blobOf(Buffer.concat([bytes, Buffer.alloc(size - bytes.length, ' ')]))
}

onEachPair('the size of manifests', (start) => {
  it.each(['with a length', 'without a length'])('may be 4 MiB %s [P27]', async (how) => {
    const server = await start()
    const manifest = ofSize(limit)
    const body = how === 'with a length' ? manifest.bytes : streamed(manifest.bytes)
    const put = await server.send('PUT', '/v2/a/manifests/v1', { headers: { 'content-type': indexType }, body })
    expect([put.status, put.headers.get('docker-content-digest')]).toEqual([201, manifest.digest])
    const get = await server.send('GET', '/v2/a/manifests/v1')
    expect(Buffer.from(await get.arrayBuffer()).equals(manifest.bytes)).toBe(true)
  })

  it.each(['with a length', 'without a length'])('is refused above 4 MiB %s, and the connection goes on [P27]', async (how) => {
    const server = await start()
    for (const size of [limit + 1, 5 * 1024 * 1024]) {
      const { bytes } = ofSize(size)
      const body = how === 'with a length' ? bytes : streamed(bytes)
      const put = await server.send('PUT', '/v2/a/manifests/v1', { headers: { 'content-type': indexType }, body })
      expect([put.status, await errorCodes(put)]).toEqual([413, ['SIZE_INVALID']])
      expect((await server.send('GET', '/v2/')).status).toBe(200)
    }
    expect((await server.send('GET', '/v2/a/tags/list')).status).toBe(404)
    expect((await pushManifest(server, 'v1', ofSize(1000), indexType)).status).toBe(201)
  })

  it.each([
    ['with a length', { 'content-length': 100 * limit }],
    ['without a length', { 'transfer-encoding': 'chunked' }],
  ])('is refused above 4 MiB %s, and the rest is read for five seconds at most [P27]', async (_how, headers) => {
    const server = await start()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => {
      vi.useRealTimers()
    })
    const opened = openRequest(server, 'PUT', '/v2/a/manifests/v1', { 'content-type': indexType, ...headers })
    const answered = answerTo(opened)
    opened.write(Buffer.alloc(limit + 1, ' '))
    const answer = await answered
    expect(answer.statusCode).toBe(413)
    answer.on('error', () => undefined).resume()
    const socket = opened.socket!
    // The clock begins to run once the answer is out.
    while (vi.getTimerCount() === 0) await new Promise(setImmediate)
    vi.advanceTimersByTime(4999)
    await new Promise((resolve) => opened.write(Buffer.alloc(1000, ' '), resolve))
    expect([socket.destroyed, socket.readyState]).toEqual([false, 'open'])
    vi.advanceTimersByTime(1)
    vi.useRealTimers()
    await expect.poll(() => socket.destroyed, { interval: 5, timeout: 3000 }).toBe(true)
  })
})

import { expect, it } from 'vitest'
import { onEachPair } from '../support/on-each-pair.js'
import { blobOf, pushBlob, randomBlob, type TestBlob, type TestServer } from '../support/test-server.js'

type Get = (headers: Record<string, string>, method?: string) => Promise<Response>

/** A pushed blob, and a function that asks for it. */
async function pushed(server: TestServer, blob: TestBlob = randomBlob(1000)): Promise<{ readonly blob: TestBlob; readonly get: Get }> {
  await pushBlob(server, 'a', blob)
  return { blob, get: (headers, method = 'GET') => server.send(method, `/v2/a/blobs/${blob.digest}`, { headers }) }
}

async function bytesOf(response: Response): Promise<Buffer> {
  return Buffer.from(await response.arrayBuffer())
}

onEachPair('ranges of blobs', (start) => {
  it('are served with 206, clamped at the end [P16]', async () => {
    const server = await start()
    const { blob, get } = await pushed(server)
    const ranges: readonly (readonly [string, number, number])[] = [
      ['bytes=0-0', 0, 1],
      ['bytes=10-19', 10, 20],
      ['bytes=999-999', 999, 1000],
      ['bytes=0-', 0, 1000],
      ['bytes=990-', 990, 1000],
      ['bytes=-10', 990, 1000],
      ['bytes=-1000', 0, 1000],
      ['bytes=-5000', 0, 1000],
      ['bytes=900-5000', 900, 1000],
      [`bytes=900-${'9'.repeat(30)}`, 900, 1000],
    ]
    for (const [range, start, end] of ranges) {
      const response = await get({ range })
      expect(response.status, range).toBe(206)
      expect(response.headers.get('content-range')).toBe(`bytes ${start}-${end - 1}/1000`)
      expect(response.headers.get('content-length')).toBe(String(end - start))
      expect(response.headers.get('docker-content-digest')).toBe(blob.digest)
      expect((await bytesOf(response)).equals(blob.bytes.subarray(start, end))).toBe(true)
    }
  })

  it('are 416 with the size where no byte lies in them, or they end before they begin [P16]', async () => {
    const server = await start()
    const { get } = await pushed(server)
    for (const range of ['bytes=1000-', 'bytes=1000-1000', 'bytes=5000-6000', 'bytes=500-0', 'bytes=1-0', 'bytes=-0', `bytes=${'9'.repeat(30)}-`]) {
      const response = await get({ range })
      expect([response.status, response.headers.get('content-range')], range).toEqual([416, 'bytes */1000'])
      expect(response.headers.get('content-type')).toBe('application/json')
    }
    const empty = await pushed(server, blobOf(''))
    for (const range of ['bytes=0-', 'bytes=0-0', 'bytes=-1']) {
      const response = await empty.get({ range })
      expect([response.status, response.headers.get('content-range')], range).toEqual([416, 'bytes */0'])
    }
  })

  it('are the whole blob where there are several, or their unit is not bytes [P16]', async () => {
    const server = await start()
    const { blob, get } = await pushed(server)
    const ranges = [
      'bytes=0-1,5-6', 'bytes=0-1, 5-6', 'bytes=-1,0-0', 'items=0-1', 'octets=0-1', 'bytes', 'bytes=', 'bytes=-', '0-1', 'bytes 0-1', 'bytes=a-b',
      'bytes=+1-2', 'bytes=1.0-2',
    ]
    for (const range of ranges) {
      const response = await get({ range })
      expect([response.status, response.headers.get('content-range')], range).toEqual([200, null])
      expect((await bytesOf(response)).equals(blob.bytes), range).toBe(true)
    }
  })

  it('cross the objects that a blob consists of [P16]', async () => {
    const server = await start({
      wrap: (driver) => ({ ...driver, capabilities: { ...driver.capabilities, limits: { ...driver.capabilities.limits, objectBytes: 1000 } } }),
    })
    const { blob, get } = await pushed(server, randomBlob(4500))
    expect((await server.objects()).filter((key) => key.startsWith('blobs/'))).toHaveLength(5)
    const edges = [0, 1, 999, 1000, 1001, 1999, 2000, 2500, 3999, 4000, 4499]
    for (const first of edges) {
      for (const last of edges.filter((edge) => edge >= first)) {
        const response = await get({ range: `bytes=${first}-${last}` })
        expect([response.status, response.headers.get('content-range')]).toEqual([206, `bytes ${first}-${last}/4500`])
        expect((await bytesOf(response)).equals(blob.bytes.subarray(first, last + 1)), `${first}-${last}`).toBe(true)
      }
    }
    expect((await bytesOf(await get({}))).equals(blob.bytes)).toBe(true)
    expect((await bytesOf(await get({ range: 'bytes=-3600' }))).equals(blob.bytes.subarray(900))).toBe(true)
  })

  it('are no matter to HEAD, which tells of the whole [P16]', async () => {
    const server = await start()
    const { get } = await pushed(server)
    for (const range of ['bytes=0-9', 'bytes=5000-', 'bytes=0-1,5-6']) {
      const response = await get({ range }, 'HEAD')
      expect([response.status, response.headers.get('content-length'), response.headers.get('content-range')]).toEqual([200, '1000', null])
      expect(await response.text()).toBe('')
    }
  })

  it('heed If-Range [P16]', async () => {
    const server = await start()
    const { blob, get } = await pushed(server)
    const etag = `"${blob.digest}"`
    const part = await get({ range: 'bytes=0-1', 'if-range': etag })
    expect([part.status, await bytesOf(part)]).toEqual([206, blob.bytes.subarray(0, 2)])
    for (const other of ['"x"', `"${randomBlob().digest}"`, `W/${etag}`, 'Wed, 21 Oct 2015 07:28:00 GMT', '']) {
      const whole = await get({ range: 'bytes=0-1', 'if-range': other })
      expect([whole.status, (await bytesOf(whole)).length], other).toEqual([200, 1000])
      const beyond = await get({ range: 'bytes=5000-', 'if-range': other })
      expect(beyond.status, other).toBe(200)
    }
    expect((await get({ range: 'bytes=5000-', 'if-range': etag })).status).toBe(416)
  })

  it('and blobs have their digest for an ETag, which If-None-Match answers with 304 [P16]', async () => {
    const server = await start()
    const { blob, get } = await pushed(server)
    const etag = `"${blob.digest}"`
    expect((await get({})).headers.get('etag')).toBe(etag)
    for (const noneMatch of [etag, `"x", ${etag}`, `W/${etag}`, '*']) {
      const response = await get({ 'if-none-match': noneMatch })
      expect([response.status, response.headers.get('etag'), await response.text()], noneMatch).toEqual([304, etag, ''])
    }
    const head = await server.send('HEAD', `/v2/a/blobs/${blob.digest}`, { headers: { 'if-none-match': etag } })
    expect([head.status, head.headers.get('etag')]).toEqual([304, etag])
    // Whoever has it already needs no part of it either.
    expect((await get({ 'if-none-match': etag, range: 'bytes=0-1' })).status).toBe(304)
    for (const noneMatch of ['"x"', `"${randomBlob().digest}"`, '']) expect((await get({ 'if-none-match': noneMatch })).status, noneMatch).toBe(200)
    expect((await get({ 'if-none-match': '"x"', range: 'bytes=0-1' })).status).toBe(206)
  })

  it('and 304 are only for who could have read the blob [P16]', async () => {
    const server = await start()
    const { blob } = await pushed(server)
    await pushBlob(server, 'b', blob)
    expect((await server.send('DELETE', `/v2/b/blobs/${blob.digest}`)).status).toBe(202)
    for (const repository of ['b', 'c', 'a/a']) {
      for (const noneMatch of [`"${blob.digest}"`, '*']) {
        const response = await server.send('GET', `/v2/${repository}/blobs/${blob.digest}`, { headers: { 'if-none-match': noneMatch } })
        expect([response.status, response.headers.get('etag')], repository).toEqual([404, null])
      }
      const part = await server.send('GET', `/v2/${repository}/blobs/${blob.digest}`, { headers: { range: 'bytes=5000-' } })
      expect([part.status, part.headers.get('content-range')], repository).toEqual([404, null])
    }
  })
})

import { once } from 'node:events'
import { connect } from 'node:net'
import { type Driver } from '@registry/core'
import { expect, it } from 'vitest'
import { onEachPair } from '../support/on-each-pair.js'
import { blobOf, pushBlob, randomBlob } from '../support/test-server.js'
import { emptyIndex, pushManifest } from './support/manifests.js'
import { answerTo, rawClient, statuses } from './support/raw-client.js'

onEachPair('a connection', (start) => {
  it('has its requests answered in their order, also where all come at once [P44]', async () => {
    const server = await start()
    const blob = randomBlob(300_000)
    await pushBlob(server, 'a', blob)
    await pushManifest(server, 'a', 'v1', emptyIndex())
    const { id } = await server.registry.uploads.start('a')
    const requests = [
      `GET /v2/a/blobs/${blob.digest} HTTP/1.1\r\nHost: x\r\n\r\n`, 'GET /v2/A HTTP/1.1\r\nHost: x\r\n\r\n', `PATCH /v2/a/blobs/uploads/${id} HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc`,
      `PATCH /v2/a/blobs/uploads/${'0'.repeat(32)} HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc`, 'HEAD /v2/a/manifests/v1 HTTP/1.1\r\nHost: x\r\n\r\n', 'DELETE /v2/ HTTP/1.1\r\nHost: x\r\n\r\n',
      'POST /v2/a/blobs/uploads/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 'PUT /v2/a/manifests/v2 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}',
      'GET /v2/a/manifests/v1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    ]
    expect(statuses(await answerTo(server.port, requests.join('')))).toEqual([200, 404, 202, 404, 200, 405, 202, 400, 200])
  })

  it('has one request answered at a time, however many it sends without reading, and is cut with too many [S14]', async () => {
    let [opened, most, open] = [0, 0, 0]
    const wrap = (driver: Driver): Driver => ({
      ...driver,
      async open(key, options) {
        const object = await driver.open(key, options)
        opened++
        most = Math.max(most, ++open)
        return { ...object, [Symbol.asyncDispose]: async () => { await object[Symbol.asyncDispose](); open-- } }
      },
    })
    const server = await start({ wrap })
    const blob = randomBlob(20_000_000)
    await pushBlob(server, 'a', blob)
    const request = `GET /v2/a/blobs/${blob.digest} HTTP/1.1\r\nHost: x\r\n\r\n`
    // The first leaves in the middle, the second is cut off.
    const [leaver, flooder] = [connect(server.port, '127.0.0.1'), connect(server.port, '127.0.0.1')]
    const ends = [leaver, flooder].map((socket) => new Promise<void>((resolve) => { socket.on('error', () => undefined).once('close', () => { resolve() }) }))
    leaver.write(request.repeat(50))
    await once(leaver, 'readable')
    leaver.destroy()
    flooder.write(request.repeat(1000))
    flooder.resume()
    await Promise.all(ends)
    await server.server.close({ graceMilliseconds: 10_000 })
    expect([most <= 2, opened <= 4, open]).toEqual([true, true, 0])
  })

  it('has a refused body read to its end, so that the next request is one [P44]', async () => {
    const server = await start()
    const client = rawClient(server.port)
    client.write(`PUT /v2/a/manifests/-bad HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n${'a'.repeat(50_000)}`)
    await client.until(/^HTTP\/1\.1 400 [^]*\}$/)
    client.write(`${'a'.repeat(50_000)}GET /v2/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
    expect(statuses(await client.ended)).toEqual([400, 200])
  })

  it('of HTTP/1.0 is closed after the answer, and kept where it says so [P44]', async () => {
    const server = await start()
    const blob = randomBlob(100_000)
    await pushBlob(server, 'a', blob)
    expect(await answerTo(server.port, 'GET /v2/ HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 [^]*\{\}$/)
    const answer = await answerTo(server.port, `GET /v2/a/blobs/${blob.digest} HTTP/1.0\r\n\r\n`)
    expect(answer.split('\r\n\r\n').slice(1).join('\r\n\r\n')).toBe(blob.bytes.toString('latin1'))
    expect(answer).not.toMatch(/transfer-encoding/i)
    const kept = rawClient(server.port)
    kept.write('GET /v2/ HTTP/1.0\r\nConnection: keep-alive\r\n\r\n')
    expect(await kept.until(/\{\}$/)).toMatch(/Connection: keep-alive/i)
    kept.write('GET /v2/ HTTP/1.0\r\n\r\n')
    expect(statuses(await kept.ended)).toEqual([200, 200])
  })

  it('lives as long as bytes come, however long a request takes [P44]', async () => {
    const idleMilliseconds = 250
    const server = await start({ idleMilliseconds })
    const { id } = await server.registry.uploads.start('a')
    const client = rawClient(server.port)
    const bytes = 60
    client.write(`PATCH /v2/a/blobs/uploads/${id} HTTP/1.1\r\nHost: x\r\nContent-Length: ${bytes}\r\n\r\n`)
    const started = performance.now()
    let sent = 0
    const pump = setInterval(() => {
      client.write('a')
      if (++sent === bytes) clearInterval(pump)
    }, 15)
    await client.until(/^HTTP\/1\.1 202 /)
    clearInterval(pump)
    expect(performance.now() - started).toBeGreaterThan(2 * idleMilliseconds)
  })

  it('is cut in the middle of an answer when its client sends nonsense, so that nobody takes the error for a part of the answer [P44]', async () => {
    const server = await start()
    const blob = blobOf('a'.repeat(20_000_000))
    await pushBlob(server, 'a', blob)
    const client = rawClient(server.port)
    client.write(`GET /v2/a/blobs/${blob.digest} HTTP/1.1\r\nHost: x\r\n\r\n`)
    await client.until(/\r\n\r\na/)
    client.write('nonsense\r\n\r\n')
    expect(/[^a]+$/.exec(await client.ended)?.[0]).toBeUndefined()
  })

  it('is cut where storage fails in the middle of an answer, so that nobody takes a part for the whole [P44]', async () => {
    const wrap = (driver: Driver): Driver => ({
      ...driver,
      open: async (key, options) => {
        const opened = await driver.open(key, options)
        return { ...opened, body: breaking(opened.body), [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]() }
      },
    })
    const server = await start({ wrap })
    const blob = randomBlob(1_000_000)
    await pushBlob(server, 'a', blob)
    for (const range of ['', 'Range: bytes=5-900000\r\n']) {
      const answer = await answerTo(server.port, `GET /v2/a/blobs/${blob.digest} HTTP/1.1\r\nHost: x\r\n${range}\r\n`)
      const [head, body] = [answer.slice(0, answer.indexOf('\r\n\r\n')), answer.slice(answer.indexOf('\r\n\r\n') + 4)]
      expect(head).toMatch(/^HTTP\/1\.1 20[06] /)
      expect(body.length).toBeLessThan(Number(/content-length: (\d+)/i.exec(head)![1]))
      expect(body).not.toContain('errors')
    }
    expect((await server.send('GET', '/v2/')).status).toBe(200)
  })
})

async function* breaking(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  let bytes = 0
  for await (const chunk of body) {
    yield chunk
    bytes += chunk.byteLength
    if (bytes > 200_000) throw new Error('the disk is gone')
  }
}

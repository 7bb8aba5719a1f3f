import { expect, it, onTestFinished, vi } from 'vitest'
import { onEachPair } from '../support/on-each-pair.js'
import { errorCodes, randomBlob, type TestServer } from '../support/test-server.js'
import { append, expectBlob, rangeOf, startSession } from './support/uploads.js'

const hour = 3_600_000

/** No request finds a session there. */
async function expectUnknown({ send }: TestServer, location: string): Promise<void> {
  const { digest } = randomBlob()
  for (const [method, path] of [['GET', location], ['PATCH', location], ['PUT', `${location}?digest=${digest}`], ['DELETE', location]] as const) {
    const response = await send(method, path, method === 'PATCH' || method === 'PUT' ? { body: 'x' } : {})
    expect([response.status, await errorCodes(response)], `${method} ${path}`).toEqual([404, ['BLOB_UPLOAD_UNKNOWN']])
  }
}

onEachPair('sessions', (start) => {
  it('have one location, without a query, in every answer [P5]', async () => {
    const server = await start()
    const answers = [await server.send('POST', '/v2/a/b/blobs/uploads/')]
    const location = answers[0]!.headers.get('location')!
    expect(location).toMatch(/^\/v2\/a\/b\/blobs\/uploads\/[0-9a-f]{32}$/)
    answers.push(await append(server, location, 'one'), await server.send('GET', location), await append(server, `${location}?x=1`, 'two', '3-5'))
    answers.push(await append(server, location, 'three', '0-4'), await server.send('GET', `${location}?state=x&y=`), await append(server, location, ''))
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 204, 202, 416, 204, 202])
    expect(answers.map(({ headers }) => headers.get('location'))).toEqual(answers.map(() => location))
  })

  it('are found with parameters that a client adds, in any order [P5]', async () => {
    const server = await start()
    const queries = [
      (digest: string) => `?x=1&digest=${digest}`,
      (digest: string) => `?digest=${digest}&x=1`,
      (digest: string) => `?a=&b&digest=${encodeURIComponent(digest)}&c=%26digest=no`,
      (digest: string) => `?&digest=${digest}&`,
      (digest: string) => `?ns=docker.io&_state=%3D&digest=${digest}`,
    ]
    for (const query of queries) {
      const blob = randomBlob(10)
      const location = await startSession(server)
      expect((await append(server, `${location}?state=1&x`, blob.bytes)).status).toBe(202)
      const closed = await server.send('PUT', location + query(blob.digest))
      expect([closed.status, closed.headers.get('location')], query('')).toEqual([201, `/v2/a/b/blobs/${blob.digest}`])
    }
    expect((await server.send('DELETE', `${await startSession(server)}?x=1`)).status).toBe(204)
  })

  it('that are cancelled are forgotten, with their bytes [P11]', async () => {
    const server = await start()
    const location = await startSession(server)
    await append(server, location, 'some bytes')
    expect((await server.send('DELETE', location)).status).toBe(204)
    await expectUnknown(server, location)
    await server.registry.settled()
    expect([await server.objects(), await server.sessions()]).toEqual([['registry.json'], 0])
  })

  it('that were closed are forgotten [P11]', async () => {
    const server = await start()
    const blob = randomBlob()
    const location = await startSession(server)
    expect((await server.send('PUT', `${location}?digest=${blob.digest}`, { body: blob.bytes })).status).toBe(201)
    await expectUnknown(server, location)
    await expectBlob(server, 'a/b', blob.digest)
  })

  it('are unknown under the name of another repository, and where they were never given [P11]', async () => {
    const server = await start()
    const blob = randomBlob()
    const location = await startSession(server, 'a')
    await startSession(server, 'b')
    const paths = [location.replace('/v2/a/', '/v2/b/'), location.replace('/v2/a/', '/v2/a/a/'), location.slice(0, -1), `${location}0`]
    for (const path of [...paths, ...['0123', '%00', '..%2f', '0'.repeat(32), '__proto__'].map((id) => `/v2/a/blobs/uploads/${id}`)]) {
      await expectUnknown(server, path)
    }
    expect((await server.send('PUT', `${location}?digest=${blob.digest}`, { body: blob.bytes })).status).toBe(201)
  })

  it('expire after 24 hours without a byte [P11]', async () => {
    let time = Date.now()
    onTestFinished(() => {
      vi.useRealTimers()
    })
    vi.setSystemTime(time)
    const passes = (milliseconds: number): void => void vi.setSystemTime((time += milliseconds))
    const server = await start()
    const [written, idle] = [await startSession(server), await startSession(server)]
    passes(24 * hour - 1)
    await append(server, written, 'bytes')
    expect(await rangeOf(server, idle)).toBe('0-0')
    passes(1)
    await expectUnknown(server, idle)
    passes(24 * hour - 2)
    expect(await rangeOf(server, written)).toBe('0-4')
    passes(1)
    await expectUnknown(server, written)
  })
})

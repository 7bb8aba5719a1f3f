import { expect, it } from 'vitest'
import { onEachPair } from '../support/on-each-pair.js'
import { blobOf, pushBlob, randomBlob, type TestServer } from '../support/test-server.js'
import { answerTo, openRequest } from './support/requests.js'
import { append, arrivalOf, expectBlob, rangeOf, startSession } from './support/uploads.js'

interface HalfSent {
  /** Sends the rest, and gives the answer. */
  readonly finish: () => Promise<{ readonly status: number | undefined; readonly headers: object }>
}

/** A request that has written half of its bytes to storage. */
async function halfSent(server: TestServer, method: string, path: string, bytes: Uint8Array): Promise<HalfSent> {
  const half = bytes.length / 2
  const { arrival } = await arrivalOf(server, half)
  const opened = openRequest(server, method, path, { 'content-length': bytes.length })
  opened.write(bytes.subarray(0, half))
  await arrival
  return {
    finish: async () => {
      opened.end(bytes.subarray(half))
      const answer = await answerTo(opened)
      answer.resume()
      return { status: answer.statusCode, headers: answer.headers }
    },
  }
}

onEachPair('uploads at the same time', (start) => {
  it('all succeed where they are of one digest [P12]', async () => {
    const server = await start()
    const blob = randomBlob(50_000)
    const others = Array.from({ length: 10 }, (_, n) => `repository-${n}`)
    await Promise.all(Array.from({ length: 10 }, () => pushBlob(server, 'a', blob)))
    await Promise.all(others.map((repository) => pushBlob(server, repository, blob)))
    const post = (): Promise<Response> => server.send('POST', `/v2/a/blobs/uploads/?digest=${blob.digest}`, { body: blob.bytes })
    const posted = await Promise.all(Array.from({ length: 10 }, post))
    expect(posted.map(({ status }) => status)).toEqual(posted.map(() => 201))
    await Promise.all(['a', ...others].map((repository) => expectBlob(server, repository, blob.digest)))
    await server.registry.settled()
    // One copy is kept.
    expect((await server.objects()).filter((key) => key.startsWith('blobs/'))).toHaveLength(1)
    expect(await server.sessions()).toBe(0)
  })

  it.each(['PATCH', 'PUT'])('to one session: one wins, the other, a %s, is 416 with where the session stands now, and can go on [P12]', async (method) => {
    const server = await start()
    const [winner, loser] = [randomBlob(100), randomBlob(200)]
    const location = await startSession(server)
    const late = await halfSent(server, method, method === 'PUT' ? `${location}?digest=${loser.digest}` : location, loser.bytes)
    expect((await append(server, location, winner.bytes)).status).toBe(202)
    expect(await late.finish()).toMatchObject({ status: 416, headers: { location, range: '0-99' } })
    expect(await rangeOf(server, location)).toBe('0-99')
    const both = blobOf(Buffer.concat([winner.bytes, loser.bytes]))
    const closed = await server.send('PUT', `${location}?digest=${both.digest}`, { headers: { 'content-range': '100-299' }, body: loser.bytes })
    expect(closed.status).toBe(201)
    await expectBlob(server, 'a/b', both.digest)
  })

  it('to one session that one of them closes: the other finds no session [P11]', async () => {
    const server = await start()
    const [winner, loser] = [randomBlob(100), randomBlob(200)]
    const location = await startSession(server)
    const late = await halfSent(server, 'PATCH', location, loser.bytes)
    expect((await server.send('PUT', `${location}?digest=${winner.digest}`, { body: winner.bytes })).status).toBe(201)
    expect(await late.finish()).toMatchObject({ status: 404 })
    await expectBlob(server, 'a/b', winner.digest)
  })

  it('to one session, all at once: one wins each time, and no byte of the others is kept [P12]', async () => {
    const server = await start()
    const location = await startSession(server)
    const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => append(server, location, Buffer.alloc(100, n), '0-99')))
    const statuses = answers.map(({ status }) => status)
    expect(statuses.toSorted()).toEqual([202, ...Array.from({ length: 9 }, () => 416)])
    for (const { status, headers } of answers) {
      expect([headers.get('location'), headers.get('range')], String(status)).toEqual([location, '0-99'])
    }
    const kept = blobOf(Buffer.alloc(100, statuses.indexOf(202)))
    expect((await server.send('PUT', `${location}?digest=${kept.digest}`)).status).toBe(201)
  })
})

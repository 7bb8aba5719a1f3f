import { Agent, request } from 'node:http'
import { expect, it } from 'vitest'
import { onEachPair } from '../support/on-each-pair.js'
import { randomBlob, type TestServer } from '../support/test-server.js'
import { expectBlob, rangeOf, startSession } from './support/uploads.js'

/** Sends each byte in a PATCH of its own, one after the other on one connection. */
async function appendEach({ port }: TestServer, path: string, bytes: Uint8Array): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  try {
    for (let at = 0; at < bytes.length; at++) {
      const status = await new Promise((resolve, reject) => {
        request({ port, path, agent, method: 'PATCH', headers: { 'content-length': 1, 'content-range': `${at}-${at}` } }, (response) => {
          response.resume().once('end', () => {
            resolve(response.statusCode)
          })
        })
          .once('error', reject)
          .end(bytes.subarray(at, at + 1))
      })
      if (status !== 202) throw new Error(`byte ${at} was answered ${String(status)}`)
    }
  } finally {
    agent.destroy()
  }
}

onEachPair('chunks of one byte', (start, { many }) => {
  it('neither break nor bloat a session, however many they are [P10]', { timeout: 300_000 }, async () => {
    const server = await start()
    const blob = randomBlob(many)
    const location = await startSession(server)
    await appendEach(server, location, blob.bytes)
    expect(await rangeOf(server, location)).toBe(`0-${many - 1}`)
    await server.registry.settled()
    const named = (await server.objects()).filter((key) => key.startsWith('blobs/'))
    expect(named.length).toBeLessThanOrEqual(64)
    expect((await server.send('PUT', `${location}?digest=${blob.digest}`)).status).toBe(201)
    await server.registry.settled()
    expect((await server.objects()).filter((key) => key.startsWith('blobs/')).length).toBeLessThanOrEqual(64)
    await expectBlob(server, 'a/b', blob.digest)
  })
})

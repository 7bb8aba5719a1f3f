import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../support/test-server.js'
import { indexType } from './support/manifests.js'
import { answerTo } from './support/raw-client.js'

/** A server that logs everything into an array, as it would be written to a file. */
async function loggingServer(): Promise<{ readonly server: TestServer; readonly written: string[] }> {
  const written: string[] = []
  const logger = pino({ level: 'trace' }, { write: (text: string) => void written.push(text) })
  return { server: await startTestServer({ logger }), written }
}

const forged = '{"level":30,"msg":"forged"}'

describe('what a client sends', () => {
  it('never makes a line of the log of its own, and no colour in a terminal [S10]', async () => {
    const { server, written } = await loggingServer()
    const odd = ['%0D%0A', '%0a', '\u001b[31m', '\u009b31m', '%1b%5b2J', '\u2028', '\u0085', '\u0007', '\t', '"', "\\'\\\\n", '%00', '\u202e', '\r', '\u0000'].map((text) => text + forged)
    for (const text of odd) {
      const bytes = (request: string): Buffer => Buffer.from(request, 'utf8')
      await answerTo(server.port, bytes(`GET /v2/${text}/manifests/v1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`))
      await answerTo(server.port, bytes(`GET /v2/a/tags/list?last=${text}&n=${text} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`))
      for (const name of ['User-Agent', 'Host', 'X-Request-Id', 'Referer', 'Authorization', 'Content-Type', 'Content-Range', 'Range', 'If-None-Match', 'Origin', 'Expect', 'X-Forwarded-For']) {
        await answerTo(server.port, bytes(`PUT /v2/a/manifests/v1 HTTP/1.1\r\n${name === 'Host' ? '' : 'Host: x\r\n'}${name}: ${text}\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}`))
      }
      await answerTo(server.port, bytes(`${text} /v2/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`))
      for (const document of [{ schemaVersion: text }, { schemaVersion: 2, mediaType: text, manifests: [] }, { schemaVersion: 2, manifests: [{ mediaType: text, digest: text, size: text }] }, { schemaVersion: 2, manifests: [], annotations: { [text]: text } }]) {
        await server.send('PUT', '/v2/a/manifests/v1', { headers: { 'content-type': indexType }, body: JSON.stringify(document) })
      }
      await server.send('PUT', '/v2/a/manifests/v1', { headers: { 'content-type': indexType }, body: text })
    }
    expect(written.length).toBeGreaterThan(100)
    for (const text of written) {
      expect(text.endsWith('\n')).toBe(true)
      const line = text.slice(0, -1)
      expect(Array.from(line, (character) => character.charCodeAt(0)).filter((code) => code < 32 || code === 127)).toEqual([])
      expect(() => JSON.parse(line) as unknown).not.toThrow()
      // As members of the record; within a string their quotation marks are escaped.
      expect(line).not.toContain('"msg":"forged"')
    }
    const requests = written.filter((text) => text.includes('"msg":"request"'))
    for (const text of requests) expect(Object.keys(JSON.parse(text) as object).sort()).toEqual(['hostname', 'level', 'method', 'milliseconds', 'msg', 'pid', 'reqId', 'status', 'time', 'url'])
  }, 60_000)

  it('has one record for each request, with its own id and nothing secret [S10]', async () => {
    const { server, written } = await loggingServer()
    for (let n = 0; n < 3; n++) await server.send('GET', '/v2/', { headers: { authorization: 'Basic c2VjcmV0', cookie: 'secret', 'request-id': 'chosen', 'x-request-id': 'chosen' } })
    await expect.poll(() => written.filter((text) => text.includes('"msg":"request"')).length, { timeout: 10_000 }).toBe(3)
    const ids = written.filter((text) => text.includes('"msg":"request"')).map((text) => (JSON.parse(text) as { readonly reqId: string }).reqId)
    expect(new Set(ids).size).toBe(3)
    for (const text of written) expect(text).not.toMatch(/c2VjcmV0|cookie|chosen/)
  })
})

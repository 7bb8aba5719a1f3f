import { expect, it } from 'vitest'
import { onEachPair } from '../support/on-each-pair.js'
import type { TestServer } from '../support/test-server.js'
import { contentOf, randomContent } from './support/content.js'
import { configType, descriptorOf, imageOf } from './support/documents.js'
import { legacyCodes, specifiedCodes } from './support/error-codes.js'
import { preparedImage, pushManifest, putManifest } from './support/manifests.js'
import { startSession } from './support/sessions.js'
import { pushContent } from './support/upload-flows.js'

const absent = contentOf('absent').digest

/** Requests that are refused. */
const refused: readonly (readonly [what: string, status: number, request: (server: TestServer) => Promise<Response>])[] = [
  ['a repository that is none', 404, ({ send }) => send('GET', '/v2/nobody/tags/list')],
  ['a manifest that is not there', 404, async (server) => {
    await pushManifest(server, 'a', await preparedImage(server, 'a'))
    return server.send('GET', '/v2/a/manifests/missing')
  }],
  ['a blob that is not there', 404, ({ send }) => send('GET', `/v2/a/blobs/${absent}`)],
  ['an upload that is not there', 404, ({ send }) => send('PATCH', `/v2/a/blobs/uploads/${'0'.repeat(32)}`, { body: 'bytes' })],
  ['a name that is none', 400, ({ send }) => send('POST', '/v2/A/blobs/uploads/')],
  ['a digest that is none', 400, ({ send }) => send('GET', '/v2/a/blobs/sha256:no')],
  ['a digest of other bytes', 400, ({ send }) => send('POST', `/v2/a/blobs/uploads/?digest=${absent}`, { body: 'bytes' })],
  ['a tag that is none', 400, async (server) => putManifest(server, 'a', '.tag', await preparedImage(server, 'a'))],
  ['a manifest that is no JSON', 400, async (server) => {
    return putManifest(server, 'a', 'v1', { ...(await preparedImage(server, 'a')), bytes: Buffer.from('{') })
  }],
  ['a manifest without its blobs', 400, (server) => putManifest(server, 'a', 'v1', imageOf(descriptorOf(configType, randomContent()), []))],
  ['a manifest that is too large', 413, async (server) => {
    return putManifest(server, 'a', 'v1', await preparedImage(server, 'a', 'sha256', { large: 'x'.repeat(4 * 1024 * 1024) }))
  }],
  ['a chunk that is too short', 400, async (server) => {
    return server.send('PATCH', await startSession(server), { headers: { 'content-range': '0-9' }, body: 'bytes' })
  }],
  ['a chunk out of order', 416, async (server) => {
    return server.send('PATCH', await startSession(server), { headers: { 'content-range': '5-9' }, body: 'bytes' })
  }],
  ['a range behind the end of a blob', 416, async (server) => {
    const blob = contentOf('bytes')
    await pushContent(server, 'a', blob)
    return server.send('GET', `/v2/a/blobs/${blob.digest}`, { headers: { range: 'bytes=10-' } })
  }],
  ['a number of tags that is none', 400, ({ send }) => send('GET', '/v2/a/tags/list?n=x')],
  ['a path that is no endpoint', 404, ({ send }) => send('GET', '/v2/a/nothing')],
  ['headers that are too large', 431, ({ send }) => send('GET', '/v2/', { headers: { 'x-large': 'x'.repeat(70_000) } })],
  ['a method that an endpoint does not have', 405, ({ send }) => send('DELETE', '/v2/a/tags/list')],
]

interface SpecifiedErrors {
  readonly errors: readonly { readonly code: string; readonly message?: unknown }[]
}

onEachPair('errors', (start) => {
  it.each(refused)('have the form that the specification gives, for %s [error-format] [error-code-form] [error-message]', async (_what, status, request) => {
    const response = await request(await start())
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toBe('application/json')
    const body = (await response.json()) as SpecifiedErrors
    expect(Object.keys(body)).toEqual(['errors'])
    expect(body.errors.length).toBeGreaterThan(0)
    for (const error of body.errors) {
      expect(error.code).toMatch(/^[A-Z_]+$/)
      expect(error.message).toMatch(/ /)
      expect(['code', 'message', 'detail']).toEqual(expect.arrayContaining(Object.keys(error)))
    }
  })

  it.each(refused)('have a code of the specification, for %s [error-code-list]', async (_what, _status, request) => {
    const response = await request(await start())
    const { errors } = (await response.json()) as SpecifiedErrors
    for (const { code } of errors) expect([...specifiedCodes, ...legacyCodes]).toContain(code)
  })

  it('say after what time to come again, for too many requests [error-retry-after] [error-code-list]', async () => {
    const { send } = await start({ limits: { uploadsAtOnce: 0 } })
    const response = await send('POST', `/v2/a/blobs/uploads/?digest=${absent}`, { body: 'bytes' })
    expect(response.status).toBe(429)
    expect(response.headers.get('retry-after')).toMatch(/^\d+$/)
    expect(((await response.json()) as SpecifiedErrors).errors.map(({ code }) => code)).toEqual(['TOOMANYREQUESTS'])
  })
})

import { type Driver, type ErrorCode, RegistryError } from '@registry/core'
import { expect, it } from 'vitest'
import { emptyIndex, indexType, pushManifest } from '../sockets/support/manifests.js'
import { answerTo, rawClient, statuses } from '../sockets/support/raw-client.js'
import { onEachPair } from '../support/on-each-pair.js'
import { pushBlob, pushedImage, imageType, randomBlob, type TestServer } from '../support/test-server.js'

const digest = `sha256:${'0'.repeat(64)}`

/** A driver that fails to take anything, once it is told to. */
function failing(code: ErrorCode): { readonly wrap: (driver: Driver) => Driver; fail: boolean } {
  const switched = {
    fail: false,
    wrap: (driver: Driver): Driver => ({
      ...driver,
      put: async (key, body, options) => {
        if (switched.fail) throw new RegistryError(code, 'a secret of the storage')
        return driver.put(key, body, options)
      },
    }),
  }
  return switched
}

async function expectForm(response: Response, status: number, code: string): Promise<void> {
  const text = await response.text()
  expect([response.status, response.headers.get('content-type')], text).toEqual([status, 'application/json'])
  const { errors, ...rest } = JSON.parse(text) as { errors: readonly { code: string; message: string; detail?: unknown }[] }
  expect(rest).toEqual({})
  expect(errors.length).toBeGreaterThan(0)
  for (const error of errors) {
    expect(error.code).toMatch(/^[A-Z_]+$/)
    expect(error).toEqual({ code, message: expect.any(String) as string, ...('detail' in error && { detail: expect.anything() as unknown }) })
    expect(error.message).not.toBe('')
  }
  expect(text).not.toContain('secret')
  expect(response.headers.get('docker-distribution-api-version')).toBe('registry/2.0')
}

/** Answers one after the other, of which each is of our making. */
function expectOurs(text: string): void {
  expect(statuses(text).length).toBeGreaterThan(0)
  for (const answer of text.split(/(?=HTTP\/1\.1 )/)) {
    expect(answer).toMatch(/docker-distribution-api-version: registry\/2\.0/i)
    if (statuses(answer)[0]! >= 400) expect(answer).toMatch(/\r\n\r\n\{"errors":\[\{"code":"[A-Z_]+"/)
  }
}

onEachPair('errors', (start) => {
  const requests: readonly (readonly [status: number, code: string, method: string, path: string, body?: string])[] = [
    [400, 'NAME_INVALID', 'GET', '/v2/A/tags/list'],
    [400, 'TAG_INVALID', 'PUT', '/v2/a/manifests/-bad', '{}'],
    [400, 'DIGEST_INVALID', 'GET', '/v2/a/blobs/sha256:zz'],
    [400, 'MANIFEST_INVALID', 'PUT', '/v2/a/manifests/v1', 'no JSON'],
    [400, 'MANIFEST_BLOB_UNKNOWN', 'PUT', '/v2/a/manifests/v1', JSON.stringify({ schemaVersion: 2, mediaType: imageType, config: { mediaType: 'x', digest, size: 1 }, layers: [{ mediaType: 'x', digest: digest.replace('0', '1'), size: 1 }] })],
    [400, 'PAGINATION_NUMBER_INVALID', 'GET', '/v2/_catalog?n=x'],
    [404, 'NAME_UNKNOWN', 'GET', '/v2/a/tags/list'],
    [404, 'NAME_UNKNOWN', 'GET', '/v2/a/manifests/v1'],
    [404, 'BLOB_UNKNOWN', 'GET', `/v2/a/blobs/${digest}`],
    [404, 'BLOB_UPLOAD_UNKNOWN', 'GET', `/v2/a/blobs/uploads/${'0'.repeat(32)}`],
    [404, 'UNSUPPORTED', 'GET', '/v2/a'],
    [405, 'UNSUPPORTED', 'POST', '/v2/'],
    [413, 'SIZE_INVALID', 'PUT', '/v2/a/manifests/v1', ' '.repeat(2000)],
  ]
  it.each(requests.map(([status, code, method, path, body]) => ({ status, code, method, path, body })))('are JSON of one form: $status $code for $method $path [P38]', async ({ status, code, method, path, body }) => {
    const server = await start({ policy: { manifestBytes: 1000 } })
    await expectForm(await server.send(method, path, body === undefined ? {} : { headers: { 'content-type': imageType }, body }), status, code)
  })

  it('are JSON of that form also for a range that is none, and where there is too much at once [P38]', async () => {
    const server = await start({ limits: { uploadsAtOnce: 0 } })
    const open = await start()
    const blob = randomBlob(10)
    await pushBlob(open, 'a', blob)
    await pushManifest(open, 'a', 'v1', emptyIndex())
    await expectForm(await open.send('GET', `/v2/a/blobs/${blob.digest}`, { headers: { range: 'bytes=10-' } }), 416, 'SIZE_INVALID')
    await expectForm(await open.send('GET', '/v2/a/manifests/v2'), 404, 'MANIFEST_UNKNOWN')
    await expectForm(await server.send('PUT', '/v2/a/manifests/v1', { body: '{}' }), 429, 'TOOMANYREQUESTS')
  })

  it.each<readonly [status: number, code: string, of: ErrorCode]>([
    [500, 'UNKNOWN', 'ACCESS_DENIED'], [500, 'UNKNOWN', 'INTERNAL'], [503, 'UNAVAILABLE', 'UNAVAILABLE'], [507, 'NO_SPACE', 'NO_SPACE'],
  ])('of storage are JSON of that form as well, and tell nothing of it: %d %s where it says %s [P38]', async (status, code, of) => {
    const driver = failing(of)
    const server = await start({ wrap: driver.wrap })
    const session = (await server.send('POST', '/v2/a/blobs/uploads/')).headers.get('location')!
    driver.fail = true
    await expectForm(await server.send('PATCH', session, { body: 'x' }), status, code)
  })

  it.each([
    ['nonsense', 'nonsense\r\n\r\n', 400], ['too large a header', `GET /v2/ HTTP/1.1\r\nHost: x\r\nA: ${'a'.repeat(70_000)}\r\n\r\n`, 431],
    ['a header with a space in its name', 'GET /v2/ HTTP/1.1\r\nHost: x\r\nHost : y\r\n\r\n', 400],
  ])('are JSON of that form before there is a request, such as for %s [P38]', async (_, text, status) => {
    const server = await start()
    const answer = await answerTo(server.port, text)
    const [head, body] = answer.split('\r\n\r\n') as [string, string]
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [^]*Content-Type: application/json\r\n`))
    expect(JSON.parse(body)).toEqual({ errors: [{ code: expect.stringMatching(/^[A-Z_]+$/) as string, message: expect.any(String) as string }] })
  })

  it.each([
    ['a request without a Host', 'GET /v2/ HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    ['a request with two of them', 'GET /v2/ HTTP/1.1\r\nHost: x\r\nHost: y\r\nConnection: close\r\n\r\n', 400],
    ['an expectation that nobody knows', 'GET /v2/ HTTP/1.1\r\nHost: x\r\nExpect: a miracle\r\nConnection: close\r\n\r\n', 417],
  ])('are JSON of that form where Node itself would answer: %s [P38]', async (_, text, status) => {
    const server = await start()
    const answer = await answerTo(server.port, text)
    expect(statuses(answer)).toEqual([status])
    expectOurs(answer)
  })

  it('are JSON of that form while the server closes, for a request that comes on a connection in use [P38]', async () => {
    const answer = await secondWhileClosing(await start())
    expect(statuses(answer)[0]).toBe(202)
    expect(answer.toLowerCase()).toContain('connection: close')
    expectOurs(answer)
  })

  it('have no body where HEAD asks, and the status of GET [P38]', async () => {
    const server = await start()
    await pushManifest(server, 'a', 'v1', await pushedImage(server, 'a'), imageType)
    const paths = [
      '/v2/A/manifests/v1', '/v2/b/manifests/v1', '/v2/a/manifests/v2', '/v2/a/manifests/sha256:zz', `/v2/a/blobs/${digest}`, '/v2/a/blobs/sha256:zz', '/v2/b/tags/list', '/v2/a/tags/list?n=x', '/v2/_catalog?n=x',
      '/v2/a/referrers/v1', '/v2/a', '/nothing', '/v2/%zz/manifests/v1', '/v2/a/blobs/uploads/',
    ]
    for (const path of paths) {
      const [get, head] = [await server.send('GET', path), await server.send('HEAD', path)]
      expect([head.status, await head.text()], path).toEqual([get.status, ''])
      const raw = await answerTo(server.port, `HEAD ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
      expect(raw.split('\r\n\r\n')[1], path).toBe('')
    }
  })

  it('name each field once and do not repeat what is long [P38]', async () => {
    const server = await start()
    const response = await server.send('PUT', `/v2/${'A'.repeat(20_000)}/manifests/v1`, { headers: { 'content-type': indexType }, body: '{}' })
    expect([response.status, (await response.text()).length < 2000]).toEqual([400, true])
  })
})

/** What a connection in the middle of an answer gets for a further request after the server began to close. */
async function secondWhileClosing(server: TestServer): Promise<string> {
  const session = (await server.send('POST', '/v2/a/blobs/uploads/')).headers.get('location')!
  const client = rawClient(server.port)
  client.write(`PATCH ${session} HTTP/1.1\r\nHost: x\r\nContent-Length: 100001\r\n\r\n${'a'.repeat(100_000)}`)
  await server.arrived(100_000)
  const closed = server.server.close({ graceMilliseconds: 5_000 })
  client.write('aGET /v2/ HTTP/1.1\r\nHost: x\r\n\r\n')
  const answer = await client.ended
  await closed
  return answer
}

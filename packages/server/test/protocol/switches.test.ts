import { describe, expect, it } from 'vitest'
import { emptyIndex, indexType, pushManifest, subjectOf } from '../sockets/support/manifests.js'
import { onEachPair } from '../support/on-each-pair.js'
import { errorCodes, pushBlob, randomBlob, startTestServer, type TestServer } from '../support/test-server.js'
import { createServer, type ServerOptions } from '../../src/server.js'

const manifest = emptyIndex()
const blob = randomBlob()

/** What a registry has that can be changed. */
interface Contents {
  readonly session: string
  readonly everything: () => Promise<unknown>
}

/** Fills a registry through a server without switches. */
async function filled(server: TestServer): Promise<Contents> {
  const open = await createServer(server.registry)
  const { url } = await open.listen({ port: 0 })
  const free: TestServer = { ...server, url, send: (method, path, options) => fetch(url + path, { method, ...options }) }
  await pushManifest(free, 'a', 'v1', manifest)
  await pushBlob(free, 'a', blob)
  const session = (await free.send('POST', '/v2/a/blobs/uploads/')).headers.get('location')!
  await free.send('PATCH', session, { body: 'x' })
  await open.close()
  const paths = ['/v2/_catalog', '/v2/a/tags/list', '/v2/a/manifests/v1', `/v2/a/manifests/${manifest.digest}`, `/v2/a/blobs/${blob.digest}`, session]
  const everything = async (): Promise<unknown> => {
    const answers = await Promise.all(paths.map(async (path) => {
      const response = await server.send('GET', path)
      return [path, response.status, response.headers.get('range'), await response.text()]
    }))
    return [answers, await server.sessions(), await server.objects()]
  }
  return { session, everything }
}

type Attempt = readonly [method: string, path: string, allow: string, body?: string]

function deletes(session: string, allow: Readonly<Record<'manifest' | 'blob' | 'session', string>>): readonly Attempt[] {
  return [
    ['DELETE', '/v2/a/manifests/v1', allow.manifest],
    ['DELETE', '/v2/a/manifests/nothing', allow.manifest],
    ['DELETE', `/v2/a/manifests/${manifest.digest}`, allow.manifest],
    ['DELETE', `/v2/a/manifests/${manifest.digest.replace(':', '%3A')}`, allow.manifest],
    ['DELETE', `/v2/a/blobs/${blob.digest}`, allow.blob],
    ['DELETE', session, allow.session],
    ['DELETE', `${session}?_method=GET`, allow.session],
  ]
}

function writes(session: string): readonly Attempt[] {
  return [
    ['POST', '/v2/a/blobs/uploads/', 'OPTIONS'],
    ['POST', '/v2/a/blobs/uploads', 'OPTIONS'],
    ['POST', `/v2/a/blobs/uploads/?digest=${blob.digest}`, 'OPTIONS', 'x'],
    ['POST', `/v2/b/blobs/uploads/?mount=${blob.digest}&from=a`, 'OPTIONS'],
    ['PATCH', session, 'GET, OPTIONS', 'x'],
    ['PUT', `${session}?digest=${blob.digest}`, 'GET, OPTIONS', 'x'],
    ['PUT', '/v2/a/manifests/v1', 'GET, HEAD, OPTIONS', '{}'],
    ['PUT', `/v2/a/manifests/${manifest.digest}?tag=v2`, 'GET, HEAD, OPTIONS', manifest.bytes.toString()],
  ]
}

async function expectRefused(server: TestServer, attempts: readonly Attempt[]): Promise<void> {
  for (const [method, path, allow, body] of attempts) {
    const response = await server.send(method, path, { headers: { 'content-type': indexType, 'x-http-method-override': 'GET' }, ...(body !== undefined && { body }) })
    expect([response.status, response.headers.get('allow'), await errorCodes(response)], `${method} ${path}`).toEqual([405, allow, ['UNSUPPORTED']])
    const options = await server.send('OPTIONS', path)
    expect(options.headers.get('allow'), path).toBe(allow)
    // Neither does it work under another method.
    const overridden = await server.send('POST', path, { headers: { 'x-http-method-override': method } })
    if (!allow.includes('POST') && !path.includes('/uploads')) expect(overridden.status, path).toBe(405)
  }
}

onEachPair('a server', (start) => {
  it('without deletes refuses every route that would: tags, manifests, blobs and uploads [S3]', async () => {
    const server = await start({ deletes: false })
    const { session, everything } = await filled(server)
    const before = await everything()
    await expectRefused(server, deletes(session, { manifest: 'GET, HEAD, PUT, OPTIONS', blob: 'GET, HEAD, OPTIONS', session: 'GET, PATCH, PUT, OPTIONS' }))
    expect(await everything()).toEqual(before)
    await pushManifest(server, 'a', 'v2', emptyIndex(subjectOf(manifest)))
    await pushBlob(server, 'a', randomBlob())
  })

  it.each([{ readOnly: true }, { readOnly: true, deletes: false }] satisfies ServerOptions[])('that is read-only refuses whatever would change something: %j [S3]', async (options) => {
    const server = await start(options)
    const { session, everything } = await filled(server)
    const before = await everything()
    await expectRefused(server, [...writes(session), ...deletes(session, { manifest: 'GET, HEAD, OPTIONS', blob: 'GET, HEAD, OPTIONS', session: 'GET, OPTIONS' })])
    expect(await everything()).toEqual(before)
    expect((await server.send('HEAD', `/v2/a/blobs/${blob.digest}`)).status).toBe(200)
  })
})

describe('the public URL', () => {
  /** `Location` and `Link` of everything that has them. */
  async function links(server: TestServer): Promise<readonly string[]> {
    const location = async (response: Promise<Response>): Promise<string> => (await response).headers.get('location')!
    const session = await location(server.send('POST', '/v2/a/blobs/uploads/'))
    const path = `/v2/${session.split('/v2/')[1]!}`
    const found = [session, await location(server.send('PATCH', path, { body: blob.bytes })), await location(server.send('GET', path)), await location(server.send('PATCH', path, { headers: { 'content-range': '7-7' }, body: 'x' }))]
    found.push(await location(server.send('PUT', `${path}?digest=${blob.digest}`)), await location(server.send('POST', `/v2/b/blobs/uploads/?mount=${blob.digest}&from=a`)))
    found.push(await location(server.send('POST', `/v2/b/blobs/uploads/?digest=${blob.digest}`, { body: blob.bytes })))
    for (const name of ['a', 'b']) for (const tag of ['v1', 'v2']) found.push((await pushManifest(server, name, tag, manifest)).headers.get('location')!)
    for (const n of [1, 2]) await pushManifest(server, 'a', `r${n}`, emptyIndex({ ...subjectOf(manifest), n }))
    for (const list of ['/v2/a/tags/list?n=1', '/v2/_catalog?n=1', `/v2/a/referrers/${manifest.digest}`]) found.push(/^<(.*)>; rel="next"$/.exec((await server.send('GET', list)).headers.get('link')!)![1]!)
    return found
  }
  const limits = { referrersBytes: 1 }

  it('is what Location and Link begin with, path and all; without one they are paths [S7]', async () => {
    const cases = [
      [undefined, '/v2/'], ['https://registry.example.com', 'https://registry.example.com/v2/'], ['http://registry.example.com:8080/', 'http://registry.example.com:8080/v2/'],
      ['https://example.com/path/of/it//', 'https://example.com/path/of/it/v2/'], ['HTTPS://EXAMPLE.com/Path', 'https://example.com/Path/v2/'],
    ] as const
    for (const [publicUrl, beginning] of cases) {
      for (const link of await links(await startTestServer({ limits, ...(publicUrl !== undefined && { publicUrl }) }))) expect(link.slice(0, beginning.length), link).toBe(beginning)
    }
  })

  const isRefused = async (publicUrl: string): Promise<void> => {
    const { registry } = await startTestServer()
    await expect(createServer(registry, { publicUrl }), publicUrl).rejects.toMatchObject({ code: 'CONFIG' })
  }

  it.each(['', 'nonsense', 'registry.example.com', '//registry.example.com', 'ftp://example.com', 'javascript:alert(1)', 'file:///etc/passwd', 'https://example.com/?a=b', 'https://example.com/#a', 'https://user:password@example.com'])(
    'is refused where it is none: %j [S7]',
    async (publicUrl) => isRefused(publicUrl),
  )

  it.each(['https://example.com/?', 'https://example.com/#', 'https://:password@example.com'])('is refused where it has what no link can have: %j [S7]', async (publicUrl) => isRefused(publicUrl))
})

import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { emptyIndex, pushManifest } from '../sockets/support/manifests.js'
import { answerTo, statuses } from '../sockets/support/raw-client.js'
import { onEachPair } from '../support/on-each-pair.js'
import { blobOf, errorCodes, imageManifest, imageType, pushBlob, randomBlob, startTestServer, type TestServer } from '../support/test-server.js'

const longest = `${'a'.repeat(127)}/${'b'.repeat(127)}`
const legal = ['a', '0', 'a.b', 'a_b', 'a__b', 'a-b', 'a---b', 'a/b/c/d/e/f', '0/1', 'a-0_1.2__3', 'x'.repeat(255), longest]
const illegal = [
  'A', 'aB', 'a/B', '_a', 'a_', '-a', 'a-', '.a', 'a.', 'a..b', 'a._b', 'a___b', 'a_-b', 'a//b', '/a', 'a/', 'a/_b', '.', '..', 'a/../b', 'a/.', 'a+b', 'a@b', 'a:b', 'a b', 'a\\b',
  'é', 'a%2Fb', 'a%2fb', '%61', 'a%00', 'a%2e%2e', '%2e%2e', '%zz', 'x'.repeat(256), `${longest}b`, '_catalog', '~a', 'a,b', 'constructor!', '__proto__',
]
const reserved = [
  'a/blobs/uploads', 'blobs/uploads', 'x/manifests', 'manifests', 'tags/list', 'tags', 'list', 'v2', 'v2/v2', 'blobs', 'uploads', 'referrers', 'referrers/x', 'x/referrers', 'a/blobs', 'a/blobs/uploads/b',
  'a/manifests/v1', 'a/tags', 'a/tags/list', 'livez', 'catalog', 'manifests/manifests', 'blobs/uploads/blobs/uploads', 'tags/list/tags/list',
]

/** Every request of a push, a pull and a delete. */
async function pushPullDelete(server: TestServer, name: string): Promise<void> {
  const [config, layer] = [blobOf(`{"of":${JSON.stringify(name)}}`), randomBlob()]
  await pushBlob(server, name, config)
  const started = await server.send('POST', `/v2/${name}/blobs/uploads`)
  const session = started.headers.get('location')!
  expect(session).toMatch(new RegExp(`^/v2/${name}/blobs/uploads/[0-9a-f]{32}$`))
  const patched = await server.send('PATCH', session, { body: layer.bytes })
  expect([patched.status, patched.headers.get('location'), (await server.send('GET', session)).status]).toEqual([202, session, 204])
  const closed = await server.send('PUT', `${session}?digest=${layer.digest}`)
  expect([closed.status, closed.headers.get('location')]).toEqual([201, `/v2/${name}/blobs/${layer.digest}`])

  const cancelled = (await server.send('POST', `/v2/${name}/blobs/uploads/`)).headers.get('location')!
  expect((await server.send('DELETE', cancelled)).status).toBe(204)
  const manifest = imageManifest(config, [layer])
  const pushed = await pushManifest(server, name, 'list', manifest, imageType)
  expect(pushed.headers.get('location')).toBe(`/v2/${name}/manifests/${manifest.digest}`)
  for (const reference of ['list', manifest.digest]) {
    expect(await (await server.send('GET', `/v2/${name}/manifests/${reference}`)).text()).toBe(manifest.bytes.toString())
    expect((await server.send('HEAD', `/v2/${name}/manifests/${reference}`)).headers.get('docker-content-digest')).toBe(manifest.digest)
  }
  expect(Buffer.from(await (await server.send('GET', `/v2/${name}/blobs/${layer.digest}`)).arrayBuffer())).toEqual(layer.bytes)
  expect(await (await server.send('GET', `/v2/${name}/tags/list`)).json()).toEqual({ name, tags: ['list'] })
  expect((await server.send('GET', `/v2/${name}/referrers/${manifest.digest}`)).status).toBe(200)
  expect((await server.send('POST', `/v2/${name}/blobs/uploads/?mount=${layer.digest}&from=${name}`)).status).toBe(201)
  expect((await server.send('DELETE', `/v2/${name}/manifests/${manifest.digest}`)).status).toBe(202)
  expect((await server.send('DELETE', `/v2/${name}/blobs/${layer.digest}`)).status).toBe(202)
}

onEachPair('repositories', (start) => {
  it('may be called as parts of paths are, since names are read from the right [P40]', async () => {
    const server = await start()
    for (const name of reserved) await pushPullDelete(server, name)
    expect(await (await server.send('GET', '/v2/_catalog')).json()).toEqual({ repositories: [...reserved].sort() })
  })

  it('have names of at most 255 characters [P40]', async () => {
    const server = await start()
    for (const name of legal) await pushPullDelete(server, name)
    expect(await (await server.send('GET', '/v2/_catalog')).json()).toEqual({ repositories: [...legal].sort() })
  })
})

const digest = `sha256:${'0'.repeat(64)}`

describe('names', () => {
  it.each(illegal.map((name) => [name.length > 50 ? `${name.length} characters` : name, name] as const))('are never decoded, folded or cleaned: %s [P40]', async (_, name) => {
    const server = await startTestServer()
    for (const plain of ['a', 'a/b', 'b', 'ab']) await pushManifest(server, plain, 'v1', emptyIndex())
    const before = await server.objects()
    const requests: readonly (readonly [string, string])[] = [
      ['GET', 'manifests/v1'], ['PUT', 'manifests/v1'], ['DELETE', 'manifests/v1'], ['GET', 'tags/list'], ['GET', `referrers/${digest}`], ['GET', `blobs/${digest}`],
      ['POST', 'blobs/uploads/'], ['POST', `blobs/uploads/?mount=${digest}&from=a`], ['PATCH', `blobs/uploads/${'0'.repeat(32)}`],
    ]
    for (const [method, rest] of requests) {
      // As it stands: fetch would clean it.
      const answer = await answerTo(server.port, `${method} /v2/${name.replaceAll(' ', '%20')}/${rest} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
      expect(answer, `${method} ${rest}`).toMatch(/^HTTP\/1\.1 400 [^]*"(NAME_INVALID|UNSUPPORTED)"/)
    }
    expect(await server.objects()).toEqual(before)
  })

  it('with a slash at the end of a path are no endpoint [P40]', async () => {
    const server = await startTestServer()
    await pushManifest(server, 'a', 'v1', emptyIndex())
    for (const path of ['/v2/a/manifests/v1/', '/v2/a/tags/list/', `/v2/a/blobs/${digest}/`, `/v2/a/referrers/${digest}/`, '/v2/_catalog/']) {
      expect((await server.send('GET', path)).status, path).toBe(404)
    }
  })

  it('never become names of files, and neither do tags, digests and ids of sessions [S8]', async () => {
    const server = await startTestServer()
    await pushManifest(server, 'a', 'v1', emptyIndex())
    const before = await server.objects()
    const odd = ['..', '../..', '../../etc/passwd', '..%2f..%2fetc%2fpasswd', '%2e%2e/%2e%2e/registry.json', '..\\..\\x', '..%5cx', 'a%00b', '%00', '/etc/passwd', '....//x', '@tmp', '%c0%ae%c0%ae', '%252e%252e']
    for (const part of odd) {
      for (const path of [`/v2/${part}/manifests/v1`, `/v2/a/manifests/${part}`, `/v2/a/blobs/${part}`, `/v2/a/blobs/sha256:${part}`, `/v2/a/blobs/uploads/${part}`, `/v2/a/referrers/${part}`]) {
        for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
          const body = '{"schemaVersion":2,"manifests":[]}'
          const headers = `Content-Type: application/vnd.oci.image.index.v1+json\r\nContent-Length: ${body.length}`
          const answer = await answerTo(server.port, `${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers}\r\n\r\n${body}`)
          expect([400, 404, 405], `${method} ${path}: ${answer}`).toContain(statuses(answer)[0])
        }
      }
    }
    expect(await server.objects()).toEqual(before)
    // What is called as a file of ours is a repository or a tag all the same.
    await pushManifest(server, 'registry.json', 'registry.json', emptyIndex())
    await server.registry.check()
    for (const key of await server.objects()) expect(before.includes(key) || key.startsWith('repositories/'), key).toBe(true)
  })
})

describe('digests', () => {
  const hash = (algorithm: string, text: string): string => createHash(algorithm).update(text).digest('hex')
  const cases: readonly (readonly [string, string])[] = [
    ['md5', `md5:${hash('md5', 'x')}`], ['sha1', `sha1:${hash('sha1', 'x')}`], ['sha384', `sha384:${hash('sha384', 'x')}`], ['upper case', `sha256:${hash('sha256', 'x').toUpperCase()}`],
    ['an algorithm in upper case', `SHA256:${hash('sha256', 'x')}`], ['one digit more', `sha256:${hash('sha256', 'x')}0`], ['one less', `sha256:${hash('sha256', 'x').slice(1)}`],
    ['the length of the other', `sha512:${hash('sha256', 'x')}`], ['no digits', 'sha256:'], ['no algorithm', `:${hash('sha256', 'x')}`], ['no hexadecimal', `sha256:${'g'.repeat(64)}`],
    ['a line break', `sha256:${hash('sha256', 'x')}%0A`], ['an inherited name', `constructor:${hash('sha256', 'x')}`], ['several algorithms', `sha256+b64:${hash('sha256', 'x')}`],
  ]

  it.each(cases)('that have %s are 400, everywhere [S5]', async (_, digest) => {
    const server = await startTestServer()
    const session = (await server.send('POST', '/v2/a/blobs/uploads/')).headers.get('location')!
    await server.send('PATCH', session, { body: 'x' })
    const text = digest.replace('%0A', '\n')
    const descriptor = { mediaType: 'x', digest: text, size: 1 }
    const body = JSON.stringify({ schemaVersion: 2, manifests: [descriptor] })
    const headers = { 'content-type': 'application/vnd.oci.image.index.v1+json' }
    const requests = [
      server.send('GET', `/v2/a/blobs/${digest}`), server.send('DELETE', `/v2/a/blobs/${digest}`), server.send('GET', `/v2/a/manifests/${digest}`), server.send('DELETE', `/v2/a/manifests/${digest}`),
      server.send('PUT', `/v2/a/manifests/${digest}`, { headers, body: 'x' }), server.send('PUT', `${session}?digest=${digest}`), server.send('POST', `/v2/a/blobs/uploads/?digest=${digest}`, { body: 'x' }),
      server.send('POST', `/v2/a/blobs/uploads/?mount=${digest}&from=b`), server.send('GET', `/v2/a/referrers/${digest}`),
    ]
    for (const response of await Promise.all(requests)) expect([response.status, await errorCodes(response)], response.url).toEqual([400, ['DIGEST_INVALID']])
    expect((await server.send('HEAD', `/v2/a/blobs/${digest}`)).status).toBe(400)
    for (const document of [body, JSON.stringify({ schemaVersion: 2, manifests: [], subject: descriptor })]) {
      const pushed = await server.send('PUT', '/v2/a/manifests/v1', { headers, body: document })
      expect([pushed.status, await errorCodes(pushed)]).toEqual([400, ['MANIFEST_INVALID']])
    }
    expect((await server.send('GET', session)).headers.get('range')).toBe('0-0')
  })

  it('of algorithms that nobody knows are no way to begin an upload either [S5]', async () => {
    const server = await startTestServer()
    for (const algorithm of ['md5', 'sha1', 'SHA256', 'constructor', '__proto__', '']) {
      expect((await server.send('POST', `/v2/a/blobs/uploads/?digest-algorithm=${algorithm}`)).status, algorithm).toBe(400)
    }
  })
})

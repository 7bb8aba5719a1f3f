import { RegistryError } from '@registry/core'
import { describe, expect, it } from 'vitest'
import { parseRequest } from './parse-request.js'
import { QueryError } from './query-error.js'

const digest = `sha256:${'a'.repeat(64)}` as const

describe('parseRequest', () => {
  it('knows the endpoints', () => {
    expect(parseRequest('GET', '/v2/')).toEqual({ kind: 'version' })
    expect(parseRequest('GET', '/v2')).toEqual({ kind: 'version' })
    expect(parseRequest('HEAD', `/v2/a/b/blobs/${digest}`)).toEqual({ kind: 'blob-stat', repository: 'a/b', digest })
    expect(parseRequest('PATCH', '/v2/a/blobs/uploads/xyz')).toEqual({ kind: 'upload-append', repository: 'a', id: 'xyz' })
    expect(parseRequest('PUT', `/v2/a/blobs/uploads/xyz?digest=${digest}`)).toEqual({ kind: 'upload-finish', repository: 'a', id: 'xyz', digest })
    expect(parseRequest('GET', '/v2/a/manifests/v1')).toEqual({ kind: 'manifest-get', repository: 'a', reference: { kind: 'tag', tag: 'v1' } })
    expect(parseRequest('GET', '/v2/a/tags/list?n=5&last=x')).toEqual({ kind: 'tags-list', repository: 'a', limit: 5, after: 'x' })
    expect(parseRequest('HEAD', '/v1/search?q=a%20b&n=5&page=2')).toEqual({ kind: 'search', text: 'a b', pageSize: 5, page: 2 })
  })

  it.each(['/v2/a/blobs/uploads/', '/v2/a/blobs/uploads'])('starts an upload at %s', (path) => {
    expect(parseRequest('POST', path)).toEqual({ kind: 'upload-start', repository: 'a', digest: undefined, mount: undefined, algorithm: undefined })
  })

  it.each([
    ['GET', '/v2/a/blobs/uploads/manifests/latest', 'manifest-get', 'a/blobs/uploads'],
    ['POST', '/v2/a/blobs/uploads/blobs/uploads/', 'upload-start', 'a/blobs/uploads'],
    ['GET', `/v2/a/blobs/uploads/blobs/${digest}`, 'blob-get', 'a/blobs/uploads'],
    ['PATCH', '/v2/a/blobs/uploads/blobs/uploads/xyz', 'upload-append', 'a/blobs/uploads'],
    ['GET', '/v2/x/manifests/manifests/v1', 'manifest-get', 'x/manifests'],
    ['GET', '/v2/tags/list/tags/list', 'tags-list', 'tags/list'],
    ['GET', '/v2/v2/manifests/v2', 'manifest-get', 'v2'],
  ])('reads %s %s from the right', (method, path, kind, repository) => {
    expect(parseRequest(method, path)).toMatchObject({ kind, repository })
  })

  it('takes percent-encoded digests and tags', () => {
    expect(parseRequest('GET', `/v2/a/blobs/${digest.replace(':', '%3A')}`)).toMatchObject({ digest })
    expect(parseRequest('PUT', `/v2/a/blobs/uploads/x?digest=${encodeURIComponent(digest)}`)).toMatchObject({ digest })
  })

  it('takes a mount with its source, and without a usable one starts an ordinary upload', () => {
    expect(parseRequest('POST', `/v2/a/blobs/uploads/?mount=${digest}&from=b/c`)).toMatchObject({ mount: { digest, from: 'b/c' } })
    expect(parseRequest('POST', `/v2/a/blobs/uploads/?mount=${digest}`)).toMatchObject({ mount: { digest, from: undefined } })
    expect(parseRequest('POST', '/v2/a/blobs/uploads/?from=b')).toMatchObject({ mount: undefined })
    expect(parseRequest('POST', `/v2/a/blobs/uploads/?mount=${digest}&from=B`)).toMatchObject({ mount: undefined })
  })

  it.each([
    ['GET', '/v2/A/manifests/v1', 'NAME_INVALID'],
    ['GET', '/v2/a%2Fb/manifests/v1', 'NAME_INVALID'],
    ['GET', '/v2/a//b/manifests/v1', 'NAME_INVALID'],
    ['GET', '/v2/../b/manifests/v1', 'NAME_INVALID'],
    ['GET', '/v2//manifests/v1', 'NAME_INVALID'],
    ['GET', `/v2/${'a'.repeat(256)}/manifests/v1`, 'NAME_INVALID'],
    ['GET', '/v2/a/manifests/.bad', 'MANIFEST_UNKNOWN'],
    ['PUT', '/v2/a/manifests/.bad', 'TAG_INVALID'],
    ['PUT', '/v2/a/manifests/a%2F..%2Fb', 'TAG_INVALID'],
    ['GET', '/v2/a/manifests/md5:abc', 'DIGEST_INVALID'],
    ['GET', `/v2/a/blobs/${digest}a`, 'DIGEST_INVALID'],
    ['GET', `/v2/a/blobs/${digest.toUpperCase()}`, 'DIGEST_INVALID'],
    ['GET', '/v2/a/blobs/%00', 'DIGEST_INVALID'],
    ['PUT', '/v2/a/blobs/uploads/x', 'DIGEST_INVALID'],
    ['PUT', '/v2/a/blobs/uploads/x?digest=', 'DIGEST_INVALID'],
    ['POST', '/v2/a/blobs/uploads/?mount=nonsense&from=b', 'DIGEST_INVALID'],
    ['POST', '/v2/a/blobs/uploads/?digest-algorithm=md5', 'DIGEST_INVALID'],
  ] as const)('refuses %s %s with %s', (method, path, code) => {
    expect(() => parseRequest(method, path)).toThrow(expect.objectContaining({ code }) as Error)
  })

  it.each(['-1', '1e99', 'x', '', ' 1', '0x1', '1.0'])('refuses n=%s', (n) => {
    expect(() => parseRequest('GET', `/v2/a/tags/list?n=${n}`)).toThrow(QueryError)
  })

  it('tells what an endpoint allows, and knows nothing else', () => {
    expect(parseRequest('DELETE', '/v2/')).toEqual({ kind: 'method-not-allowed', allow: ['GET', 'HEAD', 'OPTIONS'] })
    expect(parseRequest('POST', '/v2/a/manifests/v1')).toEqual({ kind: 'method-not-allowed', allow: ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'] })
    expect(parseRequest('OPTIONS', '/v2/a/manifests/v1')).toEqual({ kind: 'methods', allow: ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'] })
    for (const path of ['', '/v1/', '/livez/', '/__proto__', '/v1/search/', '/v2/a', '/v2/a/blobs', '/v2/a/blobs/', '/v2/a/tags/', '/v2/a/manifests/', '/v2/a/tags/list/']) {
      expect(parseRequest('GET', path), path).toEqual({ kind: 'unknown' })
    }
  })

  it.each([
    ['/', 'welcome'],
    ['/_ping', 'ping'],
    ['/v1/_ping?x=1', 'ping'],
    ['/livez', 'alive'],
    ['/readyz', 'ready'],
  ])('%s is to be read, and not to be written', (path, kind) => {
    for (const method of ['GET', 'HEAD']) expect(parseRequest(method, path)).toEqual({ kind })
    expect(parseRequest('POST', path)).toEqual({ kind: 'method-not-allowed', allow: ['GET', 'HEAD', 'OPTIONS'] })
  })

  it('throws nothing but errors of the contract, whatever comes', () => {
    const pieces = ['v2', 'a', 'A', '..', '%', '%ff', '%00', 'blobs', 'uploads', 'manifests', 'tags', 'list', '', digest, ':', '?digest=', '?n=', '\u{1f600}', '__proto__']
    let state = 1
    const random = (): number => (state = (state * 48271) % 2147483647)
    for (let n = 0; n < 20_000; n++) {
      const url = `/v2/${Array.from({ length: random() % 7 }, () => pieces[random() % pieces.length]).join('/')}`
      const method = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'constructor'][random() % 6]!
      try {
        parseRequest(method, url)
      } catch (error) {
        if (!RegistryError.is(error) && !(error instanceof QueryError)) throw new Error(`${method} ${url}`, { cause: error })
      }
    }
  })
})

import { expect, it } from 'vitest'
import { emptyIndex, pushManifest } from '../sockets/support/manifests.js'
import { answerTo, statuses } from '../sockets/support/raw-client.js'
import { onEachPair } from '../support/on-each-pair.js'
import { errorCodes, pushBlob, randomBlob } from '../support/test-server.js'

const digest = `sha256:${'0'.repeat(64)}`
const endpoints: readonly (readonly [path: string, allow: string])[] = [
  ['/v2', 'GET, HEAD, OPTIONS'],
  ['/v2/', 'GET, HEAD, OPTIONS'],
  ['/v2/_catalog', 'GET, HEAD, OPTIONS'],
  ['/v1/search', 'GET, HEAD, OPTIONS'],
  ['/v2/a/tags/list', 'GET, HEAD, OPTIONS'],
  [`/v2/a/referrers/${digest}`, 'GET, HEAD, OPTIONS'],
  ['/v2/a/manifests/v1', 'GET, HEAD, PUT, DELETE, OPTIONS'],
  [`/v2/a/manifests/${digest}`, 'GET, HEAD, PUT, DELETE, OPTIONS'],
  [`/v2/a/blobs/${digest}`, 'GET, HEAD, DELETE, OPTIONS'],
  ['/v2/a/blobs/uploads/', 'POST, OPTIONS'],
  ['/v2/a/blobs/uploads', 'POST, OPTIONS'],
  [`/v2/a/blobs/uploads/${'0'.repeat(32)}`, 'GET, PATCH, DELETE, PUT, OPTIONS'],
]
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND', 'MKCOL', 'SEARCH', 'LINK', 'PURGE']
const unknown = [
  '/v1', '/v1/search/', '/v1/searches', '/v3/', '/V2/', '/v2x', '/v2/a', '/v2/_catalog/', '/v2/a/', '/v2/a/tags', '/v2/a/tags/', '/v2/a/tags/list/', '/v2/a/tags/lists',
  '/v2/a/manifests', '/v2/a/manifests/', '/v2/a/manifests/v1/', '/v2/a/blobs', '/v2/a/blobs/', '/v2/a/referrers', '/v2/a/referrers/', '/v2//', '/nothing', '/v2/__proto__', '/constructor',
]

onEachPair('methods', (start) => {
  it.each(endpoints)('%s has these and no others: %s [P41]', async (path, allow) => {
    const server = await start()
    for (const method of methods) {
      const response = await server.send(method, path)
      if (allow.split(', ').includes(method)) {
        expect(response.status, method).not.toBe(405)
        continue
      }
      expect([response.status, response.headers.get('allow')], method).toEqual([405, allow])
      if (method !== 'HEAD') expect(await errorCodes(response)).toEqual(['UNSUPPORTED'])
    }
    const options = await server.send('OPTIONS', path)
    expect([options.status, options.headers.get('allow'), await options.text()]).toEqual([204, allow, ''])
  })

  it('of paths that are no endpoint are 404, all of them [P41]', async () => {
    const server = await start()
    await pushManifest(server, 'a', 'v1', emptyIndex())
    for (const path of unknown) {
      for (const method of [...methods, 'OPTIONS']) {
        const response = await server.send(method, path)
        expect([response.status, response.headers.get('content-type')], `${method} ${path}`).toEqual([404, 'application/json'])
        if (method !== 'HEAD') expect(await errorCodes(response)).toEqual(['UNSUPPORTED'])
      }
    }
  })

  it('of the paths beside the API are 405 as well [P41]', async () => {
    const server = await start()
    for (const path of ['/', '/livez', '/readyz', '/_ping', '/v1/_ping']) {
      const response = await server.send('POST', path)
      expect([response.status, response.headers.get('allow')], path).toEqual([405, 'GET, HEAD, OPTIONS'])
    }
  })

  it('that HTTP does not know are refused, and do not harm who comes next [P41]', async () => {
    const server = await start()
    for (const method of ['FOO', 'get', 'GE T', '__proto__', '']) {
      expect(statuses(await answerTo(server.port, `${method} /v2/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)), method).toEqual([400])
    }
    for (const path of ['*', 'v2/']) {
      const answer = await answerTo(server.port, `OPTIONS ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
      expect(statuses(answer)[0], path).toBeLessThan(500)
    }
    expect((await server.send('GET', '/v2/')).status).toBe(200)
  })
})

onEachPair('browsers', (start) => {
  const origin = 'https://ui.example.com'

  it('are answered before anything else is asked, whatever is switched off or not there [P41]', async () => {
    const server = await start({ allowedOrigins: [origin], readOnly: true })
    for (const path of ['/v2/', '/v2/A//manifests/v1', '/v2/nothing/blobs/sha256:zz', '/v2/a/blobs/uploads/']) {
      const headers = { origin, 'access-control-request-method': 'PUT', 'access-control-request-headers': 'authorization,content-type' }
      const preflight = await server.send('OPTIONS', path, { headers })
      expect([preflight.status, preflight.headers.get('access-control-allow-origin')], path).toEqual([204, origin])
      expect(preflight.headers.get('access-control-allow-methods')).toBe('GET, HEAD, POST, PUT, PATCH, DELETE')
      expect(preflight.headers.get('access-control-allow-headers')).toBe('authorization,content-type')
    }
  })

  it('leave OPTIONS to others as it was: it tells the methods [P41]', async () => {
    const server = await start({ allowedOrigins: [origin] })
    const options = await server.send('OPTIONS', '/v2/a/tags/list')
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, OPTIONS'])
    expect((await server.send('OPTIONS', '/nothing')).status).toBe(404)
  })

  it('of allowed origins may read the answers and their headers, those of others may not [P39]', async () => {
    const server = await start({ allowedOrigins: [origin, 'http://localhost:3000'] })
    const blob = randomBlob()
    await pushBlob(server, 'a', blob)
    for (const path of ['/v2/', `/v2/a/blobs/${blob.digest}`, '/v2/a/manifests/v1', '/v2/A/tags/list', '/nothing']) {
      const allowed = await server.send('GET', path, { headers: { origin } })
      expect([allowed.headers.get('access-control-allow-origin'), allowed.headers.get('vary')], path).toEqual([origin, 'origin'])
      expect(allowed.headers.get('docker-distribution-api-version')).toBe('registry/2.0')
      const exposed = allowed.headers.get('access-control-expose-headers')!.split(', ')
      for (const name of ['Docker-Distribution-API-Version', 'Docker-Content-Digest', 'Link', 'Location', 'OCI-Subject', 'OCI-Filters-Applied', 'Range']) expect(exposed).toContain(name)
      for (const other of ['https://evil.example.com', `${origin}.evil.com`, 'null', 'https://UI.example.com']) {
        const refused = await server.send('GET', path, { headers: { origin: other } })
        expect([refused.headers.get('access-control-allow-origin'), refused.headers.get('vary')], other).toEqual([null, 'origin'])
      }
    }
    const preflight = await server.send('OPTIONS', '/v2/', { headers: { origin: 'https://evil.example.com', 'access-control-request-method': 'PUT' } })
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull()
  })

  it('of any origin may where the operator says *, and of none where he says nothing [P39]', async () => {
    const [all, none] = [await start({ allowedOrigins: ['*'] }), await start()]
    const headers = { origin, 'access-control-request-method': 'PUT' }
    for (const method of ['GET', 'OPTIONS']) {
      expect((await all.send(method, '/v2/', { headers })).headers.get('access-control-allow-origin')).toBe('*')
      expect((await none.send(method, '/v2/', { headers })).headers.get('access-control-allow-origin')).toBeNull()
    }
  })
})

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startRegistryProcess } from '../support/registry-process.js'
import { describeWith } from '../support/require-program.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { blobOf, randomBlob, type TestBlob } from '../support/test-server.js'
import { startNginx } from './support/start-nginx.js'

/** A registry behind an nginx, and what pushes and reads through it. */
async function startBoth(): Promise<{
  readonly direct: string
  readonly send: (method: string, path: string, headers?: Record<string, string>, body?: Buffer) => Promise<Response>
  readonly push: (...chunks: readonly Buffer[]) => Promise<TestBlob>
}> {
  const storage = join(temporaryFolder(), 'data')
  mkdirSync(storage)
  const registry = await startRegistryProcess(storage, [], { environment: { REGISTRY_NGINX_X_ACCEL_REDIRECT: '/layers' } })
  const url = await startNginx({ registry: registry.address, storage })
  const send = (method: string, path: string, headers: Record<string, string> = {}, body?: Buffer): Promise<Response> =>
    fetch(`${url}${path}`, { method, headers: { 'accept-encoding': 'identity', ...headers }, ...(body && { body }) })
  const push = async (...chunks: readonly Buffer[]): Promise<TestBlob> => {
    const blob = blobOf(Buffer.concat(chunks))
    const { headers } = await send('POST', '/v2/a/blobs/uploads/')
    for (const chunk of chunks.slice(0, -1)) expect((await send('PATCH', headers.get('location')!, {}, chunk)).status).toBe(202)
    expect((await send('PUT', `${headers.get('location')!}?digest=${blob.digest}`, {}, chunks.at(-1))).status).toBe(201)
    return blob
  }
  return { direct: `http://${registry.address}`, send, push }
}

const bytesOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer())

describeWith(['nginx'], 'nginx, as the page has it', () => {
  it('sends the file of a blob, whole and in ranges, with the headers of the registry', async () => {
    const { direct, send, push } = await startBoth()
    const blob = await push(randomBlob(3_000_000).bytes)
    const path = `/v2/a/blobs/${blob.digest}`
    const told = await fetch(`${direct}${path}`)
    expect([told.headers.get('x-accel-redirect'), (await bytesOf(told)).length]).toEqual([expect.stringMatching(/^\/layers\/blobs\//), 0])

    const whole = await send('GET', path)
    expect([whole.status, (await bytesOf(whole)).equals(blob.bytes)]).toEqual([200, true])
    const etag = `"${blob.digest}"`
    expect(Object.fromEntries(whole.headers)).toMatchObject({
      server: expect.stringContaining('nginx') as string,
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment',
      'accept-ranges': 'bytes',
      'docker-content-digest': blob.digest,
      'docker-distribution-api-version': 'registry/2.0',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      etag,
    })
    expect(whole.headers.get('x-accel-redirect')).toBeNull()

    const part = await send('GET', path, { range: 'bytes=10-19', 'if-range': etag })
    expect([part.status, part.headers.get('content-range'), await bytesOf(part)]).toEqual([206, 'bytes 10-19/3000000', blob.bytes.subarray(10, 20)])
    expect([part.headers.get('docker-content-digest'), part.headers.get('etag')]).toEqual([blob.digest, etag])
    const end = await send('GET', path, { range: 'bytes=-5' })
    expect([end.status, await bytesOf(end)]).toEqual([206, blob.bytes.subarray(-5)])
    const changed = await send('GET', path, { range: 'bytes=10-19', 'if-range': '"x"' })
    expect([changed.status, (await bytesOf(changed)).length]).toEqual([200, 3_000_000])
    const beyond = await send('GET', path, { range: 'bytes=3000000-' })
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */3000000'])
  })

  it('sends what the registry answers itself', async () => {
    const { send, push } = await startBoth()
    const blob = await push(randomBlob(1000).bytes)
    const path = `/v2/a/blobs/${blob.digest}`
    const head = await send('HEAD', path)
    expect([head.status, head.headers.get('content-length'), head.headers.get('docker-content-digest')]).toEqual([200, '1000', blob.digest])
    expect((await send('GET', path, { 'if-none-match': `"${blob.digest}"` })).status).toBe(304)
    expect((await send('GET', `/v2/b/blobs/${blob.digest}`)).status).toBe(404)
    for (const chunks of [[randomBlob(900).bytes, randomBlob(800).bytes], [Buffer.alloc(0)]]) {
      const { digest, bytes } = await push(...chunks)
      const response = await send('GET', `/v2/a/blobs/${digest}`)
      expect([response.status, (await bytesOf(response)).equals(bytes)]).toEqual([200, true])
    }
  })

  it('gives no file to who asks for it', async () => {
    const { direct, send, push } = await startBoth()
    const { digest } = await push(randomBlob(1000).bytes)
    const file = (await fetch(`${direct}/v2/a/blobs/${digest}`)).headers.get('x-accel-redirect')!
    for (const path of [file, '/layers/registry.json', '/layers/@index.sqlite', '/layers/']) expect((await send('GET', path)).status, path).toBe(404)
  })
})

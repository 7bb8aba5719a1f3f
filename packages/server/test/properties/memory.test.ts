import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it, onTestFinished } from 'vitest'
import { onEachPair } from '../support/on-each-pair.js'
import { blobOf, pushBlob } from '../support/test-server.js'
import type { Request } from './model/exchange.js'
import { connectTo } from './run/client.js'

const mebibyte = 1024 * 1024

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

function used(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

/** Requests that leave nothing in storage. */
function requests(digest: string, size: number): readonly Request[] {
  const plain = { headers: {}, body: undefined, chunked: false }
  const body = Buffer.alloc(200_000)
  return [
    { ...plain, method: 'GET', path: `/v2/a/blobs/${digest}` },
    { ...plain, method: 'GET', path: `/v2/a/blobs/${digest}`, headers: { range: `bytes=0-${size}` } },
    { ...plain, method: 'HEAD', path: `/v2/b/blobs/${digest}` },
    { ...plain, method: 'GET', path: '/v2/_catalog?n=999999999999999' },
    { ...plain, method: 'GET', path: `/v2/a/referrers/${digest}?artifactType=x` },
    { ...plain, method: 'PUT', path: '/v2/a/manifests/v1', body },
    { ...plain, method: 'PUT', path: '/v2/A/manifests/v1', body, chunked: true },
    { ...plain, method: 'POST', path: `/v2/a/blobs/uploads/?digest=${digest}`, body },
    { ...plain, method: 'PATCH', path: `/v2/a/blobs/uploads/${'0'.repeat(32)}`, body },
    { ...plain, method: 'PROPFIND', path: '/v2/a/tags/list', body },
  ]
}

onEachPair('memory', (start) => {
  it('does not grow with the number of requests that were answered', { timeout: 300_000 }, async () => {
    const server = await start()
    const blob = blobOf('a few bytes')
    await pushBlob(server, 'a', blob)
    using client = connectTo(server.port)
    const rounds = async (count: number): Promise<void> => {
      for (let n = 0; n < count; n++) for (const request of requests(blob.digest, blob.bytes.length)) await client.send(request)
      await server.registry.settled()
    }
    // What is made once, and caches up to their bounds.
    await rounds(30)
    const before = used()
    await rounds(120)
    expect(used() - before).toBeLessThan(2 * mebibyte)
  })
  it('is not taken by listeners that stay on a connection', async () => {
    const server = await start()
    const warnings: string[] = []
    const onWarning = ({ name }: Error): void => void warnings.push(name)
    process.on('warning', onWarning)
    onTestFinished(() => void process.off('warning', onWarning))
    using client = connectTo(server.port)
    const body = Buffer.alloc(200_000)
    for (let n = 0; n < 20; n++) await client.send({ method: 'PUT', path: '/v2/A/manifests/v1', headers: {}, body, chunked: false })
    expect(warnings).not.toContain('MaxListenersExceededWarning')
  })
})

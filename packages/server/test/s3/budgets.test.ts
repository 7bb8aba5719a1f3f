import { expect, it } from 'vitest'
import { memoryIndex } from '@registry/core/memory'
import { s3Driver } from '@registry/driver-s3'
import { createRegistry } from '@registry/engine'
import { blobOf, imageManifest, imageType, pushBlob, randomBlob, type TestBlob } from '../support/test-server.js'
import { type CountedRegistry, startCountedRegistry } from './support/counted-registry.js'

/*
 * The budgets of storage requests, to the request: those that a client waits for. Behind the answer come at the most
 * deletes of what it replaced.
 */

const mebibyte = 2 ** 20

/** An answer with this status; its body is read to its end. */
async function answer({ send }: CountedRegistry, status: number, ...[method, path, options]: Parameters<CountedRegistry['send']>): Promise<Response> {
  const response = await send(method, path, options)
  const text = await response.clone().text()
  await response.arrayBuffer()
  expect([response.status, response.ok ? '' : text]).toEqual([status, ''])
  return response
}

async function begin(registry: CountedRegistry): Promise<string> {
  return (await answer(registry, 202, 'POST', '/v2/a/blobs/uploads/')).headers.get('location')!
}

/** Without a length, as docker sends it. */
function streamed({ bytes }: TestBlob): ReadableStream<Uint8Array> {
  let at = 0
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) controller.close()
      else controller.enqueue(bytes.subarray(at, (at += 64 * 1024)))
    },
  })
}

/** HEAD, POST, one PATCH without a length, an empty PUT, and HEAD again. */
async function pushAsDocker(registry: CountedRegistry, blob: TestBlob): Promise<void> {
  expect((await registry.send('HEAD', `/v2/a/blobs/${blob.digest}`)).status).toBe(404)
  const patched = await answer(registry, 202, 'PATCH', await begin(registry), { body: streamed(blob) })
  await answer(registry, 201, 'PUT', `${patched.headers.get('location')!}?digest=${blob.digest}`)
  await answer(registry, 200, 'HEAD', `/v2/a/blobs/${blob.digest}`)
}

async function pushInChunks(registry: CountedRegistry, { bytes, digest }: TestBlob, chunkBytes: number): Promise<void> {
  let location = await begin(registry)
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    const chunk = bytes.subarray(start, start + chunkBytes)
    const headers = { 'content-range': `${start}-${start + chunk.length - 1}` }
    location = (await answer(registry, 202, 'PATCH', location, { headers, body: chunk })).headers.get('location')!
  }
  await answer(registry, 201, 'PUT', `${location}?digest=${digest}`)
}

async function putManifest(registry: CountedRegistry, reference: string, { bytes }: TestBlob): Promise<void> {
  await answer(registry, 201, 'PUT', `/v2/a/manifests/${reference}`, { headers: { 'content-type': imageType }, body: bytes })
}

/** An image of eight layers, which are there, by the tag `first` in `a`. */
async function withImage(registry: CountedRegistry): Promise<{ readonly manifest: TestBlob; readonly layers: readonly TestBlob[]; readonly config: TestBlob }> {
  const config = blobOf('{}')
  const layers = Array.from({ length: 8 }, () => randomBlob())
  for (const blob of [config, ...layers]) await pushBlob(registry, 'a', blob)
  const manifest = imageManifest(config, layers)
  await putManifest(registry, 'first', manifest)
  return { manifest, layers, config }
}

it('a layer of 64 KiB, pushed as docker does: 1', async () => {
  const registry = await startCountedRegistry()
  expect(await registry.requestsOf(() => pushAsDocker(registry, randomBlob(64 * 1024)))).toEqual({ PutObject: 1 })
})

it('a layer of 20 MiB, pushed as docker does: 5', async () => {
  const registry = await startCountedRegistry()
  const counts = await registry.requestsOf(() => pushAsDocker(registry, blobOf(Buffer.alloc(20 * mebibyte, 'layer'))))
  expect(counts).toEqual({ CreateMultipartUpload: 1, UploadPart: 3, CompleteMultipartUpload: 1 })
})

it('a layer of 20 MiB in ten chunks: 10', async () => {
  const registry = await startCountedRegistry()
  expect(await registry.requestsOf(() => pushInChunks(registry, blobOf(Buffer.alloc(20 * mebibyte, 'layer')), 2 * mebibyte))).toEqual({ PutObject: 10 })
})

it('a layer by POST and one PUT, as containerd pushes it: 1', async () => {
  const registry = await startCountedRegistry()
  expect(await registry.requestsOf(() => pushBlob(registry, 'a', randomBlob()))).toEqual({ PutObject: 1 })
})

it('a manifest of eight layers by tag in a known repository: 2, whose text may have 300 KB', async () => {
  const registry = await startCountedRegistry()
  const { config, layers } = await withImage(registry)
  const next = imageManifest(config, layers, { annotations: { is: 'next' } })
  expect(await registry.requestsOf(() => putManifest(registry, 'next', next))).toEqual({ PutObject: 2 })
  const large = imageManifest(config, layers, { annotations: { note: 'x'.repeat(300_000) } })
  expect(await registry.requestsOf(() => putManifest(registry, 'large', large))).toEqual({ PutObject: 2 })
})

it('a manifest whose text is larger than that: 3, and none to read it at once', async () => {
  const registry = await startCountedRegistry()
  const { config, layers } = await withImage(registry)
  const large = imageManifest(config, layers, { annotations: { note: 'x'.repeat(500_000) } })
  expect(await registry.requestsOf(() => putManifest(registry, 'large', large))).toEqual({ PutObject: 3 })
  expect(await registry.requestsOf(() => answer(registry, 200, 'GET', '/v2/a/manifests/large'))).toEqual({})
})

it('the first manifest of a repository: 3, and the same again: 0', async () => {
  const registry = await startCountedRegistry()
  const blobs = [blobOf('{}'), randomBlob()] as const
  for (const blob of blobs) await pushBlob(registry, 'a', blob)
  const manifest = imageManifest(blobs[0], [blobs[1]])
  expect(await registry.requestsOf(() => putManifest(registry, 'v1', manifest))).toEqual({ PutObject: 3 })
  expect(await registry.requestsOf(() => putManifest(registry, 'v1', manifest))).toEqual({})
})

it('GET and HEAD of a manifest: 0', async () => {
  const registry = await startCountedRegistry()
  const { manifest } = await withImage(registry)
  const counts = await registry.requestsOf(async () => {
    for (const reference of ['first', manifest.digest]) {
      for (const method of ['GET', 'HEAD']) await answer(registry, 200, method, `/v2/a/manifests/${reference}`)
    }
  })
  expect(counts).toEqual({})
})

it('HEAD of a blob: 0, GET: 1, also of a part', async () => {
  const registry = await startCountedRegistry()
  const blob = randomBlob()
  await pushBlob(registry, 'a', blob)
  const path = `/v2/a/blobs/${blob.digest}`
  expect(await registry.requestsOf(() => answer(registry, 200, 'HEAD', path))).toEqual({})
  expect(await registry.requestsOf(() => answer(registry, 200, 'GET', path))).toEqual({ GetObject: 1 })
  expect(await registry.requestsOf(() => answer(registry, 206, 'GET', path, { headers: { range: 'bytes=10-19' } }))).toEqual({ GetObject: 1 })
})

it('GET of a blob with redirects: 0', async () => {
  const registry = await startCountedRegistry({ redirects: {} })
  const blob = randomBlob()
  await pushBlob(registry, 'a', blob)
  expect(await registry.requestsOf(() => answer(registry, 307, 'GET', `/v2/a/blobs/${blob.digest}`))).toEqual({})
})

it('a mount: 0', async () => {
  const registry = await startCountedRegistry()
  const blob = randomBlob()
  await pushBlob(registry, 'a', blob)
  expect(await registry.requestsOf(() => answer(registry, 201, 'POST', `/v2/b/blobs/uploads/?mount=${blob.digest}&from=a`))).toEqual({})
})

it('tags, catalog and referrers: 0', async () => {
  const registry = await startCountedRegistry()
  const { manifest } = await withImage(registry)
  const counts = await registry.requestsOf(async () => {
    for (const path of ['a/tags/list', '_catalog', `a/referrers/${manifest.digest}`]) await answer(registry, 200, 'GET', `/v2/${path}`)
  })
  expect(counts).toEqual({})
})

it('DELETE of a manifest that 2,000 tags lead to: 1', async () => {
  const registry = await startCountedRegistry()
  const { manifest } = await withImage(registry)
  const tags = Array.from({ length: 1999 }, (_, n) => `tag=t${n}`)
  await registry.pastRequests(async () => {
    for (let n = 0; n < tags.length; n += 250) await putManifest(registry, `${manifest.digest}?${tags.slice(n, n + 250).join('&')}`, manifest)
  })
  registry.s3.takeRequests()
  await answer(registry, 202, 'DELETE', `/v2/a/manifests/${manifest.digest}`)
  const written = registry.s3.requests.flatMap(({ operation, key = '' }) => (operation === 'PutObject' ? [key] : []))
  expect(written.filter((key) => !key.includes('/_tags/'))).toEqual([expect.stringContaining('/_manifests/')])
  // The tags' tombstones are written behind the answer, and nobody waits for them to see the tags gone.
  expect(written.length).toBeLessThan(1000)
  expect((await registry.send('GET', '/v2/a/manifests/t1998')).status).toBe(404)
})

it('what is behind the answer of a push that moves a tag: the delete of its older record, and a look at the labels', async () => {
  const registry = await startCountedRegistry({ driver: { requestTimeout: 500, retries: 1 } })
  const { config, layers } = await withImage(registry)
  const moved = imageManifest(config, layers, { annotations: { is: 'moved' } })
  await registry.registry.settled()
  registry.s3.takeRequests()
  const unanswered = registry.s3.inject({ kind: 'hang', operation: 'DeleteObject', times: Infinity })
  await putManifest(registry, 'first', moved)
  unanswered.remove()
  const before = registry.s3.requests.filter(({ operation }) => operation !== 'DeleteObject')
  expect(before.map(({ operation }) => operation)).toEqual(['PutObject', 'PutObject'])
  await registry.registry.settled()
  expect(Object.keys(registry.s3.counts()).sort()).toEqual(['DeleteObject', 'GetObject', 'PutObject'])
})

it('the start of a registry: 5 on an empty bucket, 3 after that', async () => {
  const { s3 } = await startCountedRegistry()
  const { endpoint, bucket, accessKey, secretKey, region } = s3
  const index = memoryIndex()
  const start = async (root: string): Promise<object> => {
    s3.takeRequests()
    const driver = await s3Driver({ endpoint, bucket, accessKey, secretKey, region, root, sweep: false })
    // The registry closes the index: another start is to find it open.
    const registry = await createRegistry({ driver, index: { ...index, close: () => Promise.resolve() } })
    const counts = s3.counts()
    await registry.close()
    return counts
  }
  // One of the lists is the driver's, which sees whether the bucket can be used.
  expect(await start('other')).toEqual({ ListObjectsV2: 2, GetObject: 2, PutObject: 1 })
  expect(await start('other')).toEqual({ ListObjectsV2: 1, GetObject: 2 })
})

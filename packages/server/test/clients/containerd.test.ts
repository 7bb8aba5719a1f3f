import { expect, it } from 'vitest'
import { describeWith } from '../support/require-program.js'
import { pushedImage } from './support/client.js'
import { ctr } from './support/containerd.js'
import { blobsOf, servedManifest, steps, takeRequests } from './support/registry.js'

describeWith(['unshare', 'containerd', 'ctr'], 'containerd', () => {
  it('pushes an image with one request for the bytes of each blob', async () => {
    const { registry, image, digest } = await pushedImage(ctr)
    const manifest = await servedManifest(registry, 'team/image', 'v1')
    expect(manifest).toMatchObject({ digest, config: { digest: image.id } })
    const requests = await takeRequests(registry)
    expect(manifest.layers).toHaveLength(3)
    for (const blob of blobsOf(manifest)) expect(steps(requests, blob)).toEqual(['HEAD 404', 'PUT 201'])
    expect([...steps(requests, '/blobs/uploads/')].sort()).toEqual([...Array<string>(4).fill('POST 202'), ...Array<string>(4).fill('PUT 201')])
    expect(steps(requests, '/manifests/v1')).toEqual(['HEAD 404', 'PUT 201', 'GET 200'])
  }, 120_000)

  it('pulls by tag and by digest what another containerd pushed', async () => {
    const { registry, image, digest } = await pushedImage(ctr)
    const blobs = blobsOf(await servedManifest(registry, 'team/image', 'v1'))
    for (const reference of [':v1', `@${digest}`]) {
      const name = `${registry.address}/team/image${reference}`
      const client = await ctr()
      expect(await client.contents()).toBe('')
      await takeRequests(registry)
      expect(await client.pull(name)).toBe(digest)
      const requests = await takeRequests(registry)
      expect(steps(requests, '/team/image/manifests/')).toEqual(['HEAD 200', 'GET 200'])
      expect(steps(requests, `/manifests/${digest}`).at(-1)).toBe('GET 200')
      for (const blob of blobs) expect(steps(requests, `/blobs/${blob}`)).toEqual(['GET 200'])
      expect((await client.contents()).trim().split('\n').sort()).toEqual([digest, ...blobs].sort())
      expect(await client.read(name)).toEqual(image)
    }
  }, 120_000)

  it('mounts every blob of an image that it pulled from another repository', async () => {
    const { registry, image, digest } = await pushedImage(ctr)
    const blobs = blobsOf(await servedManifest(registry, 'team/image', 'v1'))
    const client = await ctr()
    const [first, second] = [`${registry.address}/team/image:v1`, `${registry.address}/other/image:v2`]
    await client.pull(first)
    await client.tag(first, second)
    await takeRequests(registry)
    expect(await client.push(second)).toBe(digest)
    const requests = await takeRequests(registry)
    for (const blob of blobs) {
      expect(steps(requests, blob)).toEqual(['HEAD 404', 'POST 201'])
      expect(steps(requests, '/other/image/blobs/uploads/?', `mount=${blob}`, 'from=team/image')).toEqual(['POST 201'])
    }
    expect(steps(requests, '/blobs/uploads/')).toEqual(Array(4).fill('POST 201'))
    const other = await ctr()
    expect(await other.pull(second)).toBe(digest)
    expect(await other.read(second)).toEqual(image)
  }, 120_000)
})

import { expect, it } from 'vitest'
import { describeWith } from '../support/require-program.js'
import { pushedImage } from './support/client.js'
import { podman } from './support/podman.js'
import { blobsOf, servedManifest, steps, takeRequests } from './support/registry.js'
import { searchedRegistry } from './support/search.js'
import { secondPush } from './support/second-push.js'

describeWith(['unshare', 'podman'], 'podman', () => {
  it('pushes an image layer by layer', async () => {
    const { registry, image, digest } = await pushedImage(podman)
    const manifest = await servedManifest(registry, 'team/image', 'v1')
    expect(manifest).toMatchObject({ digest, config: { digest: image.id } })
    const requests = await takeRequests(registry)
    expect(manifest.layers).toHaveLength(3)
    for (const blob of blobsOf(manifest)) expect(steps(requests, '/blobs/uploads/', blob)).toEqual(['PUT 201'])
    expect(steps(requests, image.id)).toEqual(['HEAD 404', 'PUT 201'])
    expect(steps(requests, '/blobs/uploads/').filter((step) => step === 'PATCH 202')).toHaveLength(4)
    expect(steps(requests, '/manifests/v1')).toEqual(['PUT 201', 'GET 200'])
  }, 120_000)

  it('pulls by tag and by digest into an empty store', async () => {
    const { registry, image, digest } = await pushedImage(podman)
    const blobs = blobsOf(await servedManifest(registry, 'team/image', 'v1'))
    for (const [reference, manifest] of [[':v1', 'v1'], [`@${digest}`, digest]] as const) {
      const name = `${registry.address}/team/image${reference}`
      const client = await podman()
      expect(await client.contents()).toBe('')
      await takeRequests(registry)
      expect(await client.pull(name)).toBe(digest)
      const requests = await takeRequests(registry)
      expect(steps(requests, '/team/image/manifests/')).toEqual(['GET 200'])
      expect(steps(requests, `/manifests/${manifest}`)).toEqual(['GET 200'])
      for (const blob of blobs) expect(steps(requests, `/blobs/${blob}`)).toEqual(['GET 200'])
      expect(await client.read(name)).toEqual(image)
    }
  }, 120_000)

  it('mounts every layer of an image that it pushed to another repository', async () => {
    const { requests, image } = await secondPush(podman)
    expect(steps(requests, image.id)).toEqual(['HEAD 404', 'PUT 201'])
  }, 120_000)

  it('searches for what it pushed, and prints it with its labels, the best first', async () => {
    const { registry, search } = await searchedRegistry(podman)
    await takeRequests(registry)
    const plain = '--tls-verify=false'
    const [header, at] = ['NAME | DESCRIPTION', registry.address]
    expect(await search('alpine', plain)).toEqual([header, `${at}/alpine | A small base image`, `${at}/team/alpine`, `${at}/tools | Runs on alpine`])
    expect((await takeRequests(registry)).map(({ method, url, status }) => `${method} ${url} ${status}`)).toEqual(['GET /v2/ 200', 'GET /v1/search?n=25&q=alpine 200'])
    expect(await search('alpine', plain, '--limit', '1')).toEqual([header, `${at}/alpine | A small base image`])
    expect((await search('never', plain)).filter((line) => line !== header)).toEqual([])
  }, 120_000)
})

import { expect, it } from 'vitest'
import { describeWith } from '../support/require-program.js'
import { pushedImage } from './support/client.js'
import { docker } from './support/docker.js'
import { blobsOf, servedManifest, steps, takeRequests } from './support/registry.js'
import { searchedRegistry } from './support/search.js'
import { secondPush } from './support/second-push.js'

describeWith(['unshare', 'containerd', 'ctr', 'dockerd', 'docker'], 'docker', () => {
  it('pushes an image layer by layer, and finds each right after it was sent', async () => {
    const { registry, image, digest } = await pushedImage(docker)
    const manifest = await servedManifest(registry, 'team/image', 'v1')
    expect(manifest).toMatchObject({ digest, mediaType: 'application/vnd.docker.distribution.manifest.v2+json', config: { digest: image.id } })
    const requests = await takeRequests(registry)
    expect(manifest.layers).toHaveLength(3)
    for (const layer of manifest.layers) expect(steps(requests, layer.digest)).toEqual(['PUT 201', 'HEAD 200'])
    expect(steps(requests, image.id)).toEqual(['HEAD 404', 'PUT 201', 'HEAD 200'])
    expect(steps(requests, '/blobs/uploads/').filter((step) => step === 'PATCH 202')).toHaveLength(4)
    expect(steps(requests, '/manifests/v1')).toEqual(['PUT 201', 'GET 200'])
  }, 120_000)

  it('pulls by tag what another daemon pushed, and by digest what it removed', async () => {
    const { registry, client, image, digest } = await pushedImage(docker)
    const blobs = blobsOf(await servedManifest(registry, 'team/image', 'v1'))
    const [byTag, byDigest] = [`${registry.address}/team/image:v1`, `${registry.address}/team/image@${digest}`]
    await client.run('rmi', byTag)
    for (const { name, puller, manifests } of [
      { name: byTag, puller: await docker(), manifests: ['HEAD 200', 'GET 200'] },
      { name: byDigest, puller: client, manifests: ['GET 200'] },
    ]) {
      expect(await puller.contents()).toBe('')
      await takeRequests(registry)
      expect(await puller.pull(name)).toBe(digest)
      const requests = await takeRequests(registry)
      expect(steps(requests, '/team/image/manifests/')).toEqual(manifests)
      expect(steps(requests, `/manifests/${digest}`)).toEqual(['GET 200'])
      for (const blob of blobs) expect(steps(requests, `/blobs/${blob}`)).toEqual(['GET 200'])
      expect(await puller.read(name)).toEqual(image)
    }
  }, 120_000)

  it('mounts every layer of an image that it pushed to another repository', async () => {
    const { requests, image, layers } = await secondPush(docker)
    for (const { digest } of layers) expect(steps(requests, digest)).toEqual(['HEAD 404', 'POST 201', 'HEAD 200'])
    expect(steps(requests, image.id)).toEqual(['HEAD 404', 'PUT 201', 'HEAD 200'])
  }, 120_000)

  it('searches for what it pushed, and prints it with its labels, the best first', async () => {
    const { registry, search } = await searchedRegistry(docker)
    await takeRequests(registry)
    // Older clients have a column more.
    const header: unknown = expect.stringMatching(/^NAME \| DESCRIPTION \| STARS \| OFFICIAL( \| AUTOMATED)?$/)
    expect(await search('alpine')).toEqual([header, 'alpine | A small base image | 0', 'team/alpine | 0', 'tools | Runs on alpine | 0'])
    expect((await takeRequests(registry)).map(({ method, url, status }) => `${method} ${url} ${status}`)).toEqual(['GET /v1/_ping 200', 'GET /v1/search?q=alpine&n=25 200'])
    expect(await search('alpine', '--limit', '1')).toEqual([header, 'alpine | A small base image | 0'])
    expect(await search('team/')).toEqual([header, 'team/alpine | 0'])
    expect(await search('never')).toEqual([header])
    expect(await search('')).toHaveLength(4)
  }, 120_000)
})

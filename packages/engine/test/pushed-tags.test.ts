import { parseReference } from '@registry/core'
import { expect, it } from 'vitest'
import { errorOf, onEachPair } from './support/bench.js'
import { digestOf, imageOf, pushBlob, pushImage, readManifest } from './support/images.js'

const image = imageOf(['{}'])
const byDigest = parseReference(digestOf(image))

onEachPair('a manifest that is pushed with tags', (open) => {
  it('has all of them, also those that led elsewhere', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'v1', ['{}', 'other'])
    await bench.registry.manifests.push('a', byDigest, image, { tags: ['v1', 'v2', 'v1'] })
    await bench.registry.manifests.push('a', parseReference('v3'), image, { tags: ['v4'] })
    expect((await bench.registry.tags.list('a', { limit: 10 })).tags).toEqual(['v1', 'v2', 'v3', 'v4'])
    for (const tag of ['v1', 'v2', 'v3', 'v4']) expect(await readManifest(bench.registry, 'a', tag)).toBe(image.toString())
  })

  it('has more of them than fit in one commit', async () => {
    await using bench = await open()
    await pushBlob(bench.registry, 'a', '{}')
    const tags = Array.from({ length: 256 }, (_, n) => `tag-${String(n).padStart(3, '0')}`)
    for (const times of ['once', 'again']) {
      await bench.registry.manifests.push('a', byDigest, image, { tags })
      expect((await bench.registry.tags.list('a', { limit: 1000 })).tags, times).toEqual(tags)
    }
    await bench.registry.manifests.delete('a', digestOf(image))
    expect((await bench.registry.tags.list('a', { limit: 1000 })).tags).toEqual([])
  })

  it('leads to the digest that it was pushed with', async () => {
    await using bench = await open()
    await pushBlob(bench.registry, 'a', '{}')
    const digest = digestOf(image, 'sha512')
    await bench.registry.manifests.push('a', parseReference(digest), image, { tags: ['v1'] })
    expect(await bench.registry.manifests.stat('a', parseReference('v1'))).toMatchObject({ digest })
  })

  it('is refused with more than the policy allows, or with more descriptors, and changes nothing', async () => {
    await using bench = await open({ policy: { pushTags: 2, manifestDescriptors: 2 } })
    await pushBlob(bench.registry, 'a', '{}')
    const before = await bench.world()
    expect(await errorOf(bench.registry.manifests.push('a', byDigest, image, { tags: ['v1', 'v2', 'v3'] }))).toMatchObject({ code: 'TOO_LARGE' })
    const many = imageOf(['{}', '{}', '{}'])
    expect(await errorOf(bench.registry.manifests.push('a', parseReference('v1'), many))).toMatchObject({ code: 'TOO_LARGE' })
    expect(await bench.world()).toEqual(before)
  })
})

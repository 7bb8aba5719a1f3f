import { parseDigest, RegistryError } from '@registry/core'
import { expect, it } from 'vitest'
import type { Registry } from '../src/index.js'
import { type Bench, errorOf, onEachPair } from './support/bench.js'
import { digestOf, imageOf, pushImage, pushManifest } from './support/images.js'

const contents = ['{}', 'layer']
const image = imageOf(contents)
const digest = digestOf(image)
const full = new RegistryError('NO_SPACE', 'the disk is full')

/** What a registry has, once every process died and the index was made anew. */
async function leftAfterLoss(bench: Bench): Promise<object> {
  await bench.loseIndex()
  const { registry } = await bench.start()
  const { repositories } = await registry.repositories.list({ limit: 10 })
  return { repositories, tags: repositories.includes('a') ? (await registry.tags.list('a', { limit: 10 })).tags : [] }
}

onEachPair('a delete that is asked for again, as the record of the one before is not written,', (open) => {
  const filled = async (): Promise<Bench> => {
    const bench = await open({ untidy: 'processes die at work' })
    await pushImage(bench.registry, 'a', 'tag', contents)
    await pushManifest(bench.registry, 'a', 'other', imageOf(['{}']))
    await bench.settled()
    return bench
  }
  const deleteTag = (registry: Registry): Promise<void> => registry.tags.delete('a', 'tag')
  const deleteManifest = (registry: Registry): Promise<void> => registry.manifests.delete('a', parseDigest(digest))
  const deleteRepository = async (registry: Registry): Promise<void> => {
    await registry.repositories.delete('a')
  }
  const left = { repositories: ['a'], tags: ['other'] }

  const cases: readonly [string, RegExp, (registry: Registry) => Promise<void>, (registry: Registry) => Promise<void>, string, object][] = [
    ['of a tag', /_tags\//, deleteTag, deleteTag, 'MANIFEST_UNKNOWN', left],
    ['of a manifest', /_manifests\//, deleteManifest, deleteManifest, 'MANIFEST_UNKNOWN', left],
    ['of a tag whose manifest was deleted', /_manifests\//, deleteManifest, deleteTag, 'MANIFEST_UNKNOWN', left],
    ['of a repository', /_repository\//, deleteRepository, deleteRepository, 'NAME_UNKNOWN', { repositories: [], tags: [] }],
  ]

  it.each(cases)('%s is refused until there is room for it, and then 404 for good', async (_, record, first, again, code, expected) => {
    await using bench = await filled()
    for (const attempt of [first, again]) {
      bench.faults.fail('put', record, full)
      expect(await errorOf(attempt(bench.registry))).toMatchObject({ code: 'NO_SPACE' })
    }
    expect(await errorOf(again(bench.registry))).toMatchObject({ code })
    expect(await leftAfterLoss(bench)).toEqual(expected)
  })

  it.each(cases)('%s is 404 for good, though the process of the first one died', async (_, record, first, again, code, expected) => {
    await using bench = await filled()
    const { registry } = await bench.start()
    const put = bench.faults.hold('put', record)
    void first(bench.registry).catch(() => undefined)
    await put.reached
    bench.kill()
    expect(await errorOf(again(registry))).toMatchObject({ code })
    expect(await leftAfterLoss(bench)).toEqual(expected)
  })

  it('of a tag that a push has moved to a manifest which is deleted writes the record of that move', async () => {
    await using bench = await filled()
    const moved = imageOf(contents, { annotations: { n: '2' } })
    bench.faults.fail('put', /_tags\//, full)
    expect(await errorOf(pushManifest(bench.registry, 'a', 'tag', moved))).toMatchObject({ code: 'NO_SPACE' })
    const sweep = bench.faults.hold('scan', /^tagged\//)
    await bench.registry.manifests.delete('a', digestOf(moved))
    await sweep.reached
    expect(await errorOf(deleteTag(bench.registry))).toMatchObject({ code: 'MANIFEST_UNKNOWN' })
    expect(await leftAfterLoss(bench)).toEqual(left)
  })

  it('settles the note of the first one', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'tag', contents)
    await bench.settled()
    bench.faults.fail('put', /_tags\//, full)
    await errorOf(deleteTag(bench.registry))
    await errorOf(deleteTag(bench.registry))
    await bench.settled()
    expect(await bench.rows('due/')).toEqual({})
    expect(Object.keys(await bench.rows('buried/'))).toHaveLength(1)
  })
})

import { mediaTypes } from '@registry/core'
import { expect, it } from 'vitest'
import { answersOf } from './support/answers.js'
import { type Bench, onPairsAtHand } from './support/bench.js'
import { body, descriptor, digestOf, imageOf, pushBlob, pushImage, pushManifest } from './support/images.js'
import { findingsOf } from './support/verify.js'

/** What takes each way through a rebuild: older records, tombstones, a push that died, moved objects, a repository without its record. */
async function fill(bench: Bench): Promise<void> {
  const { registry } = bench
  const { manifest } = await pushImage(registry, 'a', 'one', ['{}', 'layer'])
  await pushManifest(registry, 'a', 'moving', manifest)
  await pushImage(registry, 'a', 'moving', ['{}'], { subject: descriptor(manifest, mediaTypes.imageManifest) })
  await pushImage(registry, 'b', 'gone', ['{}', 'more'])
  await registry.manifests.delete('b', digestOf(imageOf(['{}', 'more'])))
  await pushImage(registry, 'c', 'tag', ['{}'])
  await registry.tags.delete('c', 'tag')
  await bench.settled()
  // Its push died: the tag and the repository have their records, and the manifest has none.
  await pushBlob(registry, 'd', '{}')
  const dying = await bench.start()
  const manifestRecord = dying.faults.hold('put', /_manifests\//)
  void pushManifest(dying.registry, 'd', 'unanswered', imageOf(['{}']))
  await manifestRecord.reached
  while ((await bench.keys('repositories/d/')).length < 2) await new Promise((resolve) => setImmediate(resolve))
  dying.kill()
  for (const key of await bench.keys('repositories/c/_repository/')) await bench.driver.delete([key])
}

onPairsAtHand('a rebuild that died', (open) => {
  it.each(['before', 'after'] as const)('%s any call is gone on with, and comes to the same', async (when) => {
    await using bench = await open({ changes: 12, policy: { rebuildRows: 2 }, untidy: 'a push died' })
    await fill(bench)
    const before = (await bench.world()).objects
    const restore = async (): Promise<void> => {
      const keys = await bench.keys()
      await bench.driver.delete(keys.filter((key) => !(key in before)))
      for (const [key, text] of Object.entries(before)) await bench.driver.put(key, body(text))
    }
    await bench.rebuild()
    const [answers, counts, objects] = [await answersOf(bench), (await bench.registry.rebuild!.report).counts, Object.keys((await bench.world()).objects)]
    expect(counts).toEqual({ repositories: 4, manifests: 3, tags: 2, blobs: 2 })
    let deaths = 0
    for (let n = 1; ; n++, deaths++) {
      await restore()
      await bench.loseIndex()
      if ((await bench.startDying(n, when)) === 'started') break
      bench.registry = (await bench.start()).registry
      await bench.settled()
      expect(await answersOf(bench), `killed ${when} call ${n}`).toEqual(answers)
      expect(Object.keys((await bench.world()).objects), `killed ${when} call ${n}`).toEqual(objects)
      const report = await bench.registry.rebuild?.report
      if (report) expect(report.counts, `killed ${when} call ${n}`).toEqual(counts)
    }
    expect(deaths).toBeGreaterThan(40)
    await bench.settled()
  })

  it.each([2, 3, 4])('between two commits of %i changes leaves no row without those that follow from it', async (changes) => {
    await using bench = await open({ untidy: 'the index is lost' })
    await pushImage(bench.registry, 'a', 'tag', ['{}', 'layer', 'more'])
    await bench.settled()
    for (let n = 1; ; n++) {
      await bench.loseIndex()
      if ((await bench.startDying(n, 'after', { changes })) === 'started') break
      bench.registry = (await bench.start()).registry
      expect(await findingsOf(bench.registry), `killed after call ${n}`).toEqual([])
    }
    await bench.settled()
  })
})

import { expect, it } from 'vitest'
import { rowKeys } from '../src/keyspace.js'
import { type Bench, errorOf, onEachPair, type Process } from './support/bench.js'
import { digestOf, imageOf, pushBlob, pushImage, pushManifest, readManifest } from './support/images.js'

const untidy = 'a push died'

/** A push that dies when all of its records but this one are there. */
async function dieBefore(bench: Bench, record: RegExp, repository: string, tag: string, text: Buffer, process?: Process): Promise<void> {
  const dying = process ?? (await bench.start())
  const before = (await bench.keys('repositories/')).length
  const held = dying.faults.hold('put', record)
  const records = (): number => dying.faults.count('put', /^repositories\//)
  void pushManifest(dying.registry, repository, tag, text)
  await held.reached
  while ((await bench.keys('repositories/')).length < before + records() - 1) await new Promise((resolve) => setImmediate(resolve))
  dying.kill()
}

onEachPair('a push that died before its answer, and then the index was lost', (open) => {
  it('leaves the tag as it was answered before, where its manifest was not recorded', async () => {
    await using bench = await open({ untidy })
    const { manifest } = await pushImage(bench.registry, 'a', 'tag', ['{}'])
    await pushBlob(bench.registry, 'a', 'layer')
    await bench.settled()
    // Both are there from the beginning: who starts later finishes what the first one left.
    const [one, other] = [await bench.start(), await bench.start()]
    await dieBefore(bench, /_manifests\//, 'a', 'tag', imageOf(['{}', 'layer']), one)
    await dieBefore(bench, /_manifests\//, 'a', 'tag', imageOf(['{}', 'layer', 'layer']), other)
    expect(await bench.keys('repositories/a/_tags/')).toHaveLength(3)
    await bench.rebuild()
    expect(await readManifest(bench.registry, 'a', 'tag')).toBe(manifest.toString())
    expect(await bench.keys('repositories/a/_tags/')).toHaveLength(1)
    await bench.rebuild()
    expect(await readManifest(bench.registry, 'a', 'tag')).toBe(manifest.toString())
  })

  it('leaves no tag, where there was none before', async () => {
    await using bench = await open({ untidy })
    await pushBlob(bench.registry, 'a', '{}')
    await dieBefore(bench, /_manifests\//, 'a', 'tag', imageOf(['{}']))
    await bench.rebuild()
    expect(await errorOf(readManifest(bench.registry, 'a', 'tag'))).toMatchObject({ code: 'MANIFEST_UNKNOWN' })
    expect(await bench.row(rowKeys.tag('a', 'tag'))).toMatchObject({ deleted: bench.now })
    expect((await bench.registry.rebuild!.report).problemCount).toBe(0)
  })

  it('leaves a deleted tag deleted, where its manifest was deleted after it moved', async () => {
    await using bench = await open({ untidy: 'a record is left on purpose' })
    const first = imageOf(['{}'])
    await pushImage(bench.registry, 'a', 'tag', ['{}'])
    await bench.settled()
    // The record before stays: who would delete it dies.
    const [dying, other] = [await bench.start(), await bench.start()]
    const deletion = dying.faults.hold('delete', /_tags\//)
    await pushManifest(dying.registry, 'a', 'tag', imageOf(['{}', '{}']))
    await deletion.reached
    dying.kill()
    const burial = other.faults.hold('commit', /put tags\//)
    await other.registry.manifests.delete('a', digestOf(imageOf(['{}', '{}'])))
    await burial.reached
    other.kill()
    await bench.rebuild()
    expect(await errorOf(readManifest(bench.registry, 'a', 'tag'))).toMatchObject({ code: 'MANIFEST_UNKNOWN' })
    expect(await readManifest(bench.registry, 'a', digestOf(first))).toBe(first.toString())
  })

  it('leaves a repository that has a manifest, where it was not recorded', async () => {
    await using bench = await open()
    await pushBlob(bench.registry, 'a', '{}')
    await dieBefore(bench, /_repository\//, 'a', 'tag', imageOf(['{}']))
    await bench.rebuild()
    expect((await bench.registry.tags.list('a', { limit: 1 })).tags).toEqual(['tag'])
    expect(await bench.keys('repositories/a/_repository/')).toHaveLength(1)
  })

  it('leaves a repository that was deleted before and has a manifest again, at the next version', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'old', ['{}'])
    await bench.registry.repositories.delete('a')
    await pushBlob(bench.registry, 'a', '{}')
    await bench.settled()
    const version = (await bench.row(rowKeys.repository('a', 4)))!.version
    await dieBefore(bench, /_repository\//, 'a', 'tag', imageOf(['{}', '{}']))
    await bench.rebuild()
    expect((await bench.registry.tags.list('a', { limit: 1 })).tags).toEqual(['tag'])
    expect(await bench.row(rowKeys.repository('a', 4))).toMatchObject({ version: version + 1 })
    expect(await bench.keys('repositories/a/_repository/')).toHaveLength(1)
  })

  it('leaves versions that go on from those of tombstones', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'tag', ['{}'])
    await bench.registry.tags.delete('a', 'tag')
    await bench.settled()
    const { version } = (await bench.row(rowKeys.tag('a', 'tag')))!
    await bench.rebuild()
    expect(await bench.row(rowKeys.tag('a', 'tag'))).toMatchObject({ version, deleted: bench.now })
    await pushImage(bench.registry, 'a', 'tag', ['{}'])
    expect(await bench.row(rowKeys.tag('a', 'tag'))).toMatchObject({ version: version + 1 })
    // A tombstone that was rebuilt goes in its time like any other.
    await bench.registry.tags.delete('a', 'tag')
    await bench.settled()
    await bench.rebuild()
    bench.now += 48 * 3_600_000
    expect((await bench.registry.sweep()).removedTombstones).toBe(1)
    expect(await bench.row(rowKeys.tag('a', 'tag'))).toBeUndefined()
  })
})

import { type Digest, parseReference } from '@registry/core'
import { expect, it } from 'vitest'
import { rowKeys } from '../src/keyspace.js'
import type { Doomed, Manifest, Tag } from '../src/rows.js'
import { type Bench, errorOf, nthVersion, onEachPair } from './support/bench.js'
import { digestOf, imageOf, pushBlob, pushImage, pushManifest, readManifest } from './support/images.js'

async function tagged(bench: Bench, ...tags: readonly string[]): Promise<void> {
  const { manifest } = await pushImage(bench.registry, 'a', tags[0]!, ['{}'])
  for (const tag of tags.slice(1)) await pushManifest(bench.registry, 'a', tag, manifest)
}

/** What is left of a manifest of another generation. */
async function doomed(bench: Bench, digest: Digest, generation: string): Promise<Doomed> {
  return { ...((await bench.row(rowKeys.manifest('a', digest))) as Manifest), digest, generation }
}

onEachPair('the tags of a repository', (open) => {
  it('are listed in byte order', async () => {
    await using bench = await open()
    await tagged(bench, 'b', 'a', 'B', '_', '1', 'a.b', 'a-b', 'a_b', 'aa', '10', '2')
    const expected = ['1', '10', '2', 'B', '_', 'a', 'a-b', 'a.b', 'a_b', 'aa', 'b']
    expect(await bench.registry.tags.list('a', { limit: 100 })).toEqual({ tags: expected, more: false })
  })

  it('are listed in pages of every size, and a page says exactly whether there are more', async () => {
    await using bench = await open()
    const all = ['a', 'b', 'c', 'd', 'e']
    await tagged(bench, ...all)
    for (let limit = 1; limit <= 6; limit++) {
      for (const [n, after] of [undefined, ...all].entries()) {
        const page = await bench.registry.tags.list('a', { limit, after })
        expect(page).toEqual({ tags: all.slice(n, n + limit), more: n + limit < all.length })
      }
    }
  })

  it('are listed behind a tag that need not exist', async () => {
    await using bench = await open()
    await tagged(bench, 'a', 'c')
    for (const [after, tags] of [['b', ['c']], ['A', ['a', 'c']], ['d', []], ['a', ['c']], ['', ['a', 'c']]] as const) {
      expect(await bench.registry.tags.list('a', { limit: 10, after })).toEqual({ tags, more: false })
    }
  })

  it('are none for a limit of zero', async () => {
    await using bench = await open()
    await tagged(bench, 'a')
    expect(await bench.registry.tags.list('a', { limit: 0 })).toEqual({ tags: [], more: false })
    expect(await errorOf(bench.registry.tags.list('b', { limit: 0 }))).toMatchObject({ code: 'NAME_UNKNOWN' })
  })

  it('leave out tombstones and tags of deleted generations, without shorter pages', async () => {
    await using bench = await open({ untidy: 'rows are changed by hand' })
    await tagged(bench, 'a', 'b', 'c', 'd', 'e', 'f')
    for (const tag of ['a', 'c', 'f']) await bench.put(rowKeys.tag('a', tag), { version: 2, deleted: bench.now })
    expect(await bench.registry.tags.list('a', { limit: 2 })).toEqual({ tags: ['b', 'd'], more: true })
    expect(await bench.registry.tags.list('a', { limit: 3 })).toEqual({ tags: ['b', 'd', 'e'], more: false })
    const row = (await bench.row(rowKeys.tag('a', 'd'))) as Tag
    await bench.put(rowKeys.tag('a', 'd'), { ...row, generation: 'dead' })
    await bench.put(rowKeys.doomedManifest('a', 'dead'), await doomed(bench, row.digest, 'dead'))
    expect(await bench.registry.tags.list('a', { limit: 2 })).toEqual({ tags: ['b', 'e'], more: false })
    expect(await bench.registry.tags.list('a', { limit: 1 })).toEqual({ tags: ['b'], more: true })
  })

  it('count as deleted when their manifest is deleted while they are listed', async () => {
    await using bench = await open({ untidy: 'rows are changed by hand' })
    await tagged(bench, 'a')
    const { digest, generation } = (await bench.row(rowKeys.tag('a', 'a'))) as Tag
    bench.faults.interrupt('scan', /^tags\//, async () => {
      await bench.put(rowKeys.doomedManifest('a', generation), await doomed(bench, digest, generation))
    })
    expect(await bench.registry.tags.list('a', { limit: 10 })).toEqual({ tags: [], more: false })
  })

  it('are gone with their manifest, also where its sweep ends while they are listed', async () => {
    await using bench = await open()
    const { digest } = await pushImage(bench.registry, 'a', 'tag', ['{}'])
    const sweep = bench.faults.hold('get', /^doomed\//)
    await bench.registry.manifests.delete('a', digest)
    bench.faults.interrupt('scan', /^tags\//, async () => {
      sweep.release()
      await bench.settled()
    })
    expect(await bench.registry.tags.list('a', { limit: 10 })).toEqual({ tags: [], more: false })
  })

  it('are none where it has only manifests without one', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', digestOf(imageOf(['{}'])), ['{}'])
    expect(await bench.registry.tags.list('a', { limit: 10 })).toEqual({ tags: [], more: false })
  })

  it('are unknown where there is no repository, or only a blob, or a tombstone', async () => {
    await using bench = await open({ untidy: 'a row is put by hand' })
    await pushBlob(bench.registry, 'blobs', 'x')
    await bench.put(rowKeys.repository('deleted', bench.index.capabilities.limits.spread), { version: 2, deleted: bench.now })
    for (const repository of ['never', 'blobs', 'deleted']) {
      expect(await errorOf(bench.registry.tags.list(repository, { limit: 10 }))).toMatchObject({ code: 'NAME_UNKNOWN' })
    }
  })

  it('are those of this repository alone', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'one', ['{}'])
    await pushImage(bench.registry, 'a/b', 'two', ['{}'])
    expect(await bench.registry.tags.list('a', { limit: 10 })).toEqual({ tags: ['one'], more: false })
    expect(await bench.registry.tags.list('a/b', { limit: 10 })).toEqual({ tags: ['two'], more: false })
  })
})

onEachPair('a tag', (open) => {
  it('moves to another manifest, and its reverse row with it', async () => {
    await using bench = await open()
    const first = await pushImage(bench.registry, 'a', 'tag', ['{}', 'one'])
    bench.now += 1000
    const second = await pushImage(bench.registry, 'a', 'tag', ['{}', 'two'])
    expect(await readManifest(bench.registry, 'a', 'tag')).toBe(second.manifest.toString())
    expect(await readManifest(bench.registry, 'a', first.digest)).toBe(first.manifest.toString())
    const { generation } = (await bench.row(rowKeys.manifest('a', second.digest))) as Manifest
    expect(await bench.row(rowKeys.tag('a', 'tag'))).toMatchObject({ version: nthVersion(2), digest: second.digest, generation, time: bench.now })
    expect(await bench.rows('tagged/')).toEqual({ [`tagged/a/${second.digest} tag`]: { generation } })
  })

  it('is set on a manifest that is there, which is left as it is', async () => {
    await using bench = await open()
    const { digest, manifest } = await pushImage(bench.registry, 'a', 'one', ['{}'])
    const before = await bench.entry(rowKeys.manifest('a', digest))
    bench.now += 1000
    await pushManifest(bench.registry, 'a', 'two', manifest)
    expect(await bench.entry(rowKeys.manifest('a', digest))).toEqual(before)
    expect(Object.keys(await bench.rows('tagged/'))).toEqual([`tagged/a/${digest} one`, `tagged/a/${digest} two`])
    expect(Object.keys(await bench.rows('used/'))).toHaveLength(1)
  })

  it('moves back and forth, one version up each time', async () => {
    await using bench = await open()
    const one = await pushImage(bench.registry, 'a', 'tag', ['{}', 'one'])
    const two = await pushImage(bench.registry, 'a', 'tag', ['{}', 'two'])
    for (const { manifest } of [one, two, one]) await pushManifest(bench.registry, 'a', 'tag', manifest)
    expect(await bench.row(rowKeys.tag('a', 'tag'))).toMatchObject({ version: nthVersion(5), digest: one.digest })
    await bench.settled()
    expect((await bench.keys('repositories/a/_tags/')).map((key) => Number(key.slice(-20)))).toEqual([nthVersion(5)])
  })

  it('goes on from the version of its tombstone', async () => {
    await using bench = await open({ untidy: 'rows are changed by hand' })
    const { manifest } = await pushImage(bench.registry, 'a', 'tag', ['{}'])
    await bench.put(rowKeys.tag('a', 'tag'), { version: 7, deleted: bench.now })
    expect(await errorOf(bench.registry.manifests.get('a', parseReference('tag')))).toMatchObject({ code: 'MANIFEST_UNKNOWN' })
    await pushManifest(bench.registry, 'a', 'tag', manifest)
    expect(await bench.row(rowKeys.tag('a', 'tag'))).toMatchObject({ version: 8 })
  })

  it('of another generation of the same manifest reads as absent, and is set anew by a push', async () => {
    await using bench = await open()
    const { manifest } = await pushImage(bench.registry, 'a', 'tag', ['{}'])
    const row = (await bench.row(rowKeys.tag('a', 'tag'))) as Tag
    await bench.put(rowKeys.tag('a', 'tag'), { ...row, generation: 'dead' })
    expect(await errorOf(readManifest(bench.registry, 'a', 'tag'))).toMatchObject({ code: 'MANIFEST_UNKNOWN' })
    await pushManifest(bench.registry, 'a', 'tag', manifest)
    expect(await readManifest(bench.registry, 'a', 'tag')).toBe(manifest.toString())
    expect(await bench.row(rowKeys.tag('a', 'tag'))).toMatchObject({ version: nthVersion(2) })
  })
})

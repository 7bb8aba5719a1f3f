import { expect, it } from 'vitest'
import { rowKeys } from '../src/keyspace.js'
import { errorOf, nthVersion, onEachPair } from './support/bench.js'
import { digestOf, imageOf, pushBlob, pushManifest, readManifest } from './support/images.js'

onEachPair('pushing the same manifest again', (open) => {
  it.each(['by tag', 'by digest'])('changes nothing: no version, no generation, no revision, no object (%s)', async (by) => {
    await using bench = await open()
    const contents = ['{}', 'layer']
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    const manifest = imageOf(contents)
    const reference = by === 'by tag' ? 'tag' : digestOf(manifest)
    await pushManifest(bench.registry, 'a', reference, manifest)
    const keys = [rowKeys.manifest('a', digestOf(manifest)), rowKeys.tag('a', 'tag'), rowKeys.repository('a', bench.index.capabilities.limits.spread)]
    const before = { world: await bench.world(), rows: await bench.index.get(keys) }
    bench.faults.forget()
    bench.now += 1000
    await pushManifest(bench.registry, 'a', reference, manifest)
    expect({ world: await bench.world(), rows: await bench.index.get(keys) }).toEqual(before)
    expect(bench.faults.count('put')).toBe(0)
    expect(bench.faults.count('delete')).toBe(0)
  })
})

onEachPair('pushes at once', (open) => {
  it('of different images to one tag all succeed, and one of them has it', async () => {
    await using bench = await open()
    await pushBlob(bench.registry, 'a', '{}')
    const manifests = Array.from({ length: 20 }, (_, n) => imageOf(['{}'], { annotations: { n: String(n) } }))
    const others = [bench.registry, (await bench.start()).registry, (await bench.start()).registry]
    await Promise.all(manifests.map((manifest, n) => pushManifest(others[n % 3]!, 'a', 'tag', manifest)))
    const row = (await bench.row(rowKeys.tag('a', 'tag'))) as { readonly version: number; readonly digest: string }
    expect(row.version).toBe(nthVersion(20))
    expect(manifests.map((manifest) => digestOf(manifest))).toContain(row.digest)
    for (const manifest of manifests) expect(await readManifest(bench.registry, 'a', digestOf(manifest))).toBe(manifest.toString())
    expect(Object.keys(await bench.rows('tagged/'))).toEqual([`tagged/a/${row.digest} tag`])
    await bench.settled()
    const records = await bench.keys('repositories/a/_tags/')
    expect(records.map((key) => Number(key.slice(-20)))).toEqual([nthVersion(20)])
    expect(await bench.record(records[0]!)).toMatchObject({ tag: 'tag', digest: row.digest, version: nthVersion(20) })
    expect(await bench.rows('due/')).toEqual({})
  })

  it('of different images into a new repository all succeed, and it is created once', async () => {
    await using bench = await open()
    await pushBlob(bench.registry, 'new', '{}')
    const other = await bench.start()
    const manifests = Array.from({ length: 8 }, (_, n) => imageOf(['{}'], { annotations: { n: String(n) } }))
    await Promise.all(manifests.map((manifest, n) => pushManifest(n % 2 ? bench.registry : other.registry, 'new', `v${n}`, manifest)))
    expect(Object.values(await bench.rows('repositories/'))).toMatchObject([{ version: nthVersion(1), created: bench.now }])
    expect((await bench.registry.tags.list('new', { limit: 100 })).tags).toHaveLength(8)
    await bench.settled()
    expect(await bench.keys('repositories/new/_repository/')).toHaveLength(1)
  })

  it('of one image by one tag all succeed, with one generation', async () => {
    await using bench = await open()
    await pushBlob(bench.registry, 'a', '{}')
    const manifest = imageOf(['{}'])
    const other = await bench.start()
    await Promise.all(Array.from({ length: 10 }, (_, n) => pushManifest(n % 2 ? bench.registry : other.registry, 'a', 'tag', manifest)))
    expect(await bench.row(rowKeys.manifest('a', digestOf(manifest)))).toMatchObject({ version: nthVersion(1) })
    expect(await bench.row(rowKeys.tag('a', 'tag'))).toMatchObject({ version: nthVersion(1) })
  })

  it('of one image by different tags keep its generation, and every tag leads to it', async () => {
    await using bench = await open()
    await pushBlob(bench.registry, 'a', '{}')
    await pushManifest(bench.registry, 'a', 'known', imageOf(['{}', '{}']))
    const manifest = imageOf(['{}'])
    const other = await bench.start()
    const commit = bench.faults.hold('commit', /^put manifests\//)
    const slow = pushManifest(bench.registry, 'a', 'slow', manifest)
    await commit.reached
    await pushManifest(other.registry, 'a', 'fast', manifest)
    const before = await bench.entry(rowKeys.manifest('a', digestOf(manifest)))
    commit.release()
    await slow
    expect(await bench.entry(rowKeys.manifest('a', digestOf(manifest)))).toEqual(before)
    for (const tag of ['slow', 'fast']) expect(await readManifest(bench.registry, 'a', tag)).toBe(manifest.toString())
  })

  it('create a repository at the time of the first, whoever was about to', async () => {
    await using bench = await open()
    await pushBlob(bench.registry, 'a', '{}')
    const other = await bench.start()
    const key = rowKeys.repository('a', bench.index.capabilities.limits.spread)
    const commit = bench.faults.hold('commit', /^put manifests\//)
    const slow = pushManifest(bench.registry, 'a', 'slow', imageOf(['{}', '{}']))
    await commit.reached
    await pushManifest(other.registry, 'a', 'fast', imageOf(['{}']))
    const before = await bench.entry(key)
    commit.release()
    await slow
    expect(await bench.entry(key)).toEqual(before)
  })

  it.each(['tag', 'other'])('that rely on a manifest which is deleted meanwhile bring it again (%s)', async (tag) => {
    await using bench = await open({ untidy: 'a row is put by hand' })
    await pushBlob(bench.registry, 'a', '{}')
    const manifest = imageOf(['{}'])
    await pushManifest(bench.registry, 'a', 'tag', manifest)
    const commit = bench.faults.hold('commit', /^check manifests\/a /)
    const push = pushManifest(bench.registry, 'a', tag, manifest)
    await commit.reached
    await bench.put(rowKeys.manifest('a', digestOf(manifest)), { version: 2, deleted: bench.now })
    commit.release()
    await push
    expect(await readManifest(bench.registry, 'a', tag)).toBe(manifest.toString())
    expect(await bench.row(rowKeys.manifest('a', digestOf(manifest)))).toMatchObject({ version: 3 })
  })

  it('that rely on a repository which is deleted meanwhile create it again', async () => {
    await using bench = await open({ untidy: 'a row is put by hand' })
    await pushBlob(bench.registry, 'a', '{}')
    await pushManifest(bench.registry, 'a', 'tag', imageOf(['{}']))
    const key = rowKeys.repository('a', bench.index.capabilities.limits.spread)
    const commit = bench.faults.hold('commit', /^put manifests\//)
    const push = pushManifest(bench.registry, 'a', 'other', imageOf(['{}', '{}']))
    await commit.reached
    await bench.put(key, { version: 2, deleted: bench.now })
    commit.release()
    await push
    expect(await bench.row(key)).toMatchObject({ version: 3, created: bench.now })
  })

  it('share a base layer without a conflict', async () => {
    await using bench = await open()
    for (const content of ['{}', 'base']) await pushBlob(bench.registry, 'a', content)
    await pushManifest(bench.registry, 'a', 'first', imageOf(['{}', 'base']))
    bench.faults.forget()
    const commit = bench.faults.hold('commit', /^put manifests\//)
    const held = pushManifest(bench.registry, 'a', 'second', imageOf(['{}', 'base', 'base']))
    await commit.reached
    await pushManifest(bench.registry, 'a', 'third', imageOf(['{}', 'base', '{}']))
    commit.release()
    await held
    expect(bench.faults.count('commit', /^put manifests\//)).toBe(2)
  })

  it('end with UNAVAILABLE when the time for trying again is over', async () => {
    await using bench = await open({ policy: { retryMilliseconds: 0 } })
    await pushBlob(bench.registry, 'a', '{}')
    const before = await bench.world()
    const commit = bench.faults.hold('commit', /^put manifests\//)
    const push = errorOf(pushManifest(bench.registry, 'a', 'tag', imageOf(['{}'])))
    await commit.reached
    await bench.put(rowKeys.tag('a', 'tag'), { version: 1, deleted: 0 })
    commit.release()
    expect(await push).toMatchObject({ code: 'UNAVAILABLE', cause: { code: 'CONFLICT' } })
    await bench.index.commit([{ op: 'delete', key: rowKeys.tag('a', 'tag') }])
    expect(await bench.world()).toEqual(before)
  })
})

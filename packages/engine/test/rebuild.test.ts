import { expect, it } from 'vitest'
import { defaultPolicy } from '../src/index.js'
import { rowKeys } from '../src/keyspace.js'
import type { Rebuild } from '../src/rows.js'
import { answersOf } from './support/answers.js'
import { errorOf, onEachPair } from './support/bench.js'
import { fill } from './support/fill.js'
import { body, digestOf, imageOf, indexOf, pushBlob, pushImage, readBlob, readManifest } from './support/images.js'

onEachPair('a lost index', (open) => {
  it('is rebuilt from storage as it was, and storage stays as it is', async () => {
    await using bench = await open()
    await fill(bench.registry)
    const [answers, { objects }] = [await answersOf(bench), await bench.world()]
    await bench.rebuild()
    expect(await answersOf(bench)).toEqual(answers)
    const { objects: now } = await bench.world()
    expect({ ...now, 'registry.json': '' }).toEqual({ ...objects, 'registry.json': '' })
    expect(now['registry.json']).not.toBe(objects['registry.json'])
  })

  it('is rebuilt twice as it was', async () => {
    await using bench = await open()
    await fill(bench.registry)
    const answers = await answersOf(bench)
    await bench.rebuild()
    await bench.rebuild()
    expect(await answersOf(bench)).toEqual(answers)
  })

  it('is rebuilt to a registry that works on', async () => {
    await using bench = await open()
    await fill(bench.registry)
    await bench.rebuild()
    const { registry } = bench
    expect(await readBlob(registry, 'a', digestOf('layer'))).toBe('layer')
    expect(await readManifest(registry, 'a', 'Other-Tag_1.0')).toBe(imageOf(['{}', 'layer', 'large layer']).toString())
    expect(await errorOf(readManifest(registry, 'moving', 'latest'))).toMatchObject({ code: 'MANIFEST_UNKNOWN' })
    await pushImage(registry, 'moving', 'latest', ['{}', 'four'])
    await registry.manifests.delete('a', digestOf(indexOf([imageOf(['{}', 'layer', 'large layer'])])))
    await registry.repositories.delete('0/1')
    const answers = await answersOf(bench)
    await bench.rebuild()
    expect(await answersOf(bench)).toEqual(answers)
    expect(await readManifest(bench.registry, 'moving', 'latest')).toBe(imageOf(['{}', 'four']).toString())
  })

  it('tells what is there again', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'one', ['{}', 'layer'])
    await pushImage(bench.registry, 'a', 'two', ['{}', 'layer'])
    await pushImage(bench.registry, 'b', 'three', ['{}', 'other'])
    await bench.rebuild()
    const { report, progress } = bench.registry.rebuild!
    const { counts, problemCount } = await report
    expect(counts).toEqual({ repositories: 2, manifests: 2, tags: 3, blobs: 3 })
    expect(problemCount).toBe(0)
    expect(progress).toMatchObject({ phase: 'complete', done: 7 })
    expect(await bench.row(rowKeys.rebuild())).toMatchObject({ state: 'complete', problems: 0 } satisfies Partial<Rebuild>)
  })

  it('gives every blob a full lease', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'tag', ['{}'])
    bench.now += 3_600_000
    await bench.rebuild()
    expect(await bench.row(rowKeys.blob(digestOf('{}')))).toMatchObject({ lease: bench.now + defaultPolicy.leaseMilliseconds, state: 'live' })
  })

  it('forgets upload sessions, and blobs that no manifest of the repository names', async () => {
    await using bench = await open({ untidy: 'bytes of a blob that no manifest names stay until the sweep of objects' })
    await pushImage(bench.registry, 'a', 'tag', ['{}', 'layer'])
    await pushBlob(bench.registry, 'b', 'layer')
    await pushBlob(bench.registry, 'a', 'lonely')
    const { id } = await bench.registry.uploads.start('a')
    await bench.rebuild()
    expect(await readBlob(bench.registry, 'a', digestOf('layer'))).toBe('layer')
    expect(await errorOf(readBlob(bench.registry, 'b', digestOf('layer')))).toMatchObject({ code: 'BLOB_UNKNOWN' })
    expect(await errorOf(readBlob(bench.registry, 'a', digestOf('lonely')))).toMatchObject({ code: 'BLOB_UNKNOWN' })
    expect(await errorOf(bench.registry.uploads.status('a', id))).toMatchObject({ code: 'BLOB_UPLOAD_UNKNOWN' })
  })

  it('is rebuilt too when registry.json is gone or damaged with it', async () => {
    for (const broken of ['gone', 'damaged']) {
      await using bench = await open()
      const { manifest } = await pushImage(bench.registry, 'a', 'tag', ['{}'])
      await bench.settled()
      await bench.loseIndex()
      await bench.driver.delete(['registry.json'])
      if (broken === 'damaged') await bench.driver.put('registry.json', body('{'))
      bench.registry = (await bench.start()).registry
      expect(await readManifest(bench.registry, 'a', 'tag')).toBe(manifest.toString())
      await bench.registry.check()
    }
  })

  it('of a storage without records is new', async () => {
    await using bench = await open()
    await bench.loseIndex()
    await bench.driver.delete(['registry.json'])
    bench.registry = (await bench.start()).registry
    expect(bench.registry.rebuild).toBeUndefined()
  })
})

import { RegistryError } from '@registry/core'
import { expect, it } from 'vitest'
import { rowKeys } from '../src/keyspace.js'
import { isLive, type Manifest } from '../src/rows.js'
import { errorOf, nthVersion, onEachPair } from './support/bench.js'
import { digestOf, imageOf, pushBlob, pushImage, pushManifest, readManifest } from './support/images.js'

const contents = ['{}', 'layer']
const manifest = imageOf(contents)
const digest = digestOf(manifest)
const large = imageOf(contents, { annotations: { note: 'x'.repeat(500_000) } })
const announcing = /^put pushes\//
const pushing = /^put manifests\//
const unavailable = new RegistryError('UNAVAILABLE', 'the backend is away')

// At the end of each test the bench compares rows, records and objects.
onEachPair('a manifest push', (open) => {
  it.each([
    ['its commit landed', 'applied'],
    ['its commit did not land', 'never'],
  ] as const)('succeeds when the answer was lost and %s, with its records stored', async (_, fate) => {
    await using bench = await open()
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    bench.faults.lose('commit', pushing, fate)
    await pushManifest(bench.registry, 'a', 'tag', manifest)
    expect(await bench.keys('repositories/')).toHaveLength(3)
    expect(await readManifest(bench.registry, 'a', 'tag')).toBe(manifest.toString())
    const row = (await bench.row(rowKeys.manifest('a', digest))) as Manifest
    expect(row.version).toBe(nthVersion(1))
    await bench.settled()
    await bench.start()
  })

  it('does not land when its commit comes after it was tried again', async () => {
    await using bench = await open()
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    const commit = bench.faults.delay('commit', pushing)
    await pushManifest(bench.registry, 'a', 'tag', manifest)
    const before = await bench.world()
    await expect(commit.land()).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await bench.world()).toEqual(before)
  })

  it('does not land late when it was refused after all', async () => {
    await using bench = await open()
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    const before = await bench.world()
    const commit = bench.faults.delay('commit', pushing)
    bench.faults.interrupt('commit', announcing, async () => {
      bench.faults.fail('commit', announcing, unavailable)
    })
    await expect(pushManifest(bench.registry, 'a', 'tag', manifest)).rejects.toBe(unavailable)
    await bench.settled()
    expect(await bench.world()).toEqual(before)
    await expect(commit.land()).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it.each(['applied', 'never'] as const)('succeeds when the answer to its announcement was lost (%s)', async (fate) => {
    for (const text of [manifest, large]) {
      await using bench = await open()
      for (const content of contents) await pushBlob(bench.registry, 'a', content)
      bench.faults.lose('commit', announcing, fate)
      await pushManifest(bench.registry, 'a', 'tag', text)
      expect(await readManifest(bench.registry, 'a', 'tag')).toBe(text.toString())
    }
  })

  it('is not harmed by an announcement of its own that comes late', async () => {
    await using bench = await open({ untidy: 'the announcement stays until it expires' })
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    const late = bench.faults.delay('commit', announcing)
    await pushManifest(bench.registry, 'a', 'tag', manifest)
    await late.land()
    expect(await readManifest(bench.registry, 'a', 'tag')).toBe(manifest.toString())
    const { generation } = (await bench.row(rowKeys.manifest('a', digest))) as Manifest
    const edges = Object.keys(await bench.rows('used/')).filter((key) => key.endsWith(generation))
    expect(edges).toHaveLength(2)
  })

  it.each(['applied', 'never'] as const)('succeeds when the answer to the renewal of its blobs was lost (%s)', async (fate) => {
    await using bench = await open()
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    const key = rowKeys.blob(digestOf('layer'))
    await bench.put(key, { ...(await bench.row(key))!, state: 'condemned' })
    bench.faults.lose('commit', /^put blobs\//, fate)
    await pushManifest(bench.registry, 'a', 'tag', manifest)
    expect((await bench.row(key))?.state).toBe('live')
  })

  it.each(['applied', 'never'] as const)('moves a tag once when the answer was lost (%s)', async (fate) => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'tag', ['{}', 'old'])
    await pushImage(bench.registry, 'a', 'other', contents)
    bench.faults.lose('commit', /^put tags\//, fate)
    await pushManifest(bench.registry, 'a', 'tag', manifest)
    const row = (await bench.row(rowKeys.tag('a', 'tag')))!
    expect(row).toMatchObject({ digest, version: nthVersion(2) })
    expect(await bench.keys('repositories/a/_tags/')).toContain(`repositories/a/_tags/${digestOf('tag').slice(7, 9)}/tag/${String(nthVersion(2)).padStart(20, '0')}`)
    await bench.settled()
    // The note of the commit that landed is worked off by whoever relied on it.
    expect(await bench.rows('due/')).toEqual({})
  })

  it('keeps the text that a row names, whatever was noted as trash', async () => {
    for (const fate of ['applied', 'never'] as const) {
      await using bench = await open()
      for (const content of contents) await pushBlob(bench.registry, 'a', content)
      bench.faults.lose('commit', pushing, fate)
      await pushManifest(bench.registry, 'a', 'tag', large)
      await bench.settled()
      const { registry } = await bench.start()
      expect(await readManifest(registry, 'a', 'tag')).toBe(large.toString())
      expect((await bench.blobKeys()).length).toBe(3)
    }
  })

  it('fails where its record cannot be stored, and says it truly when it is tried again', async () => {
    await using bench = await open()
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    bench.faults.fail('put', /_manifests\//, unavailable)
    await expect(pushManifest(bench.registry, 'a', 'tag', manifest)).rejects.toBe(unavailable)
    await pushManifest(bench.registry, 'a', 'tag', manifest)
    expect(await bench.keys('repositories/a/_manifests/')).toHaveLength(1)
    const row = (await bench.row(rowKeys.manifest('a', digest)))!
    expect(isLive(row) && row.version).toBe(nthVersion(1))
  })

  it('fails where even the withdrawal has no answer, and is good at the next attempt', async () => {
    await using bench = await open()
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    bench.faults.lose('commit', pushing, 'applied')
    bench.faults.lose('commit', /^delete pushes\//, 'never')
    expect(await errorOf(pushManifest(bench.registry, 'a', 'tag', manifest))).toMatchObject({ code: 'UNAVAILABLE' })
    await pushManifest(bench.registry, 'a', 'tag', manifest)
    expect(await bench.keys('repositories/')).toHaveLength(3)
  })
})

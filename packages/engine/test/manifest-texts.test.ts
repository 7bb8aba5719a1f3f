import { expect, it } from 'vitest'
import { rowKeys } from '../src/keyspace.js'
import type { Manifest } from '../src/rows.js'
import { errorOf, onEachPair } from './support/bench.js'
import { body, descriptor, digestOf, imageOf, pushBlob, pushImage, pushManifest, readManifest } from './support/images.js'

const contents = ['{}', 'layer']
// The strictest index takes values of 390,000 bytes.
const large = imageOf(contents, { annotations: { note: 'é'.repeat(250_000) } })
const digest = digestOf(large)

onEachPair('a manifest text that is too large for a row', (open) => {
  it('lies in an object, and comes back exactly, also after a restart', async () => {
    await using bench = await open()
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    await pushManifest(bench.registry, 'a', 'tag', large)
    const row = (await bench.row(rowKeys.manifest('a', digest))) as Manifest
    expect(row.text).toBeUndefined()
    expect(row.object).toMatch(new RegExp(`^blobs/${row.generation.slice(0, 2)}/${row.generation}-0-[0-9a-f]{8}$`))
    expect(await bench.object(row.object!)).toBe(large.toString())
    for (const { registry } of [{ registry: bench.registry }, await bench.start()]) {
      expect(await readManifest(registry, 'a', 'tag')).toBe(large.toString())
      expect(await readManifest(registry, 'a', digest)).toBe(large.toString())
    }
  })

  it('has a record that leads to its object', async () => {
    await using bench = await open()
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    await pushManifest(bench.registry, 'a', digest, large)
    const [key] = await bench.keys('repositories/a/_manifests/')
    const { object } = (await bench.row(rowKeys.manifest('a', digest))) as Manifest
    const record = await bench.record(key!)
    expect(record).toMatchObject({ object, size: large.length, blobs: [{ digest: digestOf('{}') }, { digest: digestOf('layer') }] })
    expect(record).not.toHaveProperty('text')
  })

  it('is read from storage once, and from memory after that', async () => {
    await using bench = await open()
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    await pushManifest(bench.registry, 'a', 'tag', large)
    await bench.settled()
    const { registry, faults } = await bench.start()
    for (let n = 0; n < 3; n++) expect(await readManifest(registry, 'a', 'tag')).toBe(large.toString())
    expect(faults.count('open')).toBe(1)
  })

  it('goes with its manifest: who was about to read it finds no manifest, and nothing corrupt', async () => {
    await using bench = await open()
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    const { digest } = await pushManifest(bench.registry, 'a', 'tag', large)
    await bench.settled()
    const { registry, faults } = await bench.start()
    const text = faults.hold('open', /^blobs\//)
    const reading = errorOf(readManifest(registry, 'a', 'tag'))
    await text.reached
    await bench.registry.manifests.delete('a', digest)
    await bench.registry.settled()
    text.release()
    expect(await reading).toMatchObject({ code: 'MANIFEST_UNKNOWN' })
  })

  it('goes with its manifest: who was about to sweep after that leaves it to who was faster', async () => {
    await using bench = await open()
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    const { digest } = await pushManifest(bench.registry, 'a', 'tag', large)
    await bench.settled()
    const { registry, faults } = await bench.start()
    const own = bench.faults.hold('get', /^doomed\//)
    await bench.registry.manifests.delete('a', digest)
    await own.reached
    const text = faults.hold('open', /^blobs\//)
    const sweeping = registry.sweep({ noteAge: 0, objectFolders: [] })
    await text.reached
    own.release()
    await bench.registry.settled()
    text.release()
    expect(await sweeping).toMatchObject({ unnamedObjects: 0 })
  })

  it('is not kept in memory beyond the policy', async () => {
    await using bench = await open({ policy: { manifestCacheBytes: 1000 } })
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    await pushManifest(bench.registry, 'a', 'tag', large)
    await bench.settled()
    bench.faults.forget()
    for (let n = 0; n < 2; n++) expect(await readManifest(bench.registry, 'a', 'tag')).toBe(large.toString())
    expect(bench.faults.count('open')).toBe(2)
  })

  it('is put before the push is announced, and named from then on', async () => {
    await using bench = await open()
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    const announcement = bench.faults.hold('commit', /^put pushes\//)
    const commit = bench.faults.hold('commit', /^put manifests\//)
    const push = pushManifest(bench.registry, 'a', 'tag', large)
    await announcement.reached
    expect(await bench.blobKeys()).toHaveLength(3)
    announcement.release()
    await commit.reached
    const [announced] = Object.values(await bench.rows('pushes/'))
    expect(await bench.blobKeys()).toContain((announced as { readonly object: string }).object)
    commit.release()
    await push
  })

  it('is deleted where the push is refused', async () => {
    await using bench = await open()
    await pushBlob(bench.registry, 'a', '{}')
    const before = await bench.world()
    bench.faults.forget()
    expect(await errorOf(pushManifest(bench.registry, 'a', 'tag', large))).toMatchObject({ code: 'MANIFEST_BLOB_UNKNOWN' })
    expect(await bench.world()).toEqual(before)
    expect(bench.faults.count('put')).toBe(1)
    expect(bench.faults.count('delete')).toBe(1)
  })

  it('is put again where the push meets a conflict, and only the last one stays', async () => {
    await using bench = await open()
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    const commit = bench.faults.hold('commit', /^put manifests\//)
    const push = pushManifest(bench.registry, 'a', 'tag', large)
    await commit.reached
    const other = await bench.start()
    await pushImage(other.registry, 'a', 'tag', ['{}'])
    commit.release()
    await push
    await bench.settled()
    expect(await bench.blobKeys()).toHaveLength(3)
    expect(await readManifest(bench.registry, 'a', 'tag')).toBe(large.toString())
  })

  it('that storage lost or changed is corrupt, never another text', async () => {
    await using bench = await open({ untidy: 'the object is changed and then taken away', policy: { manifestCacheBytes: 1000 } })
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    await pushManifest(bench.registry, 'a', 'tag', large)
    const { object } = (await bench.row(rowKeys.manifest('a', digest))) as Manifest
    await bench.driver.put(object!, body(large.toString().replaceAll('é', 'è')))
    expect(await errorOf(readManifest(bench.registry, 'a', 'tag'))).toMatchObject({ code: 'CORRUPT', key: object })
    await bench.driver.delete([object!])
    expect(await errorOf(readManifest(bench.registry, 'a', 'tag'))).toMatchObject({ code: 'CORRUPT', key: object })
  })

  it('is measured as the row holds it: with its escapes', async () => {
    await using bench = await open()
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    // Quotation marks take twice their room, so that these two lie on both sides of the limit.
    for (const [quotes, inRow] of [[90_000, true], [100_000, false]] as const) {
      const text = imageOf(contents, { annotations: { note: '"'.repeat(quotes) } })
      await pushManifest(bench.registry, 'a', 'tag', text)
      expect('text' in (await bench.row(rowKeys.manifest('a', digestOf(text))))!).toBe(inRow)
      expect(await readManifest(bench.registry, 'a', 'tag')).toBe(text.toString())
    }
  })

  it('leaves its annotations out of the row beside its subject', async () => {
    await using bench = await open()
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    const subject = descriptor('subject')
    const text = imageOf(contents, { subject, annotations: { note: 'x'.repeat(400_000) } })
    const info = await pushManifest(bench.registry, 'a', 'tag', text)
    const row = (await bench.row(rowKeys.referrer('a', subject.digest, info.digest)))!
    expect(row.annotationsLeftOut).toBe(true)
    expect(row.descriptor).not.toHaveProperty('annotations')
  })

  it('may name more blobs than one commit takes', async () => {
    await using bench = await open()
    const many = Array.from({ length: 250 }, (_, n) => `layer ${n}`)
    const { manifest } = await pushImage(bench.registry, 'a', 'tag', many)
    expect(await readManifest(bench.registry, 'a', 'tag')).toBe(manifest.toString())
    expect(Object.keys(await bench.rows('used/'))).toHaveLength(250)
    const refused = imageOf([...many, 'missing'])
    const before = await bench.world()
    expect(await errorOf(pushManifest(bench.registry, 'a', 'tag', refused))).toMatchObject({ code: 'MANIFEST_BLOB_UNKNOWN' })
    expect(await bench.world()).toEqual(before)
  })
})

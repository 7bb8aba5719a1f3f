import { expect, it } from 'vitest'
import { rowKeys } from '../src/keyspace.js'
import type { Blob } from '../src/rows.js'
import { type Bench, errorOf, onEachPair } from './support/bench.js'
import { digestOf, imageOf, pushBlob, pushImage, pushManifest, readBlob } from './support/images.js'

const hour = 3_600_000
const content = 'layer'
const digest = digestOf(content)
const policy = { leaseMilliseconds: 48 * hour }

async function blobRow(bench: Bench): Promise<Blob> {
  return (await bench.row(rowKeys.blob(digest)))!
}

/** What gives a client a promise about a blob. */
const promises: readonly (readonly [string, (bench: Bench) => Promise<unknown>])[] = [
  ['stat', (bench) => bench.registry.blobs.stat('a', digest)],
  ['open', (bench) => readBlob(bench.registry, 'a', digest)],
  ['locate', (bench) => bench.registry.blobs.locate('a', digest)],
  ['mount', (bench) => bench.registry.blobs.mount('b', digest, { from: 'a' })],
  ['pushing a manifest', (bench) => pushManifest(bench.registry, 'a', 'tag', imageOf([content]))],
]

onEachPair('the lease of a blob', (open) => {
  it('begins when it is pushed', async () => {
    await using bench = await open({ policy })
    await pushBlob(bench.registry, 'a', content)
    expect(await blobRow(bench)).toMatchObject({ lease: bench.now + 48 * hour, state: 'live', verified: bench.now })
  })

  it.each(promises)('is left alone by %s while less than half of it is over', async (_, promise) => {
    await using bench = await open({ policy })
    await pushBlob(bench.registry, 'a', content)
    const before = await bench.entry(rowKeys.blob(digest))
    bench.now += 24 * hour - 1
    await promise(bench)
    expect(await bench.entry(rowKeys.blob(digest))).toEqual(before)
  })

  it.each(promises)('is renewed by %s when half of it is over', async (_, promise) => {
    await using bench = await open({ policy })
    await pushBlob(bench.registry, 'a', content)
    const before = await blobRow(bench)
    bench.now += 24 * hour
    await promise(bench)
    expect(await blobRow(bench)).toEqual({ ...before, lease: bench.now + 48 * hour })
  })

  it.each(promises)('is given again by %s to a condemned blob, however long it was', async (_, promise) => {
    await using bench = await open({ policy })
    await pushBlob(bench.registry, 'a', content)
    const before = await blobRow(bench)
    await bench.put(rowKeys.blob(digest), { ...before, state: 'condemned' })
    await promise(bench)
    expect(await blobRow(bench)).toEqual({ ...before, state: 'live', lease: bench.now + 48 * hour })
  })

  it('is renewed by pushing the same manifest again', async () => {
    await using bench = await open({ policy })
    const { manifest } = await pushImage(bench.registry, 'a', 'tag', [content])
    bench.now += 30 * hour
    await pushManifest(bench.registry, 'a', 'tag', manifest)
    expect((await blobRow(bench)).lease).toBe(bench.now + 48 * hour)
  })

  it.each(promises)('is renewed by %s at the revision that was read: a blob that is collected meanwhile is not revived', async (_, promise) => {
    await using bench = await open({ policy })
    await pushBlob(bench.registry, 'a', content)
    await bench.put(rowKeys.blob(digest), { ...(await blobRow(bench)), state: 'condemned' })
    const renewal = bench.faults.hold('commit', /^put blobs\//)
    const refused = errorOf(promise(bench))
    await renewal.reached
    const { objects } = await blobRow(bench)
    const id = objects[0]!.key.split('/')[2]!.split('-')[0]!
    await bench.index.commit([{ op: 'delete', key: rowKeys.blob(digest) }, { op: 'delete', key: rowKeys.objectOwner(id) }])
    await bench.driver.delete(objects.map(({ key }) => key))
    renewal.release()
    expect((await refused).code).toMatch(/^(?:BLOB_UNKNOWN|MANIFEST_BLOB_UNKNOWN)$/)
    expect(await bench.rows('blobs/')).toEqual({})
  })
})

onEachPair('mounting a blob', (open) => {
  it('gives a repository the blob of another, without a byte', async () => {
    await using bench = await open()
    await pushBlob(bench.registry, 'a', content)
    bench.faults.forget()
    expect(await bench.registry.blobs.mount('b', digest, { from: 'a' })).toEqual({ digest, size: 5 })
    expect(bench.faults.calls.filter(({ operation }) => ['head', 'open', 'put', 'delete', 'list'].includes(operation))).toEqual([])
    expect(await readBlob(bench.registry, 'b', digest)).toBe(content)
  })

  it('is void where the blob row changed meanwhile, and looks again', async () => {
    await using bench = await open()
    await pushBlob(bench.registry, 'a', content)
    const commit = bench.faults.hold('commit', /^put links\//)
    const mounting = bench.registry.blobs.mount('b', digest, { from: 'a' })
    await commit.reached
    await bench.put(rowKeys.blob(digest), { ...(await blobRow(bench)), state: 'condemned' })
    commit.release()
    await mounting
    expect((await blobRow(bench)).state).toBe('live')
  })

  it('is void where the link changed meanwhile, and looks again', async () => {
    await using bench = await open()
    for (const repository of ['a', 'b']) await pushBlob(bench.registry, repository, content)
    const { incarnation } = await blobRow(bench)
    const commit = bench.faults.hold('commit', /^put links\//)
    const mounting = bench.registry.blobs.mount('b', digest, { from: 'a' })
    await commit.reached
    await bench.put(rowKeys.link('b', digest), { incarnation, marked: true })
    bench.faults.forget()
    commit.release()
    await mounting
    expect(bench.faults.count('commit', /^put links\//)).toBe(1)
    expect(await bench.row(rowKeys.link('b', digest))).toEqual({ incarnation })
  })

  it('does not link a blob that is collected meanwhile', async () => {
    await using bench = await open({ untidy: 'the row is taken away, and its object is not' })
    await pushBlob(bench.registry, 'a', content)
    const commit = bench.faults.hold('commit', /^put links\//)
    const mounting = errorOf(bench.registry.blobs.mount('b', digest, { from: 'a' }))
    await commit.reached
    await bench.index.commit([{ op: 'delete', key: rowKeys.blob(digest) }])
    commit.release()
    expect(await mounting).toMatchObject({ code: 'BLOB_UNKNOWN' })
    expect(await bench.row(rowKeys.link('b', digest))).toBeUndefined()
  })

  it('takes back the mark of a link that is about to be deleted', async () => {
    await using bench = await open()
    await pushBlob(bench.registry, 'a', content)
    const { incarnation } = await blobRow(bench)
    await bench.put(rowKeys.link('b', digest), { incarnation, marked: true })
    await bench.registry.blobs.mount('b', digest, { from: 'a' })
    expect(await bench.row(rowKeys.link('b', digest))).toEqual({ incarnation })
  })
})

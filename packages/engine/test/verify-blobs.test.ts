import { RegistryError } from '@registry/core'
import { expect, it } from 'vitest'
import { recordObjectKey, rowKeys } from '../src/keyspace.js'
import { deleteRow } from '../src/row-store.js'
import type { Blob } from '../src/rows.js'
import { type Bench, errorOf, onEachPair } from './support/bench.js'
import type { Held } from './support/faults.js'
import { body, digestOf, imageOf, pushBlob, pushImage, pushManifest, readBlob } from './support/images.js'
import { findingsOf, verified } from './support/verify.js'

const layer = 'the layer'
const digest = digestOf(layer)
const untidy = 'storage is damaged by hand'

async function blob(bench: Bench): Promise<Blob> {
  return (await bench.row(rowKeys.blob(digest)))!
}

async function keyOf(bench: Bench): Promise<string> {
  return (await blob(bench)).objects[0]!.key
}

/** What is done to the bytes of the layer, and what a verification that reads no bytes says of it. */
const damages: readonly [string, (bench: Bench, key: string) => Promise<void>, RegExp | undefined][] = [
  ['missing', (bench, key) => bench.driver.delete([key]), /is missing$/],
  ['short', async (bench, key) => { await bench.driver.put(key, body('the')) }, /has 3 bytes instead of 9$/],
  ['other', async (bench, key) => { await bench.driver.put(key, body('another l')) }, undefined],
]

onEachPair('a blob whose bytes are', (open) => {
  it.each(damages)('%s is found and marked, reads as absent everywhere, and heals when it is pushed again', async (_, damage, reason) => {
    await using bench = await open()
    const { digest: manifest } = await pushImage(bench.registry, 'a', 'tag', ['{}', layer])
    await damage(bench, await keyOf(bench))
    const found = { kind: 'blob-damaged', digest, reason: expect.stringMatching(reason ?? /^its bytes have the digest sha256:/) as string }
    const incomplete = { kind: 'manifest-incomplete', repository: 'a', digest: manifest, blob: digest }
    expect(await findingsOf(bench.registry)).toMatchObject(reason ? [found, { ...incomplete, reason: `its blob ${digest} is damaged` }] : [])
    expect(await findingsOf(bench.registry, { deep: true })).toMatchObject([found, incomplete])
    expect((await blob(bench)).state).toBe('live')

    const { findings, report } = await verified(bench.registry, { deep: true, repair: true })
    expect(findings).toMatchObject([{ ...found, marked: true }, { ...incomplete, reason: `its blob ${digest} is marked as damaged` }])
    expect(report).toMatchObject({ findings: 2, marked: 1, repaired: 0 })
    const { blobs } = bench.registry
    const reads = [() => blobs.stat('a', digest), () => blobs.open('a', digest), () => blobs.locate('a', digest), () => blobs.mount('b', digest), () => blobs.mount('b', digest, { from: 'a' })]
    for (const read of reads) expect((await errorOf(read())).code).toBe('BLOB_UNKNOWN')
    expect((await errorOf(pushManifest(bench.registry, 'a', 'tag', imageOf(['{}', layer])))).code).toBe('MANIFEST_BLOB_UNKNOWN')
    expect(await findingsOf(bench.registry, { deep: true, repair: true })).toMatchObject([{ kind: 'blob-corrupt', digest }, incomplete])

    await pushBlob(bench.registry, 'a', layer)
    await bench.settled()
    expect(await readBlob(bench.registry, 'a', digest)).toBe(layer)
    expect(await findingsOf(bench.registry, { deep: true })).toEqual([])
  })
})

onEachPair('a blob', (open) => {
  it('that is marked and whose bytes are right is taken back into use by a deep verification alone', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'tag', ['{}', layer])
    await bench.put(rowKeys.blob(digest), { ...(await blob(bench)), state: 'corrupt', lease: 0 })
    expect(await findingsOf(bench.registry, { repair: true })).toMatchObject([{ kind: 'blob-corrupt' }, { kind: 'manifest-incomplete' }])
    expect((await blob(bench)).state).toBe('corrupt')
    expect(await findingsOf(bench.registry, { deep: true, repair: true })).toMatchObject([{ kind: 'blob-corrupt', digest, repaired: true }])
    expect(await blob(bench)).toMatchObject({ state: 'live', verified: bench.now, lease: bench.now + bench.registry.policy.leaseMilliseconds })
    expect(await readBlob(bench.registry, 'a', digest)).toBe(layer)
  })

  it('whose row and objects do not fit together is found', async () => {
    await using bench = await open({ untidy })
    await pushBlob(bench.registry, 'a', layer)
    await bench.put(rowKeys.blob(digest), { ...(await blob(bench)), size: 10 })
    expect(await findingsOf(bench.registry, { repair: true })).toMatchObject([{ kind: 'blob-damaged', marked: true, reason: 'its objects have 9 bytes together, and not the 10 of the blob' }])
  })

  it('without an object is not marked: a push would not heal it', async () => {
    await using bench = await open({ untidy })
    await pushBlob(bench.registry, 'a', layer)
    await bench.settled()
    await bench.put(rowKeys.blob(digest), { ...(await blob(bench)), objects: [] })
    const [finding] = await findingsOf(bench.registry, { repair: true })
    expect(finding).toMatchObject({ kind: 'blob-damaged', digest })
    expect(finding).not.toHaveProperty('marked')
    expect((await blob(bench)).state).toBe('live')
  })

  it.each(['head', 'open'] as const)('whose storage fails at it again and again in %s is told apart, and not marked', async (operation) => {
    await using bench = await open({ policy: { ownershipCheckMilliseconds: 20 } })
    await pushBlob(bench.registry, 'a', layer)
    for (let n = 0; n < 3; n++) bench.faults.fail(operation, new RegExp(await keyOf(bench)), new RegistryError('INTERNAL', 'bad sector'))
    const findings = await findingsOf(bench.registry, { deep: true, repair: true })
    expect(findings).toMatchObject([{ kind: 'blob-unreadable', digest, reason: expect.stringContaining('bad sector') as string }])
    expect((await blob(bench)).state).toBe('live')
  })

  it('to which no row leads from its objects is found, and kept by one that is put again', async () => {
    await using bench = await open()
    await pushBlob(bench.registry, 'a', layer)
    await bench.settled()
    const [owner] = Object.keys(await bench.rows('objects/'))
    await bench.index.commit([deleteRow({ partition: owner!.slice(0, 10), sort: owner!.slice(11) })])
    const before = await findingsOf(bench.registry)
    expect(before).toMatchObject([{ kind: 'row-missing', digest, reason: expect.stringContaining('a sweep would delete') as string }])
    expect(await findingsOf(bench.registry, { repair: true })).toMatchObject([{ kind: 'row-missing', repaired: true }])
    bench.now = Date.now() + 2 * 86_400_000
    expect(await bench.registry.sweep()).toMatchObject({ unnamedObjects: 0 })
    expect(await findingsOf(bench.registry, { deep: true })).toEqual([])
  })

  it('that is renewed while it is marked is marked all the same', async () => {
    await using bench = await open({ untidy })
    await pushBlob(bench.registry, 'a', layer)
    await bench.driver.delete([await keyOf(bench)])
    const other = await bench.start()
    const commit = other.faults.hold('commit', /^put blobs\//)
    const verifying = findingsOf(other.registry, { repair: true })
    await commit.reached
    await bench.put(rowKeys.blob(digest), { ...(await blob(bench)), lease: bench.now + 1 })
    commit.release()
    expect(await verifying).toMatchObject([{ kind: 'blob-damaged', marked: true }])
    expect(await blob(bench)).toMatchObject({ state: 'corrupt', lease: bench.now + 1 })
  })
})

onEachPair('a repair that somebody else overtakes', (open) => {
  it('of a blob that is healed meanwhile leaves it as it is, and tells nothing', async () => {
    await using bench = await open()
    await pushBlob(bench.registry, 'a', layer)
    const before = await blob(bench)
    await bench.driver.delete([await keyOf(bench)])
    const other = await bench.start()
    const commit = other.faults.hold('commit', /^put blobs\//)
    const verifying = findingsOf(other.registry, { repair: true })
    await commit.reached
    await bench.put(rowKeys.blob(digest), { ...before, state: 'corrupt' })
    await pushBlob(bench.registry, 'a', layer)
    commit.release()
    expect(await verifying).toEqual([])
    expect(await readBlob(bench.registry, 'a', digest)).toBe(layer)
  })

  it('of the record of a tag that moves meanwhile writes none, and tells nothing', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'tag', ['{}', layer])
    await bench.settled()
    await bench.driver.delete(await bench.keys('repositories/a/_tags/'))
    const other = await bench.start()
    const commit = other.faults.hold('commit', /^put due\//)
    const verifying = findingsOf(other.registry, { repair: true })
    await commit.reached
    await pushManifest(bench.registry, 'a', 'tag', imageOf(['{}']))
    await bench.registry.settled()
    commit.release()
    expect(await verifying).toEqual([])
    expect(await bench.keys('repositories/a/_tags/')).toHaveLength(1)
  })
})

onEachPair('a blob that was healed', (open) => {
  async function healed(bench: Bench): Promise<string> {
    await pushImage(bench.registry, 'a', 'tag', ['{}', layer])
    const before = await blob(bench)
    await bench.put(rowKeys.blob(digest), { ...before, state: 'corrupt' })
    await pushBlob(bench.registry, 'a', layer)
    await bench.settled()
    return recordObjectKey({ kind: 'moved', digest, from: before.objects[0]!.key, version: 1 }, 1)
  }

  it.each<[string, (bench: Bench, key: string) => Promise<void>, object]>([
    ['is missing', (bench, key) => bench.driver.delete([key]), { kind: 'record-missing' }],
    ['is damaged', async (bench, key) => { await bench.driver.put(key, body('{}')) }, { kind: 'record-wrong' }],
    ['leads elsewhere', (bench, key) => bench.changeRecord(key, { objects: [{ key: 'blobs/00/x', size: 9 }] }), { kind: 'record-wrong', reason: 'it does not lead to the objects that the blob has' }],
    ['is of another blob', (bench, key) => bench.changeRecord(key, { digest: digestOf('x') }), { kind: 'record-wrong', reason: `it is of the blob ${digestOf('x')}` }],
  ])('whose record %s is found, and its record is written again', async (_, damage, expected) => {
    await using bench = await open()
    const key = await healed(bench)
    const record = await bench.object(key)
    await damage(bench, key)
    expect(await findingsOf(bench.registry)).toMatchObject([{ ...expected, digest, key }])
    expect(await findingsOf(bench.registry, { repair: true })).toMatchObject([{ ...expected, repaired: true }])
    expect(await bench.object(key)).toBe(record)
    await bench.rebuild()
    expect(await readBlob(bench.registry, 'a', digest)).toBe(layer)
  })

  it('a moment ago is whole: its record is still to come', async () => {
    await using bench = await open()
    await pushBlob(bench.registry, 'a', layer)
    await bench.put(rowKeys.blob(digest), { ...(await blob(bench)), state: 'corrupt' })
    const record = bench.faults.hold('put', /!moved-/)
    const healing = pushBlob(bench.registry, 'a', layer)
    await record.reached
    // What a process that starts finishes for others has to wait too.
    let theirs: Held | undefined
    const other = await bench.begin({ arrange: (faults) => { theirs = faults.hold('put', /!moved-/) } })
    await theirs!.reached
    expect(await findingsOf(other.registry)).toEqual([])
    record.release()
    other.faults.releaseAll()
    await healing
  })
})

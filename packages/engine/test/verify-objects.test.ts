import { expect, it } from 'vitest'
import { blobObjectKey, rowKeys } from '../src/keyspace.js'
import type { Rebuild } from '../src/rows.js'
import { type Bench, onEachPair } from './support/bench.js'
import type { Held } from './support/faults.js'
import { body, digestOf, pushBlob, pushImage } from './support/images.js'
import { findingsOf, verified } from './support/verify.js'

const day = 86_400_000
const orphans = ['0', 'a', 'f'].map((digit) => blobObjectKey(digit.repeat(32), 0, 'abcdef01'))

/** Storage tells real times: the clock goes to where what is put now is older than a day. */
function goPastToday(bench: Bench): void {
  bench.now = Date.now() + 2 * day
}

async function putOrphans(bench: Bench): Promise<void> {
  await pushImage(bench.registry, 'a', 'tag', ['{}', 'layer'])
  await bench.settled()
  for (const key of orphans) await bench.driver.put(key, body('left'))
}

onEachPair('an object that nothing names', (open) => {
  it('is counted while a sweep would keep it, found when it is older than a day, and deleted', async () => {
    await using bench = await open()
    await putOrphans(bench)
    bench.now = Date.now()
    const young = await verified(bench.registry, { repair: true })
    expect([young.findings, young.report.inPassing, young.report.objects]).toEqual([[], 3, 5])
    goPastToday(bench)
    const found = orphans.map((key) => ({ kind: 'object-unnamed', key, reason: 'nothing names it' }))
    expect(await findingsOf(bench.registry)).toEqual(found)
    expect(await findingsOf(bench.registry, { repair: true })).toEqual(found.map((finding) => ({ ...finding, repaired: true })))
    await bench.settled()
    expect(await bench.blobKeys()).toHaveLength(2)
    expect((await verified(bench.registry)).report).toMatchObject({ findings: 0, inPassing: 0, objects: 2 })
  })

  it('is kept as long as something that a rebuild left out may name it', async () => {
    await using bench = await open({ untidy: 'objects are put by hand' })
    await putOrphans(bench)
    const rebuild: Rebuild = {
      state: 'complete', phase: 'complete', started: 1, done: 1, total: 1, counts: { repositories: 0, manifests: 0, tags: 0, blobs: 0 }, problems: 1,
    }
    await bench.put(rowKeys.rebuild(), rebuild)
    goPastToday(bench)
    expect(await findingsOf(bench.registry, { repair: true })).toEqual(
      orphans.map((key) => ({ kind: 'object-unnamed', key, reason: 'nothing names it, and a rebuild left something out that may' })),
    )
    await bench.settled()
    expect(await bench.blobKeys()).toHaveLength(5)
  })

  it('is none of a session that is there, nor something that a person put beside the objects', async () => {
    await using bench = await open({ untidy: 'objects are put by hand' })
    const { id } = await bench.registry.uploads.start('a')
    for (const key of [blobObjectKey(id, 7, 'abcdef01'), 'blobs/00/x', 'blobs/readme', 'blobs/00/-x']) await bench.driver.put(key, body('x'))
    bench.now = Date.now() + day + 60_000
    const upload = (await bench.row(rowKeys.upload(id)))!
    await bench.put(rowKeys.upload(id), { ...upload, expires: bench.now + day })
    expect((await verified(bench.registry)).report).toMatchObject({ findings: 0, inPassing: 0, objects: 1 })
  })

  it('is nothing to tell where its note waits, and not where the note goes just then', async () => {
    await using bench = await open()
    await pushBlob(bench.registry, 'a', 'layer')
    const deletion = bench.faults.hold('delete', /^blobs\//)
    await pushBlob(bench.registry, 'b', 'layer')
    await deletion.reached
    // The process that looks must not delete it itself.
    let theirs: Held | undefined
    const other = await bench.begin({ arrange: (faults) => { theirs = faults.hold('delete', /^blobs\//) } })
    await theirs!.reached
    bench.now = Date.now() + day + 60_000
    expect((await verified(other.registry, { repair: true })).report).toMatchObject({ findings: 0, objects: 2 })
    const scan = other.faults.hold('scan', /^trash\/00$/)
    const verifying = findingsOf(other.registry, { repair: true })
    await scan.reached
    deletion.release()
    await bench.registry.settled()
    expect(await bench.blobKeys()).toHaveLength(1)
    scan.release()
    expect(await verifying).toEqual([])
    expect(await bench.row(rowKeys.blob(digestOf('layer')))).toMatchObject({ state: 'live' })
    other.faults.releaseAll()
  })
})

import { expect, it } from 'vitest'
import { defaultPolicy } from '../src/index.js'
import { rowKeys } from '../src/keyspace.js'
import { type Bench, onPairsAtHand, type Process } from './support/bench.js'
import type { Faults, Held } from './support/faults.js'
import { body, digestOf, imageOf, pushBlob, pushImage, pushManifest } from './support/images.js'
import { findingsOf } from './support/verify.js'

const contents = ['{}', 'layer']
const image = imageOf(contents)
const digest = digestOf(image)
const layer = digestOf('layer')
const subject = { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: digestOf('subject'), size: 7 }

async function pushed(bench: Bench, fields: object = {}): Promise<Process> {
  await pushImage(bench.registry, 'a', 'tag', contents, fields)
  await bench.settled()
  return bench.start()
}

/** What another process finds that has come to some call when `meanwhile` is done. It repairs nothing: a repair looks once more. */
async function foundMeanwhile({ registry }: Process, held: Held, meanwhile: () => Promise<unknown>): Promise<unknown> {
  const verifying = findingsOf(registry, { deep: true })
  await held.reached
  await meanwhile()
  held.release()
  return verifying
}

onPairsAtHand('a verification takes for nothing wrong', (open) => {
  it('a blob that is healed, whose bytes of before go', async () => {
    await using bench = await open()
    const other = await pushed(bench)
    const key = rowKeys.blob(layer)
    const before = (await bench.row(key))!
    const head = other.faults.hold('head', new RegExp(before.objects[0]!.key))
    const heal = async (): Promise<void> => {
      await bench.put(key, { ...before, state: 'corrupt' })
      await pushBlob(bench.registry, 'b', 'layer')
      await bench.registry.settled()
    }
    expect(await foundMeanwhile(other, head, heal)).toEqual([])
    expect(await bench.row(key)).toMatchObject({ state: 'live', moved: [{ version: 1 }] })
  })

  it('a blob that goes with its row', async () => {
    await using bench = await open({ untidy: 'a blob is collected by hand' })
    await pushBlob(bench.registry, 'a', 'layer')
    await bench.settled()
    const other = await bench.start()
    const { objects } = (await bench.row(rowKeys.blob(layer)))!
    const head = other.faults.hold('head', new RegExp(objects[0]!.key))
    const collect = async (): Promise<void> => {
      await bench.index.commit([{ op: 'delete', key: rowKeys.blob(layer) }])
      await bench.driver.delete(objects.map((object) => object.key))
    }
    expect(await foundMeanwhile(other, head, collect)).toEqual([])
  })

  it.each<[string, (bench: Bench) => Promise<unknown>]>([
    ['moves on', (bench) => pushManifest(bench.registry, 'a', 'tag', imageOf(contents, { annotations: { moved: 'on' } }))],
    ['is deleted', (bench) => bench.registry.tags.delete('a', 'tag')],
  ])('a tag that %s, with its record and the row that led to it', async (_, meanwhile) => {
    for (const [operation, pattern] of [['open', /_tags\//], ['get', /^tagged\//]] as const) {
      await using bench = await open()
      const other = await pushed(bench)
      const held = other.faults.hold(operation, pattern)
      expect(await foundMeanwhile(other, held, () => meanwhile(bench).then(() => bench.registry.settled()))).toEqual([])
    }
  })

  it.each<[string, 'get' | 'open', RegExp]>([
    ['its edges', 'get', /^used\//],
    ['its blobs', 'get', /^links\//],
    ['its record', 'open', /_manifests\//],
    ['its text', 'open', /^blobs\/.*-0-/],
  ])('a manifest that is deleted with its blobs, while %s are looked at', async (_, operation, pattern) => {
    await using bench = await open()
    const large = { subject, annotations: { note: 'x'.repeat(500_000) } }
    const { digest: deleted } = await pushImage(bench.registry, 'a', 'tag', [''], large)
    await bench.settled()
    const other = await bench.start()
    const remove = async (): Promise<void> => {
      await bench.registry.manifests.delete('a', deleted)
      await bench.registry.settled()
      await bench.registry.blobs.delete('a', digestOf(''))
    }
    expect(await foundMeanwhile(other, other.faults.hold(operation, pattern), remove)).toEqual([])
  })

  it('a tag of a deleted manifest, until it is swept', async () => {
    await using bench = await open()
    const other = await pushed(bench)
    const sweep = bench.faults.hold('scan', /^tagged\//)
    await bench.registry.manifests.delete('a', digest)
    await sweep.reached
    expect(await findingsOf(other.registry, { deep: true })).toEqual([])
    sweep.release()
  })

  it('a record that is still to come, or comes while its note is looked for', async () => {
    await using bench = await open()
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    await bench.settled()
    const hold = (faults: Faults): readonly Held[] => [/_manifests\//, /_tags\//, /_repository\//].map((pattern) => faults.hold('put', pattern))
    const records = hold(bench.faults)
    const push = pushManifest(bench.registry, 'a', 'tag', image)
    for (const { reached } of records) await reached
    // What a process that starts finishes for others has to wait too.
    let theirs: readonly Held[] = []
    const other = await bench.begin({ arrange: (faults) => { theirs = hold(faults) } })
    for (const { reached } of theirs) await reached
    expect(await findingsOf(other.registry, { deep: true })).toEqual([])
    const note = other.faults.hold('get', /^due\//)
    const answered = async (): Promise<void> => {
      for (const { release } of records) release()
      await push
      await bench.registry.settled()
    }
    expect(await foundMeanwhile(other, note, answered)).toEqual([])
    other.faults.releaseAll()
  })

  it('a tombstone whose time has come, and whose record goes before its row', async () => {
    await using bench = await open()
    const other = await pushed(bench)
    await bench.registry.tags.delete('a', 'tag')
    await bench.settled()
    bench.now += defaultPolicy.tombstoneMilliseconds
    const commit = bench.faults.hold('commit', /^delete tags\//)
    const sweeping = bench.registry.sweep()
    await commit.reached
    expect(await bench.keys('repositories/a/_tags/')).toEqual([])
    expect(await findingsOf(other.registry, { repair: true })).toEqual([])
    commit.release()
    await sweeping
    expect(await bench.keys('repositories/a/_tags/')).toEqual([])
  })

  it('a repository that is deleted and pushed again', async () => {
    await using bench = await open()
    const other = await pushed(bench)
    await bench.registry.repositories.delete('a')
    await bench.settled()
    const scan = other.faults.hold('scan', /^manifests\/a$/)
    expect(await foundMeanwhile(other, scan, () => pushImage(bench.registry, 'a', 'tag', contents))).toEqual([])
  })

  it('pushes, tag moves, deletes and uploads of every kind that go on', async () => {
    await using bench = await open()
    const other = await bench.start()
    const work = async (repository: string): Promise<void> => {
      for (let n = 0; n < 6; n++) {
        const { digest: pushed } = await pushImage(bench.registry, repository, 'latest', ['{}', `layer ${n % 3}`], { annotations: { n: `${n}` } })
        const { id } = await bench.registry.uploads.start(repository)
        await bench.registry.uploads.append(repository, id, body('half'))
        if (n % 2 === 0) await bench.registry.manifests.delete(repository, pushed)
        await bench.registry.uploads.finish(repository, id, { digest: digestOf(`half ${n}`), body: body(` ${n}`) })
        if (n === 4) await bench.registry.repositories.delete(repository)
      }
    }
    const over = new AbortController()
    const working = Promise.all(['a', 'b', 'c'].map(work)).finally(() => { over.abort() })
    for (let rounds = 0; !over.signal.aborted || rounds < 2; rounds++) {
      expect(await findingsOf(other.registry, { deep: true, repair: true })).toEqual([])
      // Nothing else would have its turn where everything is in memory.
      await new Promise((resolve) => setImmediate(resolve))
    }
    await working
  })
})

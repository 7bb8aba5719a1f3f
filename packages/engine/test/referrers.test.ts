import { type Digest, mediaTypes, parseReference } from '@registry/core'
import { expect, it } from 'vitest'
import type { ListReferrersOptions } from '../src/index.js'
import { type Bench, onEachPair } from './support/bench.js'
import { configType, descriptor, digestOf, imageOf, indexOf, pushBlob, pushManifest } from './support/images.js'

const subject = imageOf(['{}', 'subject'])
const aboutIt = descriptor(subject, mediaTypes.imageManifest)
const wholePage = 4_000_000

async function push(bench: Bench, manifest: Uint8Array): Promise<Digest> {
  return (await pushManifest(bench.registry, 'a', digestOf(manifest), manifest)).digest
}

async function listed(bench: Bench, options: Partial<ListReferrersOptions> = {}): Promise<readonly Digest[]> {
  const { descriptors } = await bench.registry.referrers.list('a', digestOf(subject), { bytes: wholePage, ...options })
  return descriptors.map(({ digest }) => digest)
}

/** Some artifacts of the subject, in the order of their digests. */
async function artifacts(bench: Bench, count: number, fields: object = {}): Promise<readonly Digest[]> {
  await pushBlob(bench.registry, 'a', '{}')
  const digests: Digest[] = []
  for (let n = 0; n < count; n++) digests.push(await push(bench, imageOf(['{}'], { subject: aboutIt, annotations: { n: String(n) }, ...fields })))
  return digests.sort()
}

onEachPair('the referrers of a manifest', (open) => {
  it('are descriptors with type and annotations, whether the subject is there or not', async () => {
    await using bench = await open()
    await pushBlob(bench.registry, 'a', '{}')
    const annotations = { title: 'x', __proto__x: 'y' }
    const plain = imageOf(['{}'], { subject: aboutIt })
    const typed = imageOf(['{}'], { subject: aboutIt, artifactType: 'application/vnd.x', annotations })
    const index = indexOf([], { subject: aboutIt })
    const typedIndex = indexOf([], { subject: aboutIt, artifactType: 'application/vnd.y', annotations })
    for (const manifest of [plain, typed, index, typedIndex]) await push(bench, manifest)
    const expected = [
      { ...descriptor(plain, mediaTypes.imageManifest), artifactType: configType },
      { ...descriptor(typed, mediaTypes.imageManifest), artifactType: 'application/vnd.x', annotations },
      descriptor(index, mediaTypes.imageIndex),
      { ...descriptor(typedIndex, mediaTypes.imageIndex), artifactType: 'application/vnd.y', annotations },
    ].sort((a, b) => (a.digest < b.digest ? -1 : 1))
    expect(await bench.registry.referrers.list('a', digestOf(subject), { bytes: wholePage })).toEqual({ descriptors: expected, more: false })
  })

  it('are none where there are none, in a repository that is there or not', async () => {
    await using bench = await open()
    await artifacts(bench, 1)
    const none = { descriptors: [], more: false }
    expect(await bench.registry.referrers.list('a', digestOf('other'), { bytes: wholePage })).toEqual(none)
    expect(await bench.registry.referrers.list('b', digestOf(subject), { bytes: wholePage })).toEqual(none)
    expect(await bench.registry.referrers.list('a', digestOf(subject, 'sha512'), { bytes: wholePage })).toEqual(none)
  })

  it('are filtered by their type', async () => {
    await using bench = await open()
    const [x, y] = [await artifacts(bench, 3, { artifactType: 'application/vnd.x' }), await artifacts(bench, 2, { artifactType: 'application/vnd.y' })]
    expect(await listed(bench, { artifactType: 'application/vnd.x' })).toEqual(x)
    expect(await listed(bench, { artifactType: 'application/vnd.y' })).toEqual(y)
    expect(await listed(bench, { artifactType: 'application/vnd.z' })).toEqual([])
  })

  it('come in pages of so many bytes, of one at the least, and a page says whether there may be more', async () => {
    await using bench = await open()
    const all = await artifacts(bench, 7)
    const one = Buffer.byteLength(JSON.stringify((await bench.registry.referrers.list('a', digestOf(subject), { bytes: wholePage })).descriptors[0])) + 1
    for (const [bytes, size] of [[0, 1], [one, 1], [2 * one, 2], [3 * one - 1, 2], [7 * one, 7]] as const) {
      const seen: Digest[] = []
      for (let after: Digest | undefined, more = true; more; after = seen.at(-1)) {
        const page = await bench.registry.referrers.list('a', digestOf(subject), { bytes, after })
        expect([page.descriptors.length > 0, page.descriptors.length <= size]).toEqual([true, true])
        expect(page.more).toBe(seen.length + page.descriptors.length < all.length)
        seen.push(...page.descriptors.map(({ digest }) => digest))
        more = page.more
      }
      expect(seen).toEqual(all)
    }
  })

  it('with annotations that do not fit in a row have them all the same', async () => {
    await using bench = await open()
    const annotations = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`n${n}`, 'x'.repeat(10_000)]))
    await artifacts(bench, 1, { annotations })
    const { descriptors } = await bench.registry.referrers.list('a', digestOf(subject), { bytes: wholePage })
    expect(descriptors.map((one) => one.annotations)).toEqual([annotations])
  })

  it('that are deleted are gone at once, also while their traces are not swept', async () => {
    await using bench = await open()
    const all = await artifacts(bench, 3)
    const sweep = bench.faults.hold('get', /^doomed\//)
    await bench.registry.manifests.delete('a', all[1]!)
    await sweep.reached
    expect(await listed(bench)).toEqual([all[0], all[2]])
    sweep.release()
    await bench.settled()
    expect(await listed(bench)).toEqual([all[0], all[2]])
  })

  it('that are deleted while they are listed count as deleted', async () => {
    await using bench = await open()
    const [first] = await artifacts(bench, 1)
    const sweep = bench.faults.hold('get', /^doomed\//)
    bench.faults.interrupt('scan', /^referrers\//, () => bench.registry.manifests.delete('a', first!))
    expect(await listed(bench)).toEqual([])
    sweep.release()
  })

  it('that were deleted are gone, also where their sweep ends while they are listed', async () => {
    await using bench = await open()
    const [first] = await artifacts(bench, 1)
    const sweep = bench.faults.hold('get', /^doomed\//)
    await bench.registry.manifests.delete('a', first!)
    bench.faults.interrupt('scan', /^referrers\//, async () => {
      sweep.release()
      await bench.settled()
    })
    expect(await listed(bench)).toEqual([])
  })

  it('stay when their subject is deleted, and come back when they are pushed again', async () => {
    await using bench = await open()
    const [one] = await artifacts(bench, 1)
    await pushBlob(bench.registry, 'a', 'subject')
    await push(bench, subject)
    await bench.registry.manifests.delete('a', digestOf(subject))
    expect(await listed(bench)).toEqual([one])
    await bench.registry.manifests.delete('a', one!)
    await artifacts(bench, 1)
    await bench.settled()
    expect(await listed(bench)).toEqual([one])
  })

  it('that a client wrote under a tag as well are listed once', async () => {
    await using bench = await open()
    const [one] = await artifacts(bench, 1)
    const fallback = indexOf([imageOf(['{}'], { subject: aboutIt, annotations: { n: '0' } })])
    await bench.registry.manifests.push('a', parseReference(digestOf(subject).replace(':', '-')), fallback)
    expect(await listed(bench)).toEqual([one])
  })
})

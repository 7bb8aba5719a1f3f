import { mediaTypes, RegistryError } from '@registry/core'
import { expect, it } from 'vitest'
import type { Registry } from '../src/index.js'
import { type Bench, errorOf, onEachPair } from './support/bench.js'
import { digestOf, imageOf, indexOf, pushBlob, pushImage, pushManifest } from './support/images.js'
import { listenToAll, type Told } from './support/told.js'

const contents = ['{}', 'layer']
const image = imageOf(contents)
const digest = digestOf(image)
const mediaType = mediaTypes.imageManifest
const size = image.byteLength
const full = new RegistryError('NO_SPACE', 'the disk is full')

const created: Told = ['repository.created', { repository: 'a' }]
const pushed: Told = ['manifest.pushed', { repository: 'a', digest, mediaType, size, subject: undefined }]
const tagged = (tag: string): Told => ['tag.pushed', { repository: 'a', tag, digest, mediaType, size }]
const untagged = (tag: string): Told => ['tag.deleted', { repository: 'a', tag, digest }]
const deleted: Told = ['manifest.deleted', { repository: 'a', digest }]

async function pushBlobs({ registry }: Bench, repository = 'a'): Promise<void> {
  for (const content of contents) await pushBlob(registry, repository, content)
}

/** What `work` tells, once nothing goes on behind its answer. */
async function toldBy({ registry }: Pick<Bench, 'registry'>, told: Told[], work: () => Promise<unknown>): Promise<readonly Told[]> {
  await registry.settled()
  told.length = 0
  await work()
  await registry.settled()
  return [...told]
}

onEachPair('a listener', (open) => {
  it('is told what a push did, in its order, and of nothing that was there already', async () => {
    await using bench = await open()
    const told = listenToAll(bench.registry)
    expect(await toldBy(bench, told, () => pushBlobs(bench))).toEqual(
      contents.map((content) => ['blob.pushed', { repository: 'a', digest: digestOf(content), size: content.length }]),
    )
    expect(await toldBy(bench, told, () => pushManifest(bench.registry, 'a', 'one', image))).toEqual([created, pushed, tagged('one')])
    expect(await toldBy(bench, told, () => pushBlobs(bench))).toEqual([])
    expect(await toldBy(bench, told, () => pushManifest(bench.registry, 'a', 'one', image))).toEqual([])
    expect(await toldBy(bench, told, () => pushManifest(bench.registry, 'a', digest, image))).toEqual([])
    expect(await toldBy(bench, told, () => pushManifest(bench.registry, 'a', 'two', image))).toEqual([tagged('two')])
  })

  it('is told of the tags of one push that moved, in as many commits as it takes', async () => {
    await using bench = await open({ changes: 20 })
    const told = listenToAll(bench.registry)
    await pushBlobs(bench)
    await pushManifest(bench.registry, 'a', 'tag-1', image)
    const tags = Array.from({ length: 9 }, (_, n) => `tag-${n}`)
    const push = (): Promise<unknown> => bench.registry.manifests.push('a', { kind: 'tag', tag: 'first' }, image, { tags })
    expect(await toldBy(bench, told, push)).toEqual(['first', ...tags].filter((tag) => tag !== 'tag-1').map(tagged))
  })

  it('is told of a tag that moves to another manifest, of an index, and of the subject of a referrer', async () => {
    await using bench = await open()
    const told = listenToAll(bench.registry)
    await pushImage(bench.registry, 'a', 'tag', contents)
    const list = indexOf([image], { subject: { mediaType, digest, size } })
    const facts = { repository: 'a', digest: digestOf(list), mediaType: mediaTypes.imageIndex, size: list.byteLength }
    expect(await toldBy(bench, told, () => pushManifest(bench.registry, 'a', 'tag', list))).toEqual([
      ['manifest.pushed', { ...facts, subject: digest }],
      ['tag.pushed', { ...facts, tag: 'tag' }],
    ])
  })

  it('is told of blobs that a repository gets and loses', async () => {
    await using bench = await open()
    const told = listenToAll(bench.registry)
    const blob = await pushBlob(bench.registry, 'a', 'blob')
    const { blobs } = bench.registry
    const facts = { repository: 'b', digest: blob, size: 4 }
    expect(await toldBy(bench, told, () => blobs.mount('b', blob, { from: 'a' }))).toEqual([['blob.mounted', { ...facts, from: 'a' }]])
    expect(await toldBy(bench, told, () => blobs.mount('b', blob, { from: 'a' }))).toEqual([])
    expect(await toldBy(bench, told, () => pushBlob(bench.registry, 'b', 'blob'))).toEqual([])
    expect(await toldBy(bench, told, () => blobs.delete('b', blob))).toEqual([['blob.deleted', { repository: 'b', digest: blob }]])
    expect(await toldBy(bench, told, () => errorOf(blobs.delete('b', blob)))).toEqual([])
    expect(await toldBy(bench, told, () => blobs.mount('b', blob))).toEqual([['blob.mounted', facts]])
    await blobs.delete('b', blob)
    expect(await toldBy(bench, told, () => pushBlob(bench.registry, 'b', 'blob'))).toEqual([['blob.pushed', facts]])
  })

  it('is told once of each tag and manifest that was deleted', async () => {
    await using bench = await open()
    const told = listenToAll(bench.registry)
    await pushImage(bench.registry, 'a', 'one', contents)
    for (const tag of ['two', 'three']) await pushManifest(bench.registry, 'a', tag, image)
    expect(await toldBy(bench, told, () => bench.registry.tags.delete('a', 'one'))).toEqual([untagged('one')])
    expect(await toldBy(bench, told, () => errorOf(bench.registry.tags.delete('a', 'one')))).toEqual([])
    expect(await toldBy(bench, told, () => bench.registry.manifests.delete('a', digest))).toEqual([deleted, untagged('three'), untagged('two')])
    expect(await toldBy(bench, told, () => errorOf(bench.registry.manifests.delete('a', digest)))).toEqual([])
    expect(await toldBy(bench, told, () => pushManifest(bench.registry, 'a', 'one', image))).toEqual([pushed, tagged('one')])
  })

  it('is not told of tags that were pushed again before their deleted manifest was swept', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'one', contents)
    await pushManifest(bench.registry, 'a', 'two', image)
    await bench.settled()
    const told = listenToAll(bench.registry)
    const sweep = bench.faults.hold('scan', /^tagged\//)
    await bench.registry.manifests.delete('a', digest)
    await sweep.reached
    await pushManifest(bench.registry, 'a', 'one', image)
    sweep.release()
    await bench.settled()
    expect(told).toEqual([deleted, pushed, tagged('one'), untagged('two')])
  })

  it('is told by the process that did it', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'tag', contents)
    await bench.settled()
    const told = listenToAll(bench.registry)
    const other = await bench.start()
    const toldByOther = listenToAll(other.registry)
    const sweep = bench.faults.hold('scan', /^tagged\//)
    await bench.registry.manifests.delete('a', digest)
    await sweep.reached
    bench.now += 60_000
    await other.registry.sweep()
    sweep.release()
    await bench.settled()
    expect(told).toEqual([deleted])
    expect(toldByOther).toEqual([untagged('tag')])
  })

  it('is told what went with a repository, and of the repository last', async () => {
    await using bench = await open()
    const told = listenToAll(bench.registry)
    await pushImage(bench.registry, 'a', 'tag', contents)
    const events = await toldBy(bench, told, () => bench.registry.repositories.delete('a'))
    expect(events.slice(0, 2)).toEqual([deleted, untagged('tag')])
    expect(new Set(events.slice(2, 4).map(([, event]) => event))).toEqual(new Set(contents.map((content) => ({ repository: 'a', digest: digestOf(content) }))))
    expect(events.slice(4)).toEqual([['repository.deleted', { repository: 'a' }]])
    await pushBlobs(bench)
    expect(await toldBy(bench, told, () => pushManifest(bench.registry, 'a', 'tag', image))).toEqual([created, pushed, tagged('tag')])
  })

  it('is not told before the record is written that the answer waits for', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'tag', contents)
    await bench.settled()
    const told = listenToAll(bench.registry)
    const record = bench.faults.hold('put', /_tags\//)
    const push = pushManifest(bench.registry, 'a', 'other', image)
    await record.reached
    await bench.registry.settled()
    expect(told).toEqual([])
    record.release()
    await push
    await bench.registry.settled()
    expect(told).toEqual([tagged('other')])
  })

  it('is told of nothing that did not happen', async () => {
    await using bench = await open()
    const told = listenToAll(bench.registry)
    await errorOf(pushManifest(bench.registry, 'a', 'tag', image))
    await pushBlobs(bench)
    const failing = async (pattern: RegExp, work: () => Promise<unknown>): Promise<readonly Told[]> =>
      toldBy(bench, told, async () => {
        bench.faults.fail('commit', pattern, full)
        expect(await errorOf(work())).toMatchObject({ code: 'NO_SPACE' })
      })
    const { registry } = bench
    expect(await failing(/^put tags\//, () => pushManifest(registry, 'a', 'tag', image))).toEqual([])
    expect(await failing(/^put links\//, () => registry.blobs.mount('b', digestOf('layer'), { from: 'a' }))).toEqual([])
    expect(await failing(/^put links\//, () => pushBlob(registry, 'b', 'layer'))).toEqual([])
    await pushManifest(registry, 'a', 'tag', image)
    expect(await failing(/^put tags\//, () => registry.tags.delete('a', 'tag'))).toEqual([])
    expect(await failing(/^put manifests\//, () => registry.manifests.delete('a', digest))).toEqual([])
    expect(await toldBy(bench, told, () => errorOf(registry.blobs.delete('a', digestOf('layer'))))).toEqual([])
  })
})

interface LostAnswer {
  readonly what: string
  readonly commit: RegExp
  /** Before anything is lost. Default: nothing. */
  readonly prepare?: (registry: Registry) => Promise<unknown>
  readonly work: (registry: Registry) => Promise<unknown>
  readonly expected: readonly Told[]
  /** Default: both. */
  readonly fates?: readonly ('applied' | 'never')[]
}

const lostAnswers: readonly LostAnswer[] = [
  {
    what: 'the push of a manifest',
    commit: /^put manifests\//,
    prepare: async (registry) => Promise.all(contents.map((content) => pushBlob(registry, 'b', content))),
    work: (registry) => pushManifest(registry, 'b', 'tag', image),
    expected: [
      ['repository.created', { repository: 'b' }],
      ['manifest.pushed', { repository: 'b', digest, mediaType, size, subject: undefined }],
      ['tag.pushed', { repository: 'b', tag: 'tag', digest, mediaType, size }],
    ],
  },
  { what: 'the push of a tag', commit: /^put tags\//, work: (registry) => pushManifest(registry, 'a', 'other', image), expected: [tagged('other')] },
  { what: 'the delete of a tag', commit: /^put tags\//, work: (registry) => registry.tags.delete('a', 'tag'), expected: [untagged('tag')] },
  {
    what: 'the delete of a manifest',
    commit: /^put manifests\//,
    work: (registry) => registry.manifests.delete('a', digest),
    expected: [deleted, untagged('tag')],
  },
  {
    what: 'the sweep behind that delete',
    commit: /^put tags\//,
    work: (registry) => registry.manifests.delete('a', digest),
    expected: [deleted, untagged('tag')],
  },
  {
    what: 'the delete of a repository',
    commit: /^put due\//,
    prepare: async (registry) => {
      await registry.manifests.delete('a', digest)
      for (const content of contents) await registry.blobs.delete('a', digestOf(content))
    },
    work: (registry) => registry.repositories.delete('a'),
    expected: [['repository.deleted', { repository: 'a' }]],
  },
  {
    what: 'the upload of a blob',
    commit: /^put links\//,
    work: (registry) => pushBlob(registry, 'a', 'more'),
    expected: [['blob.pushed', { repository: 'a', digest: digestOf('more'), size: 4 }]],
    // An upload whose commit never lands is refused.
    fates: ['applied'],
  },
]

onEachPair('where the answer of a commit is lost, a listener', (open) => {
  const cases = lostAnswers.flatMap(({ fates = ['applied', 'never'], ...each }) => fates.map((fate) => [each.what, fate, each] as const))

  it.each(cases)('is told once of %s (%s)', async (_, fate, { commit, prepare, work, expected }) => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'tag', contents)
    await prepare?.(bench.registry)
    const told = listenToAll(bench.registry)
    const lose = (): Promise<unknown> => {
      bench.faults.lose('commit', commit, fate)
      return work(bench.registry)
    }
    expect(await toldBy(bench, told, lose)).toEqual(expected)
  })
})

onEachPair('where the record of a change cannot be written, a listener', (open) => {
  const changes: readonly (readonly [what: string, record: RegExp, work: (registry: Registry) => Promise<unknown>, expected: readonly Told[]])[] = [
    ['the push of a tag', /_tags\//, (registry) => pushManifest(registry, 'a', 'other', image), [tagged('other')]],
    ['the delete of a tag', /_tags\//, (registry) => registry.tags.delete('a', 'tag'), [untagged('tag')]],
    ['the delete of a manifest', /_manifests\//, (registry) => registry.manifests.delete('a', digest), [deleted]],
  ]

  it.each(changes)('is told of %s, which stands, and not again when it is asked for again', async (_, record, work, expected) => {
    await using bench = await open({ untidy: 'what the refused call left waits for its note to be old' })
    await pushImage(bench.registry, 'a', 'tag', contents)
    const told = listenToAll(bench.registry)
    const fail = (): Promise<unknown> => {
      bench.faults.fail('put', record, full)
      return errorOf(work(bench.registry))
    }
    expect(await toldBy(bench, told, fail)).toEqual(expected)
    expect(await toldBy(bench, told, () => work(bench.registry).catch(() => undefined))).toEqual([])
  })
})

onEachPair('a registry', (open) => {
  it('is harmed by no listener that throws, rejects or hangs, and tells what was thrown', async () => {
    await using bench = await open({ failsInBackground: true })
    const thrown = new Error('thrown')
    bench.registry.on('manifest.pushed', () => {
      throw thrown
    })
    bench.registry.on('tag.pushed', () => new Promise(() => {}))
    const told = listenToAll(bench.registry)
    await pushImage(bench.registry, 'a', 'tag', contents)
    await bench.registry.settled()
    expect(told.slice(-2)).toEqual([pushed, tagged('tag')])
    expect(bench.backgroundErrors).toEqual([thrown])
  })

  it('tells what happened before it was closed', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'tag', contents)
    const { registry } = await bench.begin()
    const told = listenToAll(registry)
    registry.on('tag.pushed', () => new Promise(() => {}))
    await pushManifest(registry, 'a', 'other', image)
    await registry.close()
    expect(told).toEqual([tagged('other')])
  })

  it('that is being rebuilt tells nothing of what it finds, and from then on what is pushed', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'tag', contents)
    await bench.settled()
    await bench.loseIndex()
    const { registry } = await bench.begin()
    const told = listenToAll(registry)
    await registry.rebuild!.report
    await registry.settled()
    expect(told).toEqual([])
    expect(await toldBy({ registry }, told, () => pushManifest(registry, 'a', 'other', image))).toEqual([tagged('other')])
  })
})

import { parseReference, RegistryError } from '@registry/core'
import { expect, it } from 'vitest'
import { rowKeys } from '../src/keyspace.js'
import type { Manifest } from '../src/rows.js'
import { type Bench, errorOf, nthVersion, onEachPair } from './support/bench.js'
import { digestOf, imageOf, indexOf, pushBlob, pushImage, pushManifest, readBlob, readManifest } from './support/images.js'

const contents = ['{}', 'layer']
const unavailable = new RegistryError('UNAVAILABLE', 'storage is away')

async function tagsOf({ registry }: Bench, repository: string): Promise<readonly string[]> {
  return (await registry.tags.list(repository, { limit: 10_000 })).tags
}

onEachPair('the delete of a tag', (open) => {
  it('leaves the manifest and its other tags, and a tombstone in index and storage', async () => {
    await using bench = await open()
    const { digest, manifest } = await pushImage(bench.registry, 'a', 'one', contents)
    await pushManifest(bench.registry, 'a', 'two', manifest)
    await bench.registry.tags.delete('a', 'one')
    expect(await errorOf(readManifest(bench.registry, 'a', 'one'))).toMatchObject({ code: 'MANIFEST_UNKNOWN' })
    expect(await readManifest(bench.registry, 'a', digest)).toBe(manifest.toString())
    expect(await tagsOf(bench, 'a')).toEqual(['two'])
    expect(await bench.row(rowKeys.tag('a', 'one'))).toMatchObject({ version: nthVersion(2), deleted: bench.now })
    expect(Object.keys(await bench.rows('tagged/'))).toEqual([`tagged/a/${digest} two`])
    await bench.settled()
    const records = await bench.keys(`repositories/a/_tags/${digestOf('one').slice(7, 9)}/one/`)
    expect(records).toHaveLength(1)
    expect(await bench.record(records[0]!)).toEqual({ repository: 'a', tag: 'one', version: nthVersion(2), deleted: bench.now })
  })

  it('is answered when its record is written, and not before', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'tag', contents)
    await bench.settled()
    const record = bench.faults.hold('put', /_tags\//)
    const deletion = bench.registry.tags.delete('a', 'tag')
    await record.reached
    expect(await Promise.race([deletion, Promise.resolve('waits')])).toBe('waits')
    record.release()
    await deletion
  })

  it('says what is unknown: the tag, or the repository', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'tag', contents)
    await bench.registry.tags.delete('a', 'tag')
    for (const tag of ['tag', 'never']) expect(await errorOf(bench.registry.tags.delete('a', tag))).toMatchObject({ code: 'MANIFEST_UNKNOWN' })
    expect(await errorOf(bench.registry.tags.delete('b', 'tag'))).toMatchObject({ code: 'NAME_UNKNOWN' })
  })

  it('finds no tag whose manifest was deleted, swept or not', async () => {
    await using bench = await open()
    const { digest } = await pushImage(bench.registry, 'a', 'tag', contents)
    await bench.settled()
    const sweep = bench.faults.hold('scan', /^tagged\//)
    await bench.registry.manifests.delete('a', digest)
    await sweep.reached
    expect(await errorOf(bench.registry.tags.delete('a', 'tag'))).toMatchObject({ code: 'MANIFEST_UNKNOWN' })
    sweep.release()
    await bench.settled()
    expect(await errorOf(bench.registry.tags.delete('a', 'tag'))).toMatchObject({ code: 'MANIFEST_UNKNOWN' })
  })

  it('meets a push that moves the tag: one after the other', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'tag', contents)
    const other = imageOf(contents, { annotations: { n: '2' } })
    const commit = bench.faults.hold('commit', /^put tags\//)
    const deletion = bench.registry.tags.delete('a', 'tag')
    await commit.reached
    await pushManifest(bench.registry, 'a', 'tag', other)
    commit.release()
    await deletion
    expect(await tagsOf(bench, 'a')).toEqual([])
    await pushManifest(bench.registry, 'a', 'tag', other)
    expect(await bench.row(rowKeys.tag('a', 'tag'))).toMatchObject({ version: nthVersion(4), digest: digestOf(other) })
  })

  it.each(['applied', 'never'] as const)('is done once where the answer of its commit was lost (%s)', async (fate) => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'tag', contents)
    bench.faults.lose('commit', /^put tags\//, fate)
    await bench.registry.tags.delete('a', 'tag')
    expect(await bench.row(rowKeys.tag('a', 'tag'))).toMatchObject({ version: nthVersion(2), deleted: bench.now })
  })

  it('is finished by the next start where the process died before the record', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'tag', contents)
    const dying = await bench.start()
    const record = dying.faults.hold('put', /_tags\//)
    void dying.registry.tags.delete('a', 'tag').catch(() => undefined)
    await record.reached
    dying.kill()
    await bench.start()
    const [key, ...others] = await bench.keys('repositories/a/_tags/')
    expect(others).toEqual([])
    expect(await bench.record(key!)).toMatchObject({ version: nthVersion(2), deleted: bench.now })
  })
})

onEachPair('the delete of a manifest', (open) => {
  it('takes its tags along at once, and leaves its blobs', async () => {
    await using bench = await open()
    const { digest, manifest } = await pushImage(bench.registry, 'a', 'one', contents)
    await pushManifest(bench.registry, 'a', 'two', manifest)
    const other = imageOf(contents, { annotations: { n: '2' } })
    await pushManifest(bench.registry, 'a', 'other', other)
    const sweep = bench.faults.hold('scan', /^tagged\//)
    await bench.registry.manifests.delete('a', digest)
    await sweep.reached
    for (const reference of ['one', 'two', digest]) expect(await errorOf(readManifest(bench.registry, 'a', reference))).toMatchObject({ code: 'MANIFEST_UNKNOWN' })
    expect(await tagsOf(bench, 'a')).toEqual(['other'])
    sweep.release()
    await bench.settled()
    expect(await tagsOf(bench, 'a')).toEqual(['other'])
    expect(await readManifest(bench.registry, 'a', 'other')).toBe(other.toString())
    expect(await readBlob(bench.registry, 'a', digestOf('layer'))).toBe('layer')
  })

  it('leaves after its sweep only tombstones, each with its record', async () => {
    await using bench = await open()
    const subject = { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: digestOf('subject'), size: 7 }
    const { digest } = await pushImage(bench.registry, 'a', 'tag', contents, { subject })
    await bench.registry.manifests.delete('a', digest)
    await bench.settled()
    for (const kind of ['doomed/', 'sweeps/', 'referrers/', 'tagged/', 'used/', 'due/', 'pushes/']) expect(await bench.rows(kind), kind).toEqual({})
    expect(await bench.row(rowKeys.manifest('a', digest))).toMatchObject({ version: nthVersion(2), deleted: bench.now })
    expect(await bench.row(rowKeys.tag('a', 'tag'))).toMatchObject({ version: nthVersion(2), deleted: bench.now })
    expect(await bench.keys('repositories/')).toHaveLength(3)
  })

  it('takes a text that is an object along, once nothing needs it', async () => {
    await using bench = await open()
    const { digest } = await pushImage(bench.registry, 'a', 'tag', contents, { annotations: { note: 'x'.repeat(500_000) } })
    await bench.settled()
    const { object = 'no object' } = (await bench.row(rowKeys.manifest('a', digest))) as Manifest
    expect(await bench.blobKeys()).toContain(object)
    const edges = bench.faults.hold('commit', /^delete used\//)
    await bench.registry.manifests.delete('a', digest)
    await edges.reached
    expect(await bench.blobKeys()).toContain(object)
    edges.release()
    await bench.settled()
    expect(await bench.blobKeys()).not.toContain(object)
    expect(Object.keys(await bench.rows('objects/'))).toHaveLength(contents.length)
  })

  it('of thousands of tags is one storage request before the answer', async () => {
    await using bench = await open()
    const { digest, manifest } = await pushImage(bench.registry, 'a', 'tag', ['{}'])
    for (let n = 0; n < 60; n++) await pushManifest(bench.registry, 'a', `tag-${n}`, manifest)
    await bench.settled()
    bench.faults.forget()
    const sweep = bench.faults.hold('scan', /^tagged\//)
    await bench.registry.manifests.delete('a', digest)
    const requests = bench.faults.calls.filter(({ operation }) => ['head', 'open', 'put', 'delete', 'list'].includes(operation))
    sweep.release()
    expect(requests.map(({ operation }) => operation)).toEqual(['put'])
    await bench.settled()
    expect(await tagsOf(bench, 'a')).toEqual([])
    expect(Object.values(await bench.rows('tags/'))).toMatchObject(Array.from({ length: 61 }, () => ({ version: nthVersion(2), deleted: bench.now })))
  })

  it('keeps nothing of a manifest that was pushed again before the sweep', async () => {
    await using bench = await open()
    const subject = { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: digestOf('subject'), size: 7 }
    const { digest, manifest } = await pushImage(bench.registry, 'a', 'tag', contents, { subject })
    await pushManifest(bench.registry, 'a', 'stale', manifest)
    await bench.settled()
    const sweep = bench.faults.hold('scan', /^tagged\//)
    await bench.registry.manifests.delete('a', digest)
    await sweep.reached
    await pushManifest(bench.registry, 'a', 'tag', manifest)
    sweep.release()
    await bench.settled()
    expect(await readManifest(bench.registry, 'a', 'tag')).toBe(manifest.toString())
    expect(await tagsOf(bench, 'a')).toEqual(['tag'])
    expect(Object.keys(await bench.rows('tagged/'))).toEqual([`tagged/a/${digest} tag`])
    expect(Object.keys(await bench.rows('referrers/'))).toEqual([`referrers/a/${subject.digest} ${digest}`])
    expect(Object.keys(await bench.rows('used/'))).toHaveLength(2)
  })

  it('leaves an index that names it', async () => {
    await using bench = await open()
    const { digest, manifest } = await pushImage(bench.registry, 'a', 'tag', contents)
    const index = indexOf([manifest])
    await pushManifest(bench.registry, 'a', 'index', index)
    await bench.registry.manifests.delete('a', digest)
    expect(await readManifest(bench.registry, 'a', 'index')).toBe(index.toString())
  })

  it('says what is unknown: the manifest, or the repository', async () => {
    await using bench = await open()
    const { digest } = await pushImage(bench.registry, 'a', 'tag', contents)
    await bench.registry.manifests.delete('a', digest)
    for (const unknown of [digest, digestOf('never')]) {
      expect(await errorOf(bench.registry.manifests.delete('a', unknown))).toMatchObject({ code: 'MANIFEST_UNKNOWN' })
    }
    expect(await errorOf(bench.registry.manifests.delete('b', digest))).toMatchObject({ code: 'NAME_UNKNOWN' })
  })

  it.each(['applied', 'never'] as const)('is done once, and swept, where the answer of its commit was lost (%s)', async (fate) => {
    await using bench = await open()
    const { digest } = await pushImage(bench.registry, 'a', 'tag', contents)
    bench.faults.lose('commit', /^put manifests\//, fate)
    await bench.registry.manifests.delete('a', digest)
    expect(await bench.row(rowKeys.manifest('a', digest))).toMatchObject({ version: nthVersion(2), deleted: bench.now })
  })

  it.each([/^tagged\//, /^referrers\//, /^used\//, /^doomed\//])('is swept by the next start where the process died at %s', async (at) => {
    await using bench = await open()
    const subject = { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: digestOf('subject'), size: 7 }
    const { digest } = await pushImage(bench.registry, 'a', 'tag', contents, { subject })
    const dying = await bench.start()
    const step = dying.faults.hold(at.source.includes('tagged') ? 'scan' : 'commit', new RegExp(at.source.replace('^', '^(delete )?')))
    await dying.registry.manifests.delete('a', digest)
    await step.reached
    dying.kill()
    await bench.start()
    for (const kind of ['doomed/', 'sweeps/', 'referrers/', 'tagged/', 'used/']) expect(await bench.rows(kind), kind).toEqual({})
  })
})

onEachPair('the delete of a blob', (open) => {
  it('takes it from this repository and leaves it to others', async () => {
    await using bench = await open()
    const digest = await pushBlob(bench.registry, 'a', 'layer')
    await bench.registry.blobs.mount('b', digest, { from: 'a' })
    await bench.registry.blobs.delete('a', digest)
    expect(await errorOf(readBlob(bench.registry, 'a', digest))).toMatchObject({ code: 'BLOB_UNKNOWN' })
    expect(await readBlob(bench.registry, 'b', digest)).toBe('layer')
    expect(await errorOf(bench.registry.blobs.delete('a', digest))).toMatchObject({ code: 'BLOB_UNKNOWN' })
    await pushBlob(bench.registry, 'a', 'layer')
    expect(await readBlob(bench.registry, 'a', digest)).toBe('layer')
  })

  it('is refused where a manifest here names it, and works after that manifest is deleted', async () => {
    await using bench = await open()
    const image = await pushImage(bench.registry, 'a', 'tag', contents)
    const error = await errorOf(bench.registry.blobs.delete('a', digestOf('layer')))
    expect(error).toMatchObject({ code: 'IN_USE', detail: { digest: digestOf('layer'), manifest: image.digest } })
    expect(error.message).toContain(image.digest)
    expect(await bench.row(rowKeys.link('a', digestOf('layer')))).not.toHaveProperty('marked')
    expect(await readBlob(bench.registry, 'a', digestOf('layer'))).toBe('layer')
    // A manifest of another repository is no reason.
    await pushImage(bench.registry, 'b', 'tag', contents)
    await bench.registry.manifests.delete('a', image.digest)
    await bench.registry.blobs.delete('a', digestOf('layer'))
    expect(await readBlob(bench.registry, 'b', digestOf('layer'))).toBe('layer')
  })

  it('is refused where a push under way names it', async () => {
    await using bench = await open()
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    const manifest = imageOf(contents)
    const commit = bench.faults.hold('commit', /^put manifests\//)
    const push = pushManifest(bench.registry, 'a', 'tag', manifest)
    await commit.reached
    expect(await errorOf(bench.registry.blobs.delete('a', digestOf('layer')))).toMatchObject({ code: 'IN_USE', detail: { manifest: digestOf(manifest) } })
    commit.release()
    await push
    expect(await readBlob(bench.registry, 'a', digestOf('layer'))).toBe('layer')
  })

  it('gives way to a push that looked at the link after the mark', async () => {
    await using bench = await open()
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    const deletion = bench.faults.hold('commit', /^delete links\//)
    const deleting = errorOf(bench.registry.blobs.delete('a', digestOf('layer')))
    await deletion.reached
    await pushManifest(bench.registry, 'a', 'tag', imageOf(contents))
    deletion.release()
    expect(await deleting).toMatchObject({ code: 'IN_USE' })
    expect(await readBlob(bench.registry, 'a', digestOf('layer'))).toBe('layer')
  })

  it('goes on from the mark that a dead delete left, under which the blob is readable', async () => {
    await using bench = await open()
    const digest = await pushBlob(bench.registry, 'a', 'layer')
    const dying = await bench.start()
    const deletion = dying.faults.hold('commit', /^delete links\//)
    void dying.registry.blobs.delete('a', digest).catch(() => undefined)
    await deletion.reached
    dying.kill()
    expect(await bench.row(rowKeys.link('a', digest))).toMatchObject({ marked: true })
    expect(await readBlob(bench.registry, 'a', digest)).toBe('layer')
    await bench.registry.blobs.delete('a', digest)
    expect(await bench.row(rowKeys.link('a', digest))).toBeUndefined()
  })
})

onEachPair('the delete of a repository', (open) => {
  it('takes manifests, tags and blobs along, and says how many', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'one', contents)
    await pushImage(bench.registry, 'a', 'two', contents, { annotations: { n: '2' } })
    await pushImage(bench.registry, 'a/b', 'tag', contents)
    const progress: unknown[] = []
    const deleted = await bench.registry.repositories.delete('a', { onProgress: (so) => progress.push(so) })
    expect(deleted).toEqual({ manifests: 2, blobs: 2 })
    expect(progress).toHaveLength(4)
    expect(progress.at(-1)).toEqual(deleted)
    expect(await bench.registry.repositories.list({ limit: 10 })).toEqual({ repositories: ['a/b'], more: false })
    expect(await errorOf(bench.registry.tags.list('a', { limit: 10 }))).toMatchObject({ code: 'NAME_UNKNOWN' })
    expect(await errorOf(readManifest(bench.registry, 'a', 'one'))).toMatchObject({ code: 'NAME_UNKNOWN' })
    expect(await errorOf(readBlob(bench.registry, 'a', digestOf('layer')))).toMatchObject({ code: 'BLOB_UNKNOWN' })
    expect(await readBlob(bench.registry, 'a/b', digestOf('layer'))).toBe('layer')
    expect(await errorOf(bench.registry.repositories.delete('a'))).toMatchObject({ code: 'NAME_UNKNOWN' })
  })

  it('gives a repository that is pushed again the next version', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'tag', contents)
    await bench.registry.repositories.delete('a')
    await pushImage(bench.registry, 'a', 'tag', contents)
    expect(Object.values(await bench.rows('repositories/'))).toMatchObject([{ version: nthVersion(3), created: bench.now }])
    expect(await tagsOf(bench, 'a')).toEqual(['tag'])
  })

  it('begins again where a push came in between: what that push was answered comes before the delete', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'tag', contents)
    const last = bench.faults.hold('commit', /^put repositories\//)
    const deleting = bench.registry.repositories.delete('a')
    await last.reached
    const mark = last
    const tombstone = bench.faults.hold('commit', /^put repositories\//)
    mark.release()
    await tombstone.reached
    const pushed = imageOf(['{}'], { annotations: { n: '2' } })
    await pushBlob(bench.registry, 'a', '{}')
    await pushManifest(bench.registry, 'a', 'new', pushed)
    tombstone.release()
    await deleting
    expect(await bench.registry.repositories.list({ limit: 10 })).toEqual({ repositories: [], more: false })
    await bench.settled()
    expect(Object.values(await bench.rows('manifests/')).filter((row) => !Object.hasOwn(row as object, 'deleted'))).toEqual([])
  })

  it('is not answered before the record of a manifest that an attempt before it has deleted', async () => {
    await using bench = await open({ failsInBackground: true })
    const { digest } = await pushImage(bench.registry, 'a', 'tag', contents)
    await bench.settled()
    bench.faults.fail('put', /_manifests\//, unavailable)
    expect(await errorOf(bench.registry.repositories.delete('a'))).toMatchObject({ code: 'UNAVAILABLE' })
    await bench.registry.repositories.delete('a')
    const records = await bench.keys(`repositories/a/_manifests/sha256/${digest.slice(7)}/`)
    expect(await bench.record(records.at(-1)!)).toMatchObject({ version: nthVersion(2), deleted: bench.now })
    // What the attempt left is swept with the next round.
    await bench.registry.sweep({ noteAge: 0, objectFolders: [] })
  })

  it('fails where storage does, and goes on when it is asked again', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'tag', contents)
    await bench.settled()
    bench.faults.fail('put', /_repository\//, unavailable)
    expect(await errorOf(bench.registry.repositories.delete('a'))).toMatchObject({ code: 'UNAVAILABLE' })
    await bench.start()
    expect(await bench.keys('repositories/a/_repository/')).toHaveLength(1)
    expect(await errorOf(bench.registry.manifests.stat('a', parseReference('tag')))).toMatchObject({ code: 'NAME_UNKNOWN' })
  })
})

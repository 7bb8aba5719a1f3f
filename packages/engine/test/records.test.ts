import { mediaTypes } from '@registry/core'
import { expect, it } from 'vitest'
import { rowKeys } from '../src/keyspace.js'
import type { Blob, Manifest } from '../src/rows.js'
import { type Bench, nthVersion, onEachPair } from './support/bench.js'
import { body, descriptor, digestOf, imageOf, pushBlob, pushImage, pushManifest } from './support/images.js'

const contents = ['{}', 'layer']
const manifest = imageOf(contents)
const digest = digestOf(manifest)
const one = String(nthVersion(1)).padStart(20, '0')

async function located(bench: Bench, content: string): Promise<unknown> {
  const { size, objects } = (await bench.row(rowKeys.blob(digestOf(content)))) as Blob
  return { digest: digestOf(content), size, objects }
}

/** The key of a tag's record, made by hand. */
function tagRecord(repository: string, tag: string, version: number, escaped = tag): string {
  return `repositories/${repository}/_tags/${digestOf(tag).slice(7, 9)}/${escaped}/${String(nthVersion(version)).padStart(20, '0')}`
}

onEachPair('the records of a push', (open) => {
  it('show the repository, the manifest with its text and where its blobs are, and the tag', async () => {
    await using bench = await open({ objectBytes: 3 })
    await pushImage(bench.registry, 'a/b', 'Latest', contents)
    await bench.settled()
    const { generation } = (await bench.row(rowKeys.manifest('a/b', digest))) as Manifest
    const repository = `repositories/a/b/_repository/${one}`
    const manifestKey = `repositories/a/b/_manifests/sha256/${digest.slice(7)}/${one}`
    const tag = tagRecord('a/b', 'Latest', 1, '!latest')
    expect(await bench.keys('repositories/')).toEqual([manifestKey, repository, tag].sort())
    expect(await bench.record(repository)).toEqual({ repository: 'a/b', version: nthVersion(1), created: bench.now })
    expect(await bench.record(tag)).toEqual({ repository: 'a/b', tag: 'Latest', version: nthVersion(1), manifestVersion: nthVersion(1), digest, generation, time: bench.now })
    expect(await bench.record(manifestKey)).toEqual({
      repository: 'a/b',
      digest,
      version: nthVersion(1),
      generation,
      mediaType: mediaTypes.imageManifest,
      size: manifest.length,
      time: bench.now,
      text: manifest.toString(),
      blobs: [await located(bench, '{}'), await located(bench, 'layer')],
    })
    expect(await located(bench, 'layer')).toMatchObject({ objects: [{ size: 3 }, { size: 2 }] })
  })

  it('show each blob once, no foreign layers, and the subject', async () => {
    await using bench = await open()
    const subject = descriptor('subject', mediaTypes.imageManifest)
    const layers = [descriptor('layer'), descriptor('layer'), descriptor('foreign', 'application/vnd.docker.image.rootfs.foreign.diff.tar')]
    await pushImage(bench.registry, 'a', 'tag', contents, { subject, layers })
    const [key] = await bench.keys('repositories/a/_manifests/')
    expect(await bench.record(key!)).toMatchObject({ subject: subject.digest, blobs: [await located(bench, '{}'), await located(bench, 'layer')] })
  })

  it('show no blobs for an index', async () => {
    await using bench = await open()
    await pushManifest(bench.registry, 'a', 'tag', Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests: [] })))
    const [key] = await bench.keys('repositories/a/_manifests/')
    expect(await bench.record(key!)).toMatchObject({ blobs: [] })
  })

  it('of a digest in sha512 lie under that algorithm', async () => {
    await using bench = await open()
    const long = digestOf(manifest, 'sha512')
    await pushImage(bench.registry, 'a', long, contents)
    expect(await bench.keys('repositories/a/_manifests/')).toEqual([`repositories/a/_manifests/sha512/${long.slice(7)}/${one}`])
  })

  it.each([/_repository\//, /_manifests\//, /_tags\//])('are all stored before the answer: it waits for %s', async (record) => {
    await using bench = await open()
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    const put = bench.faults.hold('put', record)
    let answered = false
    const push = pushManifest(bench.registry, 'a', 'tag', manifest).then(() => (answered = true))
    await put.reached
    await turn()
    expect(answered).toBe(false)
    put.release()
    await push
    expect(await bench.keys('repositories/')).toHaveLength(3)
  })

  it('are written after the commit: a push that is refused there writes none', async () => {
    await using bench = await open()
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    bench.faults.forget()
    const commit = bench.faults.hold('commit', /^put manifests\//)
    const push = pushManifest(bench.registry, 'a', 'tag', manifest)
    await commit.reached
    await turn()
    expect(bench.faults.count('put')).toBe(0)
    commit.release()
    await push
  })

  it('are noted as due in the commit that makes them so', async () => {
    await using bench = await open()
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    const put = bench.faults.hold('put', /_manifests\//)
    const push = pushManifest(bench.registry, 'a', 'tag', manifest)
    await put.reached
    const due = await bench.rows('due/')
    const { due: id } = (await bench.row(rowKeys.manifest('a', digest))) as Manifest
    expect(due).toEqual({
      [`due/${id.slice(0, 2)} ${id}`]: {
        records: [
          { kind: 'manifest', repository: 'a', digest, version: nthVersion(1), isFirst: true },
          { kind: 'tag', repository: 'a', tag: 'tag', version: nthVersion(1), isFirst: true },
          { kind: 'repository', repository: 'a', version: nthVersion(1), isFirst: true },
        ],
        time: bench.now,
      },
    })
    put.release()
    await push
    await bench.settled()
    expect(await bench.rows('due/')).toEqual({})
  })

  it('replace the older ones: the newer is written first, the older deleted after it, the note dropped last', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'tag', ['{}'])
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    await bench.settled()
    bench.faults.forget()
    const put = bench.faults.hold('put', /_tags\//)
    const push = pushManifest(bench.registry, 'a', 'tag', manifest)
    await put.reached
    await turn()
    expect(await bench.keys('repositories/a/_tags/')).toEqual([tagRecord('a', 'tag', 1)])
    const deletion = bench.faults.hold('delete', /_tags\//)
    put.release()
    await push
    await deletion.reached
    expect(await bench.keys('repositories/a/_tags/')).toEqual([tagRecord('a', 'tag', 1), tagRecord('a', 'tag', 2)])
    expect(Object.keys(await bench.rows('due/'))).toHaveLength(1)
    deletion.release()
    await bench.settled()
    expect(await bench.keys('repositories/a/_tags/')).toEqual([tagRecord('a', 'tag', 2)])
    expect(await bench.rows('due/')).toEqual({})
  })

  it('show the row as it is now when it went on meanwhile, and the oldest is deleted last', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'tag', ['{}'])
    await pushBlob(bench.registry, 'a', 'layer')
    await bench.settled()
    const other = await bench.start()
    const slow = bench.faults.hold('put', new RegExp(tagRecord('a', 'tag', 2)))
    const first = pushManifest(bench.registry, 'a', 'tag', manifest)
    await slow.reached
    await pushManifest(other.registry, 'a', 'tag', imageOf(['{}', 'layer', 'layer']))
    await other.registry.settled()
    expect(await bench.keys('repositories/a/_tags/')).toEqual([tagRecord('a', 'tag', 1), tagRecord('a', 'tag', 3)])
    slow.release()
    await first
    await bench.settled()
    expect(await bench.keys('repositories/a/_tags/')).toEqual([tagRecord('a', 'tag', 3)])
  })

  it('never leave a moment without the record of a tag that was acknowledged', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'tag', ['{}'])
    await pushBlob(bench.registry, 'a', 'layer')
    await bench.settled()
    // The first push has its record, and the second has none yet, when the first one settles.
    const other = await bench.start()
    const never = other.faults.hold('put', new RegExp(tagRecord('a', 'tag', 3)))
    const record = bench.faults.hold('put', new RegExp(tagRecord('a', 'tag', 2)))
    const first = pushManifest(bench.registry, 'a', 'tag', manifest)
    await record.reached
    const second = pushManifest(other.registry, 'a', 'tag', imageOf(['{}', 'layer', 'layer']))
    await never.reached
    record.release()
    await first
    await bench.registry.settled()
    const versions = (await bench.keys('repositories/a/_tags/')).map((key) => Number(key.slice(-20)))
    expect(versions).toEqual([nthVersion(3)])
    never.release()
    await second
  })

  it('of blobs alone are none: no manifest explains them', async () => {
    await using bench = await open()
    const { id } = await bench.registry.uploads.start('a')
    await bench.registry.uploads.finish('a', id, { digest: digestOf('x'), body: body('x') })
    await bench.registry.blobs.mount('b', digestOf('x'), { from: 'a' })
    expect(await bench.keys('repositories/')).toEqual([])
  })
})

/** Lets everything go on that waits for nothing. */
async function turn(): Promise<void> {
  for (let n = 0; n < 5; n++) await new Promise((resolve) => setImmediate(resolve))
}

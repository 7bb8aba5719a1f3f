import { mediaTypes, parseReference } from '@registry/core'
import { expect, it } from 'vitest'
import { rowKeys } from '../src/keyspace.js'
import { errorOf, onEachPair } from './support/bench.js'
import { bytes, configType, descriptor, digestOf, imageOf, indexOf, pushBlob, pushManifest } from './support/images.js'

const contents = ['{}', 'layer']
const image = imageOf(contents)
const tag = parseReference('tag')

const documents: readonly (readonly [title: string, document: Uint8Array, mediaType?: string])[] = [
  ['another media type than it was sent with', image, mediaTypes.dockerManifest],
  ['another kind than it was sent with', image, mediaTypes.imageIndex],
  ['a media type that is no string', imageOf(contents, { mediaType: 2 })],
  ['no media type at all', imageOf(contents, { mediaType: undefined })],
  ['a media type that is unknown', imageOf(contents, { mediaType: 'application/json' })],
  ['the media type of schema 1', imageOf(contents, { mediaType: 'application/vnd.docker.distribution.manifest.v1+json' })],
  ['the media type of signed schema 1', imageOf(contents, { mediaType: undefined }), 'application/vnd.docker.distribution.manifest.v1+prettyjws'],
  ['schema version 1', imageOf(contents, { schemaVersion: 1 })],
  ['its schema version as text', imageOf(contents, { schemaVersion: '2' })],
  ['manifests beside layers', imageOf(contents, { manifests: [] })],
  ['layers beside manifests', indexOf([], { layers: [] })],
  ['a config beside manifests', indexOf([], { config: descriptor('{}', configType) })],
  ['no config', imageOf(contents, { config: undefined })],
  ['a config that is a list', imageOf(contents, { config: [] })],
  ['layers that are no list', imageOf(contents, { layers: {} })],
  ['a layer that is no descriptor', imageOf(contents, { layers: ['layer'] })],
  ['a layer without a media type', imageOf(contents, { layers: [{ ...descriptor('layer'), mediaType: undefined }] })],
  ['a layer with a malformed digest', imageOf(contents, { layers: [{ ...descriptor('layer'), digest: 'sha256:abc' }] })],
  ['a layer with a digest in capitals', imageOf(contents, { layers: [{ ...descriptor('layer'), digest: digestOf('layer').toUpperCase() }] })],
  ['a layer with a digest of an unknown algorithm', imageOf(contents, { layers: [{ ...descriptor('layer'), digest: 'md5:0' }] })],
  ['a layer of a negative size', imageOf(contents, { layers: [{ ...descriptor('layer'), size: -1 }] })],
  ['a layer of half a byte', imageOf(contents, { layers: [{ ...descriptor('layer'), size: 0.5 }] })],
  ['an index without manifests', indexOf([], { manifests: undefined })],
  ['an index with something else than descriptors', indexOf([], { manifests: [null] })],
  ['a subject that is no descriptor', imageOf(contents, { subject: 'x' })],
  ['annotations that are no texts', imageOf(contents, { annotations: { a: 1 } })],
  ['an artifact type that is no text', imageOf(contents, { artifactType: 1 })],
  ['an artifact type that is too long for one', imageOf(contents, { subject: descriptor('s'), artifactType: 'x'.repeat(256) })],
  ['a config with a media type that is too long', imageOf(contents, { subject: descriptor('s'), config: descriptor('{}', 'x'.repeat(500_000)) })],
  ['nothing', bytes('')],
  ['no JSON', bytes('{')],
  ['two documents', Buffer.concat([image, image])],
  ['a list', bytes('[]')],
  ['null', bytes('null')],
  ['a byte order mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), image])],
  ['a text in it that is not UTF-8', Buffer.from(imageOf(contents, { annotations: { a: 'é' } }).toString(), 'latin1')],
  ['a byte that is not UTF-8', Buffer.concat([image.subarray(0, -1), Buffer.from([0xff]), bytes('}')])],
  ['a text of another encoding', Buffer.from(image.toString(), 'utf16le')],
]

onEachPair('a manifest', (open) => {
  const cases = documents.map(([title, document, mediaType]) => ({ title, document, mediaType }))
  it.each(cases)('with $title is refused, and leaves nothing', async ({ document, mediaType }) => {
    await using bench = await open()
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    const before = await bench.world()
    for (const reference of [tag, parseReference(digestOf(document))]) {
      const refused = await errorOf(bench.registry.manifests.push('a', reference, document, { mediaType }))
      expect(refused).toMatchObject({ code: 'MANIFEST_INVALID' })
    }
    expect(await bench.world()).toEqual(before)
  })

  it('is refused by another digest than its own', async () => {
    await using bench = await open()
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    const before = await bench.world()
    for (const wrong of [digestOf('other'), digestOf('other', 'sha512')]) {
      expect(await errorOf(pushManifest(bench.registry, 'a', wrong, image))).toMatchObject({ code: 'DIGEST_INVALID' })
    }
    expect(await bench.world()).toEqual(before)
  })

  it('is refused where it is larger than allowed, and accepted up to there', async () => {
    await using bench = await open({ policy: { manifestBytes: image.length } })
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    const larger = Buffer.concat([image, bytes(' ')])
    expect(await errorOf(pushManifest(bench.registry, 'a', 'tag', larger))).toMatchObject({ code: 'TOO_LARGE' })
    await pushManifest(bench.registry, 'a', 'tag', image)
  })

  it('is refused where blobs are missing: each is told, and nothing stays', async () => {
    await using bench = await open()
    await pushBlob(bench.registry, 'a', 'layer')
    const before = await bench.world()
    for (const text of [imageOf(['{}', 'layer', 'missing', 'missing']), imageOf(['{}', 'missing'], { annotations: { a: 'x'.repeat(500_000) } })]) {
      for (const reference of [tag, parseReference(digestOf(text))]) {
        const refused = await errorOf(bench.registry.manifests.push('a', reference, text))
        const detail = [{ digest: digestOf('{}') }, { digest: digestOf('missing') }]
        expect(refused).toMatchObject({ code: 'MANIFEST_BLOB_UNKNOWN', detail })
        expect(await bench.world()).toEqual(before)
      }
    }
  })

  it('is refused where only another repository has its blobs', async () => {
    await using bench = await open()
    for (const content of contents) await pushBlob(bench.registry, 'other', content)
    const before = await bench.world()
    const detail = contents.map((content) => ({ digest: digestOf(content) }))
    expect(await errorOf(pushManifest(bench.registry, 'a', 'tag', image))).toMatchObject({ code: 'MANIFEST_BLOB_UNKNOWN', detail })
    expect(await bench.world()).toEqual(before)
    for (const content of contents) await bench.registry.blobs.mount('a', digestOf(content), { from: 'other' })
    await pushManifest(bench.registry, 'a', 'tag', image)
  })

  it('is refused where a blob is corrupt, or linked in an earlier incarnation', async () => {
    await using bench = await open()
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    const blob = (await bench.row(rowKeys.blob(digestOf('layer'))))!
    const refused = { code: 'MANIFEST_BLOB_UNKNOWN', detail: [{ digest: digestOf('layer') }] }
    await bench.put(rowKeys.blob(digestOf('layer')), { ...blob, state: 'corrupt' })
    expect(await errorOf(pushManifest(bench.registry, 'a', 'tag', image))).toMatchObject(refused)
    await bench.put(rowKeys.blob(digestOf('layer')), blob)
    await bench.put(rowKeys.link('a', digestOf('layer')), { incarnation: 'earlier' })
    expect(await errorOf(pushManifest(bench.registry, 'a', 'tag', image))).toMatchObject(refused)
  })

  it('takes back the mark of a link that is about to be deleted', async () => {
    await using bench = await open()
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    const { incarnation } = (await bench.row(rowKeys.blob(digestOf('layer'))))!
    await bench.put(rowKeys.link('a', digestOf('layer')), { incarnation, marked: true })
    await pushManifest(bench.registry, 'a', 'tag', image)
    expect(await bench.row(rowKeys.link('a', digestOf('layer')))).toEqual({ incarnation })
  })

  it('looks for its blobs only after it has announced that it uses them', async () => {
    await using bench = await open()
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    bench.faults.forget()
    await pushManifest(bench.registry, 'a', 'tag', image)
    const calls = bench.faults.calls.map(({ operation, keys }) => `${operation} ${keys.join(', ')}`)
    const announced = calls.findIndex((call) => call.includes('put used/'))
    const looked = calls.findIndex((call) => call.startsWith('get blobs/'))
    const committed = calls.findIndex((call) => call.includes('put manifests/'))
    expect(announced).toBeGreaterThan(-1)
    expect(looked).toBeGreaterThan(announced)
    expect(committed).toBeGreaterThan(looked)
    expect(calls[announced]).toMatch(/^commit put pushes\/.*put used\/.*put used\//)
    expect(calls[committed]).toMatch(/delete pushes\//)
    expect(calls[committed]).not.toMatch(/blobs\/|links\//)
  })

  it('is not committed when its announcement has expired and is gone', async () => {
    await using bench = await open()
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    const commit = bench.faults.hold('commit', /^put manifests\//)
    const push = pushManifest(bench.registry, 'a', 'tag', image)
    await commit.reached
    const [name] = Object.keys(await bench.rows('pushes/'))
    const generation = name!.split(' ')[1]!
    await bench.index.commit([{ op: 'delete', key: rowKeys.push(generation) }])
    commit.release()
    await push
    const row = await bench.row(rowKeys.manifest('a', digestOf(image)))
    expect(row).not.toMatchObject({ generation })
  })
})

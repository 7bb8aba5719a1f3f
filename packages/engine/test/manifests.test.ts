import { type Digest, mediaTypes, parseReference } from '@registry/core'
import { expect, it } from 'vitest'
import { rowKeys } from '../src/keyspace.js'
import type { Manifest } from '../src/rows.js'
import { errorOf, onEachPair } from './support/bench.js'
import { bytes, configType, descriptor, digestOf, imageOf, indexOf, pushBlob, pushImage, pushManifest, readManifest } from './support/images.js'

const contents = ['{}', 'layer']
const manifest = imageOf(contents)
const digest = digestOf(manifest)

onEachPair('the manifests of a repository', (open) => {
  it('are listed in the order of their digests, in pages, without those that were deleted', async () => {
    await using bench = await open()
    const pushed: Digest[] = []
    for (let n = 0; n < 5; n++) pushed.push((await pushImage(bench.registry, 'a', `v${n}`, ['{}'], { annotations: { n: String(n) } })).digest)
    const [deleted, ...digests] = pushed.toSorted()
    await bench.registry.manifests.delete('a', deleted!)
    for (let limit = 1; limit <= 5; limit++) {
      for (const [n, after] of [undefined, ...digests].entries()) {
        const { manifests, more } = await bench.registry.manifests.list('a', { limit, after })
        expect(manifests.map(({ digest }) => digest)).toEqual(digests.slice(n, n + limit))
        expect(more).toBe(n + limit < digests.length)
      }
    }
    expect(await errorOf(bench.registry.manifests.list('b', { limit: 1 }))).toMatchObject({ code: 'NAME_UNKNOWN' })
  })
})

onEachPair('a manifest', (open) => {
  it('is pushed by tag, and read by tag and digest', async () => {
    await using bench = await open()
    for (const content of contents) await pushBlob(bench.registry, 'a/b', content)
    const info = { digest, mediaType: mediaTypes.imageManifest, size: manifest.length, subject: undefined }
    const { manifests } = bench.registry
    expect(await manifests.push('a/b', parseReference('v1'), manifest, { mediaType: mediaTypes.imageManifest })).toEqual(info)
    for (const reference of ['v1', digest].map(parseReference)) {
      expect(await manifests.stat('a/b', reference)).toEqual(info)
      expect(await manifests.get('a/b', reference)).toEqual({ ...info, bytes: manifest })
    }
  })

  it('is pushed by digest, and has no tag then', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', digest, contents)
    expect(await readManifest(bench.registry, 'a', digest)).toBe(manifest.toString())
    expect(await bench.registry.tags.list('a', { limit: 10 })).toEqual({ tags: [], more: false })
  })

  it('is pushed by a sha512 digest, and read by that one', async () => {
    await using bench = await open()
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    const long = digestOf(manifest, 'sha512')
    expect((await pushManifest(bench.registry, 'a', long, manifest)).digest).toBe(long)
    expect(await readManifest(bench.registry, 'a', long)).toBe(manifest.toString())
    expect(await errorOf(readManifest(bench.registry, 'a', digest))).toMatchObject({ code: 'MANIFEST_UNKNOWN' })
  })

  it.each([
    ['odd white space', `\n\t ${manifest.toString().replaceAll(',', ' ,\r\n')} \n\n`],
    ['characters of every width', imageOf(contents, { annotations: { 'a.b': 'é – 漢 🐋 \u2028 \u0000', ü: '\\ud800' } }).toString()],
    ['escapes that stand for themselves', manifest.toString().replace('schemaVersion', '\\u0073chemaVersion')],
    ['a lone surrogate as an escape', imageOf(contents, { annotations: { a: '\ud800' } }).toString()],
    ['numbers that JavaScript writes otherwise', manifest.toString().replace(':2,', ':2.0,')],
    ['fields that nobody knows', imageOf(contents, { future: [1, { deep: null }] }).toString()],
  ])('comes back byte for byte with %s', async (_, text) => {
    await using bench = await open()
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    const pushed = await pushManifest(bench.registry, 'a', 'tag', bytes(text))
    expect(pushed).toMatchObject({ digest: digestOf(text), size: bytes(text).length })
    for (const process of [{ registry: bench.registry }, await bench.start()]) {
      expect(await readManifest(process.registry, 'a', 'tag')).toBe(text)
      expect(await readManifest(process.registry, 'a', digestOf(text))).toBe(text)
    }
  })

  it('has the media type that it was sent with where it names none, and parameters and capitals do not count', async () => {
    await using bench = await open()
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    const text = imageOf(contents, { mediaType: undefined })
    const { manifests } = bench.registry
    const sent = 'Application/vnd.docker.distribution.manifest.v2+JSON; charset=utf-8'
    expect((await manifests.push('a', parseReference('tag'), text, { mediaType: sent })).mediaType).toBe(mediaTypes.dockerManifest)
    expect((await manifests.stat('a', parseReference('tag'))).mediaType).toBe(mediaTypes.dockerManifest)
  })

  it.each([mediaTypes.imageManifest, mediaTypes.dockerManifest, mediaTypes.imageIndex, mediaTypes.dockerManifestList])(
    'of the type %s is one as the document says, where it was sent without a type',
    async (mediaType) => {
      await using bench = await open()
      for (const content of contents) await pushBlob(bench.registry, 'a', content)
      const text = mediaType.includes('index') || mediaType.includes('list') ? indexOf([manifest], { mediaType }) : imageOf(contents, { mediaType })
      expect((await pushManifest(bench.registry, 'a', 'tag', text)).mediaType).toBe(mediaType)
    },
  )

  it('may be an index of manifests that are not there', async () => {
    await using bench = await open()
    const index = indexOf([manifest, bytes('never pushed')])
    await pushManifest(bench.registry, 'a', 'tag', index)
    expect(await readManifest(bench.registry, 'a', 'tag')).toBe(index.toString())
    expect(await bench.rows('used/')).toEqual({})
  })

  it('may have no layers, or the same one many times', async () => {
    await using bench = await open()
    for (const layers of [[], undefined, null, ['layer', 'layer', '{}'].map((layer) => descriptor(layer))]) {
      await pushImage(bench.registry, 'a', 'tag', contents, { layers })
    }
    expect(Object.keys(await bench.rows('used/')).filter((key) => key.startsWith(`used/${digestOf('{}')}`))).toHaveLength(4)
  })

  it('may name layers that nobody may distribute and nobody has', async () => {
    await using bench = await open()
    const layers = [
      descriptor('layer'),
      descriptor('windows', 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip'),
      descriptor('secret', 'application/vnd.oci.image.layer.nondistributable.v1.tar+zstd'),
    ]
    await pushImage(bench.registry, 'a', 'tag', contents, { layers })
    expect(Object.keys(await bench.rows('used/'))).toHaveLength(2)
  })

  it('may refer to a subject that is not there, and is noted beside it', async () => {
    await using bench = await open()
    const subject = descriptor('subject', mediaTypes.imageManifest)
    const annotations = { 'org.example': 'signature' }
    const { digest: own, manifest: text } = await pushImage(bench.registry, 'a', 'tag', contents, { subject, annotations })
    const { generation, subject: kept } = (await bench.row(rowKeys.manifest('a', own))) as Manifest
    expect(kept).toBe(subject.digest)
    expect((await bench.registry.manifests.stat('a', parseReference('tag'))).subject).toBe(subject.digest)
    const expected = { mediaType: mediaTypes.imageManifest, digest: own, size: text.length, artifactType: configType, annotations }
    expect(await bench.row(rowKeys.referrer('a', subject.digest, own))).toEqual({ generation, descriptor: expected })
  })

  it('is noted beside its subject by its artifact type, of an index as well', async () => {
    await using bench = await open()
    const subject = descriptor('subject', mediaTypes.imageManifest)
    const image = await pushImage(bench.registry, 'a', 'tag', contents, { subject, artifactType: 'application/sbom' })
    expect(await bench.row(rowKeys.referrer('a', subject.digest, image.digest))).toMatchObject({ descriptor: { artifactType: 'application/sbom' } })
    const index = await pushManifest(bench.registry, 'a', 'tag', indexOf([], { subject, artifactType: 'application/list' }))
    expect(await bench.row(rowKeys.referrer('a', subject.digest, index.digest))).toMatchObject({ descriptor: { artifactType: 'application/list' } })
  })

  it('is unknown in a repository that exists, and its repository unknown where it does not', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'tag', contents)
    for (const reference of ['other', digestOf('other')]) {
      expect(await errorOf(readManifest(bench.registry, 'a', reference))).toMatchObject({ code: 'MANIFEST_UNKNOWN' })
      expect(await errorOf(bench.registry.manifests.stat('b', parseReference(reference)))).toMatchObject({ code: 'NAME_UNKNOWN' })
    }
    expect(await errorOf(readManifest(bench.registry, 'b', digest))).toMatchObject({ code: 'NAME_UNKNOWN' })
  })

  it('that was deleted is unknown by digest, and by a tag that was set before it came back', async () => {
    await using bench = await open({ untidy: 'rows are changed by hand' })
    await pushImage(bench.registry, 'a', 'tag', contents)
    await bench.put(rowKeys.manifest('a', digest), { version: 2, deleted: bench.now })
    for (const reference of ['tag', digest]) {
      expect(await errorOf(readManifest(bench.registry, 'a', reference))).toMatchObject({ code: 'MANIFEST_UNKNOWN' })
    }
    await pushManifest(bench.registry, 'a', 'new', manifest)
    expect(await bench.row(rowKeys.manifest('a', digest))).toMatchObject({ version: 3 })
    expect(await errorOf(readManifest(bench.registry, 'a', 'tag'))).toMatchObject({ code: 'MANIFEST_UNKNOWN' })
    for (const reference of ['new', digest]) expect(await readManifest(bench.registry, 'a', reference)).toBe(manifest.toString())
    await pushManifest(bench.registry, 'a', 'tag', manifest)
    expect(await readManifest(bench.registry, 'a', 'tag')).toBe(manifest.toString())
  })
})

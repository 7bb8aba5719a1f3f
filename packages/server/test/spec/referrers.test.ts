import { expect, it } from 'vitest'
import { onEachPair } from '../support/on-each-pair.js'
import type { TestServer } from '../support/test-server.js'
import { algorithms, randomContent } from './support/content.js'
import { type Descriptor, descriptorOf, emptyType, imageType, indexOf, indexType } from './support/documents.js'
import { pagesOf } from './support/links.js'
import { preparedArtifact, preparedImage, pushManifest } from './support/manifests.js'
import { digestsOf, type ReferrersIndex, referrersOf } from './support/referrers.js'

async function pushedSubject(server: TestServer): Promise<Descriptor> {
  return descriptorOf(imageType, await pushManifest(server, 'a', await preparedImage(server, 'a')))
}

const withoutType = [['missing', {}], ['empty', { artifactType: '' }]] as const

onEachPair('listing referrers', (start) => {
  it.each(algorithms)('lists what refers to a %s digest, as an image index [referrers-200] [referrers-index] [referrers-content-type]', async (algorithm) => {
    const server = await start()
    const subject = descriptorOf(imageType, await pushManifest(server, 'a', await preparedImage(server, 'a', algorithm)))
    const referrers = [await preparedArtifact(server, 'a', { subject }), indexOf([], { subject }), indexOf([], { subject, algorithm: 'sha512' })]
    for (const referrer of [...referrers, await preparedArtifact(server, 'a')]) await pushManifest(server, 'a', referrer)
    const { manifests } = await referrersOf(server, 'a', subject.digest)
    expect(digestsOf(manifests)).toEqual(digestsOf(referrers))
    for (const { bytes, digest, mediaType } of referrers) expect(manifests).toContainEqual(expect.objectContaining({ mediaType, digest, size: bytes.length }))
  })

  it('lists nobody of another repository [referrers-200] [referrers-empty]', async () => {
    const server = await start()
    const subject = await pushedSubject(server)
    await pushManifest(server, 'b', await preparedArtifact(server, 'b', { subject }))
    expect((await referrersOf(server, 'a', subject.digest)).manifests).toEqual([])
  })

  it('lists nobody, and is never 404, for what nobody refers to, is not there, or has no repository [referrers-never-404] [referrers-empty]', async () => {
    const server = await start()
    const subject = await pushedSubject(server)
    const asked = [['a', subject.digest], ['a', randomContent().digest], ['a', randomContent('sha512').digest], ['nobody', subject.digest]] as const
    for (const [repository, digest] of asked) {
      for (const query of ['', '?artifactType=application/x']) expect((await referrersOf(server, repository, digest, query)).manifests).toEqual([])
    }
  })

  it('answers 400 to what is no digest, or of another algorithm [referrers-400]', async () => {
    const server = await start()
    await pushedSubject(server)
    for (const digest of ['sha256:baddigeststring', 'sha256', 'v1', `md5:${'a'.repeat(32)}`, `sha256:${'a'.repeat(63)}`]) {
      expect((await server.send('GET', `/v2/a/referrers/${digest}`)).status, digest).toBe(400)
    }
  })

  it('tells the artifact type of an image and of an index [referrers-artifact-type]', async () => {
    const server = await start()
    const subject = await pushedSubject(server)
    const own = { subject, artifactType: 'application/vnd.example.own' }
    for (const referrer of [await preparedArtifact(server, 'a', own), indexOf([], own)]) await pushManifest(server, 'a', referrer)
    const { manifests } = await referrersOf(server, 'a', subject.digest)
    expect(manifests.map(({ artifactType }) => artifactType)).toEqual([own.artifactType, own.artifactType])
  })

  it.each(withoutType)('tells the type of the config of an image whose artifact type is %s [referrers-config-type]', async (_what, artifactType) => {
    const server = await start()
    const subject = await pushedSubject(server)
    await pushManifest(server, 'a', await preparedArtifact(server, 'a', { subject, ...artifactType }))
    expect((await referrersOf(server, 'a', subject.digest)).manifests).toMatchObject([{ artifactType: emptyType }])
  })

  it.each(withoutType)('tells no type of an index whose artifact type is %s [referrers-index-type]', async (_what, artifactType) => {
    const server = await start()
    const subject = await pushedSubject(server)
    const index = await pushManifest(server, 'a', indexOf([], { subject, ...artifactType }))
    expect((await referrersOf(server, 'a', subject.digest)).manifests).toEqual([descriptorOf(indexType, index)])
  })

  it('has the annotations of an image and of an index, every one [referrers-annotations]', async () => {
    const server = await start()
    const subject = await pushedSubject(server)
    const own = { subject, annotations: { 'org.example.a': 'ä\u{1f600}', 'org.example.b': '', constructor: 'c' } }
    for (const referrer of [await preparedArtifact(server, 'a', own), indexOf([], own)]) await pushManifest(server, 'a', referrer)
    const { manifests } = await referrersOf(server, 'a', subject.digest)
    expect(manifests.map(({ annotations }) => annotations)).toEqual([own.annotations, own.annotations])
  })

  it('leads from page to page where the list does not fit in one [referrers-link] [referrers-link-form] [referrers-index]', async () => {
    const server = await start({ limits: { referrersBytes: 1500 } })
    const subject = await pushedSubject(server)
    const referrers = Array.from({ length: 9 }, (_, n) => indexOf([], { subject, artifactType: 'application/x', annotations: { n: `${n}`.repeat(300) } }))
    for (const referrer of referrers) await pushManifest(server, 'a', referrer)
    for (const query of ['', '?artifactType=application/x']) {
      const pages = await pagesOf<ReferrersIndex>(server, `/v2/a/referrers/${subject.digest}${query}`)
      expect(pages.length).toBeGreaterThan(1)
      for (const page of pages) expect(page).toMatchObject({ schemaVersion: 2, mediaType: indexType })
      expect(digestsOf(pages.flatMap(({ manifests }) => manifests))).toEqual(digestsOf(referrers))
    }
  })

  it('filters by artifact type, and says so [referrers-filter] [referrers-filter-header]', async () => {
    const server = await start()
    const subject = await pushedSubject(server)
    const wanted = await preparedArtifact(server, 'a', { subject, artifactType: 'application/vnd.example+wanted' })
    for (const referrer of [wanted, await preparedArtifact(server, 'a', { subject }), indexOf([], { subject })]) await pushManifest(server, 'a', referrer)
    const filtered = await referrersOf(server, 'a', subject.digest, `?artifactType=${encodeURIComponent('application/vnd.example+wanted')}`)
    expect(digestsOf(filtered.manifests)).toEqual([wanted.digest])
    expect(filtered.headers.get('oci-filters-applied')).toBe('artifactType')
    const byConfig = await referrersOf(server, 'a', subject.digest, `?artifactType=${encodeURIComponent(emptyType)}`)
    expect(byConfig.manifests).toHaveLength(1)
  })

  it('names no filter that it does not know, and none where none was asked for [referrers-filter-header] [referrers-filter-list]', async () => {
    const server = await start()
    const subject = await pushedSubject(server)
    for (const [query, applied] of [['', null], ['?annotation=x', null], ['?annotation=x&artifactType=application/x', 'artifactType']] as const) {
      expect((await referrersOf(server, 'a', subject.digest, query)).headers.get('oci-filters-applied')).toBe(applied)
    }
  })
})

import { expect, it } from 'vitest'
import { onEachPair } from '../support/on-each-pair.js'
import { algorithms, randomContent } from './support/content.js'
import { descriptorOf, imageType, indexOf } from './support/documents.js'
import { preparedArtifact, preparedImage, pushManifest, putManifest } from './support/manifests.js'
import { digestsOf, referrersOf } from './support/referrers.js'

onEachPair('pushing manifests with subject', (start) => {
  it.each(algorithms)('tells the %s subject of an image and of an index [subject-header]', async (algorithm) => {
    const server = await start()
    const image = await pushManifest(server, 'a', await preparedImage(server, 'a', algorithm))
    const subject = descriptorOf(image.mediaType, image)
    for (const referrer of [await preparedArtifact(server, 'a', { subject }), indexOf([], { subject })]) {
      const put = await putManifest(server, 'a', referrer.digest, referrer)
      expect([put.status, put.headers.get('oci-subject')]).toEqual([201, image.digest])
    }
  })

  it('tells no subject where there is none [subject-header]', async () => {
    const server = await start()
    const put = await putManifest(server, 'a', 'v1', await preparedImage(server, 'a'))
    expect(put.headers.get('oci-subject')).toBeNull()
  })

  it.each(algorithms)('takes a manifest before its %s subject, and lists it before and after [push-subject-missing] [subject-header]', async (algorithm) => {
    const server = await start()
    const subject = await preparedImage(server, 'a', algorithm)
    const referrer = await preparedArtifact(server, 'a', { subject: descriptorOf(imageType, subject) })
    const put = await putManifest(server, 'a', 'early', referrer)
    expect([put.status, put.headers.get('oci-subject')]).toEqual([201, subject.digest])
    expect(digestsOf((await referrersOf(server, 'a', subject.digest)).manifests)).toEqual([referrer.digest])
    await pushManifest(server, 'a', subject)
    expect(digestsOf((await referrersOf(server, 'a', subject.digest)).manifests)).toEqual([referrer.digest])
  })

  it('takes a subject that never comes [push-subject-missing]', async () => {
    const server = await start()
    const missing = randomContent()
    const referrer = await pushManifest(server, 'a', await preparedArtifact(server, 'a', { subject: descriptorOf(imageType, missing) }))
    expect(digestsOf((await referrersOf(server, 'a', missing.digest)).manifests)).toEqual([referrer.digest])
  })
})

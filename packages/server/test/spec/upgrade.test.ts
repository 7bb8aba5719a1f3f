import { expect, it } from 'vitest'
import { onEachPair } from '../support/on-each-pair.js'
import { descriptorOf, imageType, indexOf } from './support/documents.js'
import { preparedArtifact, preparedImage, pushManifest } from './support/manifests.js'
import { expectManifest } from './support/pulls.js'
import { digestsOf, referrersOf } from './support/referrers.js'

onEachPair('enabling the referrers API', (start) => {
  it('lists once what a client has written into the tag of the referrers tag schema, and serves that tag as it is [upgrade-preexisting]', async () => {
    const server = await start()
    const image = await pushManifest(server, 'a', await preparedImage(server, 'a'))
    const referrer = await pushManifest(server, 'a', await preparedArtifact(server, 'a', { subject: descriptorOf(imageType, image) }))
    const list = indexOf([referrer])
    const tag = image.digest.replace(':', '-')
    await pushManifest(server, 'a', list, tag)
    expect(digestsOf((await referrersOf(server, 'a', image.digest)).manifests)).toEqual([referrer.digest])
    await expectManifest(server, 'a', list, tag)
  })

  it('lists every manifest with a subject that is pushed, with no such tag [upgrade-new]', async () => {
    const server = await start()
    const image = await pushManifest(server, 'a', await preparedImage(server, 'a'))
    const subject = descriptorOf(imageType, image)
    const referrers = [await preparedArtifact(server, 'a', { subject }), indexOf([], { subject })]
    for (const [n, referrer] of referrers.entries()) await pushManifest(server, 'a', referrer, n === 0 ? 'by-tag' : referrer.digest)
    expect(digestsOf((await referrersOf(server, 'a', image.digest)).manifests)).toEqual(digestsOf(referrers))
  })
})

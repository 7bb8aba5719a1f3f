import { expect, it } from 'vitest'
import { onEachPair } from '../support/on-each-pair.js'
import { algorithms, contentOf, randomContent } from './support/content.js'
import { expectAbsent, expectBlob, expectPulled } from './support/pulls.js'
import { pushContent } from './support/upload-flows.js'

onEachPair('mounting', (start) => {
  it.each(algorithms.flatMap((algorithm) => ['&from=source/a', ''].map((from) => [algorithm, from] as const)))(
    'mounts a %s blob from another repository with "%s", 201 with where it can be pulled from [mount-201]',
    async (algorithm, from) => {
      const server = await start()
      const blob = randomContent(algorithm)
      await pushContent(server, 'source/a', blob)
      const mounted = await server.send('POST', `/v2/target/blobs/uploads/?mount=${blob.digest}${from}`)
      expect(mounted.status).toBe(201)
      expect(mounted.headers.get('docker-content-digest')).toBe(blob.digest)
      await expectPulled(server, mounted.headers.get('location')!, blob)
      await expectBlob(server, 'target', blob)
    },
  )

  it.each(['&from=nobody', '&from=source', '', '&from=No/Name'])('begins an upload, 202, where there is nothing to mount with "%s" [mount-202]', async (from) => {
    const server = await start()
    await pushContent(server, 'source', contentOf('other'))
    const blob = randomContent()
    const refused = await server.send('POST', `/v2/target/blobs/uploads/?mount=${blob.digest}${from}`)
    expect(refused.status).toBe(202)
    const closed = await server.send('PUT', `${refused.headers.get('location')!}?digest=${blob.digest}`, { body: blob.bytes })
    expect(closed.status).toBe(201)
    await expectBlob(server, 'target', blob)
  })

  it('deletes a mounted blob from either repository alone [mount-201] [delete-blob-202]', async () => {
    const server = await start()
    const blob = randomContent()
    await pushContent(server, 'source', blob)
    await server.send('POST', `/v2/target/blobs/uploads/?mount=${blob.digest}&from=source`)
    expect((await server.send('DELETE', `/v2/source/blobs/${blob.digest}`)).status).toBe(202)
    await expectAbsent(server, `/v2/source/blobs/${blob.digest}`)
    await expectBlob(server, 'target', blob)
    expect((await server.send('DELETE', `/v2/target/blobs/${blob.digest}`)).status).toBe(202)
    await expectAbsent(server, `/v2/target/blobs/${blob.digest}`)
  })
})

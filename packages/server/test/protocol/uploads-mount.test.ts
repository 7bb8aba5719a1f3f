import { expect, it } from 'vitest'
import { onEachPair } from '../support/on-each-pair.js'
import { errorCodes, pushBlob, randomBlob } from '../support/test-server.js'
import { expectBlob } from './support/uploads.js'

onEachPair('mounts', (start) => {
  it('give a repository the blob of another one without a body [P9]', async () => {
    const server = await start()
    const blob = randomBlob()
    await pushBlob(server, 'source', blob)
    const objects = await server.objects()
    const mounted = await server.send('POST', `/v2/target/blobs/uploads/?mount=${encodeURIComponent(blob.digest)}&from=source`)
    expect([mounted.status, mounted.headers.get('location')]).toEqual([201, `/v2/target/blobs/${blob.digest}`])
    expect(mounted.headers.get('docker-content-digest')).toBe(blob.digest)
    await expectBlob(server, 'target', blob.digest)
    expect([await server.objects(), await server.sessions()]).toEqual([objects, 0])
  })

  it('take the blob from any repository that has it where none is named [P9]', async () => {
    const server = await start()
    const blob = randomBlob()
    await pushBlob(server, 'some/where', blob)
    const mounted = await server.send('POST', `/v2/target/blobs/uploads/?mount=${blob.digest}`)
    expect([mounted.status, mounted.headers.get('location')]).toEqual([201, `/v2/target/blobs/${blob.digest}`])
    await expectBlob(server, 'target', blob.digest)
  })

  it('are otherwise 202 with a session that works, without a word about why [P9]', async () => {
    const server = await start()
    const [blob, deleted] = [randomBlob(), randomBlob()]
    await pushBlob(server, 'source', blob)
    await pushBlob(server, 'gone', deleted)
    await pushBlob(server, 'still', deleted)
    expect((await server.send('DELETE', `/v2/gone/blobs/${deleted.digest}`)).status).toBe(202)
    const queries = [
      `mount=${blob.digest}&from=nobody`, `mount=${blob.digest}&from=other`, `mount=${blob.digest}&from=NO/NAME`, `mount=${blob.digest}&from=`,
      `mount=${randomBlob().digest}&from=source`, `mount=${randomBlob().digest}`, `mount=${deleted.digest}&from=gone`, 'from=source',
    ]
    const plain = await server.send('POST', '/v2/other/blobs/uploads/')
    for (const query of queries) {
      const response = await server.send('POST', `/v2/other/blobs/uploads/?${query}`)
      expect([response.status, await response.text()], query).toEqual([202, ''])
      expect([...response.headers.keys()], query).toEqual([...plain.headers.keys()])
      const location = response.headers.get('location')!
      expect(location, query).toMatch(/^\/v2\/other\/blobs\/uploads\/[0-9a-f]{32}$/)
      expect((await server.send('HEAD', `/v2/other/blobs/${blob.digest}`)).status, query).toBe(404)
      const own = randomBlob()
      expect((await server.send('PUT', `${location}?digest=${own.digest}`, { body: own.bytes })).status, query).toBe(201)
    }
  })

  it('that name no source give a session where they are switched off, also for a blob that every repository has deleted [P9]', async () => {
    for (const anonymousMounts of [true, false]) {
      const server = await start({ anonymousMounts })
      const blob = randomBlob()
      await pushBlob(server, 'a', blob)
      expect((await server.send('DELETE', `/v2/a/blobs/${blob.digest}`)).status).toBe(202)
      for (const repository of ['a', 'b']) {
        expect((await server.send('POST', `/v2/${repository}/blobs/uploads/?mount=${blob.digest}`)).status).toBe(anonymousMounts ? 201 : 202)
        expect((await server.send('HEAD', `/v2/${repository}/blobs/${blob.digest}`)).status).toBe(anonymousMounts ? 200 : 404)
      }
    }
  })

  it('of a digest that is malformed are refused [P9]', async () => {
    const server = await start()
    const response = await server.send('POST', '/v2/a/blobs/uploads/?mount=sha256:zz&from=b')
    expect([response.status, await errorCodes(response)]).toEqual([400, ['DIGEST_INVALID']])
  })
})

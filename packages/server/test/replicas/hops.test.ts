import { randomBytes } from 'node:crypto'
import { expect, it, onTestFinished } from 'vitest'
import { newBook } from '../durability/support/book.js'
import { contentOf, imageOf, indexOf, type ManifestContent } from '../durability/support/content.js'
import { appendUpload, cancelUpload, finishUpload, pushBlob, startUpload } from '../durability/support/push-blob.js'
import { connectTo, type Send } from '../durability/support/send.js'
import { offsetOf, verify } from '../durability/support/verify.js'
import { describeReplicas } from './support/describe-replicas.js'
import { findings } from './support/findings.js'
import { type SharedStorage, sharedStorage } from './support/shared-storage.js'

const times = 8

/** Three replicas that are up, and a client of each. */
async function startThree(storage: SharedStorage): Promise<readonly [Send, Send, Send]> {
  const replicas = await Promise.all([storage.startReplica(), storage.startReplica(), storage.startReplica()])
  const connections = replicas.map(({ address }) => connectTo(address))
  onTestFinished(() => {
    for (const connection of connections) connection.close()
  })
  return connections.map(({ send }) => send) as [Send, Send, Send]
}

describeReplicas(() => {
  it('take the requests of an upload session in turn, and of two chunks at the same time one', { timeout: 180_000 }, async () => {
    const [first, second, third] = await startThree(await sharedStorage())
    const book = newBook({ deletes: true })
    const [repository, blob] = ['hops', contentOf(randomBytes(300_000))]
    const id = await startUpload(book, first, repository, blob)
    await appendUpload(book, second, { repository, id, from: 0, to: 100_000 })
    expect(offsetOf(await first('GET', `/v2/${repository}/blobs/uploads/${id}`))).toBe(100_000)
    await appendUpload(book, third, { repository, id, from: 100_000, to: 200_000, streamed: true })
    await appendUpload(book, first, { repository, id, from: 200_000, to: 250_000 })
    await finishUpload(book, second, { repository, id, from: 250_000 })

    const cancelled = await startUpload(book, second, repository, blob)
    await appendUpload(book, third, { repository, id: cancelled, from: 0, to: 1000 })
    await cancelUpload(book, first, { repository, id: cancelled })

    const small = contentOf(randomBytes(1000 * times))
    const contested = await startUpload(book, first, repository, small)
    const path = `/v2/${repository}/blobs/uploads/${contested}`
    for (let from = 0; from < small.bytes.length; from += 1000) {
      const chunk = { headers: { 'content-range': `${from}-${from + 999}` }, body: small.bytes.subarray(from, from + 1000) }
      const answers = await Promise.all([first, second].map((send) => send('PATCH', path, chunk)))
      expect(answers.map(({ status }) => status).sort()).toEqual([202, 416])
      expect(offsetOf(await third('GET', path))).toBe(from + 1000)
    }
    await finishUpload(book, third, { repository, id: contested, from: small.bytes.length })
    for (const send of [first, second, third]) await verify(book, send, { sessionsMayFallBack: false })
  })

  it('agree on a tag that is pushed to all of them at once, and so do its records', { timeout: 180_000 }, async () => {
    const storage = await sharedStorage()
    const sends = await startThree(storage)
    const book = newBook({ deletes: true })
    const layer = contentOf(randomBytes(1000))
    await pushBlob(book, sends[0], 'docker', { repository: 'one', blob: layer })
    const put = (send: Send, { bytes, mediaType }: ManifestContent): ReturnType<Send> =>
      send('PUT', '/v2/one/manifests/latest', { headers: { 'content-type': mediaType }, body: bytes })
    const tagged = async (send: Send): Promise<unknown> => (await send('GET', '/v2/one/manifests/latest')).headers['docker-content-digest']

    for (let time = 0; time < times; time++) {
      const manifests = sends.map((_, n) => (time % 2 ? indexOf([], `${time} ${n}`) : imageOf([layer], `${time} ${n}`)))
      const answers = await Promise.all(sends.map((send, n) => put(send, manifests[n]!)))
      expect(answers.map(({ status }) => status)).toEqual([201, 201, 201])
      const [seen, ...others] = await Promise.all(sends.map(tagged))
      expect(others).toEqual([seen, seen])
      expect(manifests.map(({ digest }) => digest)).toContain(seen)
    }
    expect(await findings(storage)).toEqual([])
  })
})

import { randomBytes } from 'node:crypto'
import { expect, it, onTestFinished } from 'vitest'
import { newBook } from '../durability/support/book.js'
import { contentOf, imageOf, indexOf, type ManifestContent } from '../durability/support/content.js'
import { appendUpload, cancelUpload, finishUpload, pushBlob, startUpload } from '../durability/support/push-blob.js'
import { connectTo, type Send } from '../durability/support/send.js'
import { offsetOf, verify } from '../durability/support/verify.js'
import { describeReplicas } from './support/describe-replicas.js'
import { findings } from './support/findings.js'
import { sharedStorage } from './support/shared-storage.js'

const times = 10

/** Clients of three replicas, one each. */
type Sends = readonly [Send, Send, Send]

describeReplicas(() => {
  it('take requests of a session in turn, of two chunks at once one, and agree on a tag pushed to all', { timeout: 240_000 }, async () => {
    const storage = await sharedStorage()
    const replicas = await Promise.all([storage.startReplica(), storage.startReplica(), storage.startReplica()])
    const connections = replicas.map(({ address }) => connectTo(address))
    onTestFinished(() => {
      for (const connection of connections) connection.close()
    })
    const sends = connections.map(({ send }) => send) as unknown as Sends
    await pushInTurn(sends)
    await pushChunksAtOnce(sends)
    await pushTagAtOnce(sends)
    // What all of them answered is what storage has recorded.
    expect(await findings(storage)).toEqual([])
  })
})

async function pushInTurn([first, second, third]: Sends): Promise<void> {
  const book = newBook({ deletes: true })
  const [repository, blob] = ['turns', contentOf(randomBytes(300_000))]
  const id = await startUpload(book, first, repository, blob)
  await appendUpload(book, second, { repository, id, from: 0, to: 100_000 })
  expect(offsetOf(await first('GET', `/v2/${repository}/blobs/uploads/${id}`))).toBe(100_000)
  await appendUpload(book, third, { repository, id, from: 100_000, to: 200_000, streamed: true })
  await appendUpload(book, first, { repository, id, from: 200_000, to: 250_000 })
  await finishUpload(book, second, { repository, id, from: 250_000 })

  const cancelled = await startUpload(book, second, repository, blob)
  await appendUpload(book, third, { repository, id: cancelled, from: 0, to: 1000 })
  await cancelUpload(book, first, { repository, id: cancelled })
  for (const send of [first, second, third]) await verify(book, send, { sessionsMayFallBack: false })
}

async function pushChunksAtOnce([first, second, third]: Sends): Promise<void> {
  const book = newBook({ deletes: true })
  const [repository, blob] = ['chunks', contentOf(randomBytes(1000 * times))]
  const id = await startUpload(book, first, repository, blob)
  const path = `/v2/${repository}/blobs/uploads/${id}`
  for (let from = 0; from < blob.bytes.length; from += 1000) {
    const chunk = { headers: { 'content-range': `${from}-${from + 999}` }, body: blob.bytes.subarray(from, from + 1000) }
    const answers = await Promise.all([first, second].map((send) => send('PATCH', path, chunk)))
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 416])
    expect(offsetOf(await third('GET', path))).toBe(from + 1000)
  }
  await finishUpload(book, third, { repository, id, from: blob.bytes.length })
  await verify(book, first, { sessionsMayFallBack: false })
}

async function pushTagAtOnce(sends: Sends): Promise<void> {
  const [book, layer] = [newBook({ deletes: true }), contentOf(randomBytes(1000))]
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
}

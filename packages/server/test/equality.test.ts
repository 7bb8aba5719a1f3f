import { createHash, randomBytes } from 'node:crypto'
import { type Digest, type DigestAlgorithm, mediaTypes, parseReference } from '@registry/core'
import { createRegistry, type Registry } from '@registry/engine'
import { expect, it } from 'vitest'
import { createServer } from '../src/index.js'
import { type Answer, answersOf, type Questions, questionsAbout } from './support/answers.js'
import { describeEachPair, type Storages } from './support/storages.js'

function digestOf(bytes: Uint8Array, algorithm: DigestAlgorithm = 'sha256'): Digest {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`
}

async function pushBlob(registry: Registry, repository: string, bytes: Uint8Array, algorithm: DigestAlgorithm = 'sha256'): Promise<Digest> {
  const { id } = await registry.uploads.start(repository, { algorithm })
  const digest = digestOf(bytes, algorithm)
  async function* body(): AsyncGenerator<Uint8Array, void> {
    if (bytes.byteLength > 0) yield bytes
  }
  await registry.uploads.finish(repository, id, { digest, body: body() })
  return digest
}

function image(blobs: readonly (readonly [Digest, number])[], more: object = {}, mediaType: string = mediaTypes.imageManifest): Buffer {
  const [config, ...layers] = blobs.map(([digest, size]) => ({ mediaType: 'application/octet-stream', digest, size }))
  return Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, config, layers, ...more }, undefined, 1))
}

function index(manifests: readonly Buffer[]): Buffer {
  const descriptors = manifests.map((manifest) => ({ mediaType: mediaTypes.imageManifest, digest: digestOf(manifest), size: manifest.length }))
  return Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests: descriptors }))
}

/** Fills a registry with some of everything, deletes some of it, and says what can be asked about it. */
async function fill(registry: Registry, tagCount: number): Promise<Questions> {
  const put = async (repository: string, reference: string, manifest: Buffer): Promise<void> => {
    await registry.manifests.push(repository, parseReference(reference), manifest)
  }
  const contents = [Buffer.from('{}'), Buffer.alloc(0), randomBytes(100), randomBytes(3_000_000)]
  const blobs: (readonly [Digest, number])[] = []
  for (const bytes of contents) blobs.push([await pushBlob(registry, 'varied', bytes), bytes.length])
  const long = randomBytes(2000)
  const longBlob = [await pushBlob(registry, 'varied', long, 'sha512'), long.length] as const

  const one = image(blobs)
  const two = image([blobs[0]!, longBlob], { annotations: { 'org.example': 'ä\u{1f600}' } })
  const docker = image(blobs.slice(0, 3), {}, mediaTypes.dockerManifest)
  const large = image(blobs.slice(0, 2), { annotations: { note: 'x'.repeat(3_000_000) } })
  const child = index([one, two])
  const subject = { mediaType: mediaTypes.imageManifest, digest: digestOf(one), size: one.length }
  const referrer = image([blobs[0]!], { subject, artifactType: 'application/vnd.example' })
  const orphan = image([blobs[0]!], { subject: { ...subject, digest: digestOf(Buffer.from('nobody')) } })
  const deleted = image([blobs[0]!], { annotations: { deleted: 'yes' } })
  const again = image([blobs[0]!], { annotations: { deleted: 'and pushed again' } })

  await put('varied', 'one', one)
  await put('varied', digestOf(two, 'sha512'), two)
  await put('varied', digestOf(two), two)
  const odd = ['UPPER', 'upper', '_', '0', 'a.b-c_d', 'A', 'T'.repeat(128), 't'.repeat(128)]
  for (const [n, tag] of odd.entries()) await put('varied', tag, n % 2 ? one : two)
  for (const [tag, manifest] of Object.entries({ docker, large, child, referrer, orphan, deleted, again })) await put('varied', tag, manifest)
  await registry.blobs.mount('nested/in/depth', blobs[0]![0], { from: 'varied' })
  await put('nested/in/depth', 'latest', image([blobs[0]!]))
  await put('nested/in', 'latest', index([]))
  await put('removed', 'latest', index([]))
  const many = Array.from({ length: tagCount }, (_, n) => `tag-${n}`)
  for (const tag of many) await put('many', tag, index([]))

  await registry.manifests.delete('varied', digestOf(deleted))
  await registry.manifests.delete('varied', digestOf(again))
  await put('varied', 'again-2', again)
  await registry.tags.delete('varied', 'UPPER')
  await registry.tags.delete('varied', 'A')
  await put('varied', 'A', one)
  await registry.repositories.delete('removed')
  for (const tag of many.filter((_, n) => n % 10 === 3)) await registry.tags.delete('many', tag)
  await registry.settled()

  const manifests = [one, two, docker, large, child, referrer, orphan, deleted, again].map((manifest) => digestOf(manifest))
  return [
    ...questionsAbout('varied', {
      tags: [...odd, 'one', 'docker', 'large', 'child', 'referrer', 'orphan', 'deleted', 'again', 'again-2'],
      manifests: [...manifests, digestOf(two, 'sha512')],
      blobs: [...blobs.map(([digest]) => digest), longBlob[0], digestOf(Buffer.from('never'))],
    }),
    ...questionsAbout('nested/in/depth', { tags: ['latest'], manifests, blobs: blobs.map(([digest]) => digest) }),
    ...questionsAbout('nested/in', { tags: ['latest'], manifests: [], blobs: [] }),
    ...questionsAbout('removed', { tags: ['latest'], manifests: [digestOf(index([]))], blobs: [] }),
    ...questionsAbout('many', { tags: [...many.slice(0, 20)], manifests: [digestOf(index([]))], blobs: [] }),
    ['GET', '/v2/_catalog'],
    ['GET', '/v2/_catalog?n=1'],
    ...questionsAbout('never', { tags: ['latest'], manifests: [], blobs: [] }),
  ]
}

/** Opens the registry on these storages, serves it, and closes it. */
async function served<Result>(storages: Storages, use: (registry: Registry, url: string) => Promise<Result>): Promise<Result> {
  const failures: unknown[] = []
  await using registry = await createRegistry({ ...(await storages.open()), exclusive: true, onBackgroundError: (error) => failures.push(error) })
  await using server = await createServer(registry)
  const { url } = await server.listen({ port: 0 })
  const result = await use(registry, url)
  if (failures.length > 0) throw new AggregateError(failures, 'background work failed')
  return result
}

describeEachPair('a registry', (pair) => {
  it('whose index was lost gives every answer that it gave before', { timeout: 300_000 }, async () => {
    await using storages = await pair.make()
    const questions: Questions[] = []
    const before = await served(storages, async (registry, url) => {
      questions.push(await fill(registry, Math.min(3000, pair.many)))
      return answersOf(url, questions[0]!)
    })
    const found = Object.values(before).map(({ status }: Answer) => status)
    expect([found.filter((status) => status === 200).length > 100, found.includes(404)]).toEqual([true, true])
    // And once more, since a rebuild must leave what the next one needs.
    for (let times = 0; times < 2; times++) {
      await storages.loseIndex()
      await served(storages, async (registry, url) => {
        const { problemCount } = await registry.rebuild!.report
        expect(problemCount).toBe(0)
        expect(await answersOf(url, questions[0]!)).toEqual(before)
        expect((await registry.repositories.list({ limit: 10 })).repositories).toEqual(['many', 'nested/in', 'nested/in/depth', 'varied'])
      })
    }
  })
})

import { createHash } from 'node:crypto'
import { type Digest, parseDigest, RegistryError } from '@registry/core'
import type { Registry } from '../../../src/index.js'
import { collect } from '../../support/images.js'
import type { Stage } from './stage.js'

const repositories = ['a', 'b', 'c']
const limit = 100

/** Everything that clients can see of these repositories, their blobs of these digests, and the sessions: with every byte read. */
export async function visible({ bench: { registry }, sessions }: Stage, digests: readonly Digest[]): Promise<object> {
  const list = (await registry.repositories.list({ limit })).repositories
  const contents = await Promise.all(repositories.map(async (repository) => [repository, await contentsOf(registry, repository, digests)] as const))
  const offsets = await Promise.all([...sessions].map(async ([name, id]) => [name, await offsetOf(registry, id)] as const))
  return { list, contents: Object.fromEntries(contents), sessions: Object.fromEntries(offsets) }
}

async function contentsOf(registry: Registry, repository: string, digests: readonly Digest[]): Promise<object> {
  const tags = await orCode(registry.tags.list(repository, { limit }).then((page) => page.tags))
  const tagged = Array.isArray(tags) ? await Promise.all((tags as readonly string[]).map(async (tag) => [tag, await manifestAt(registry, repository, { kind: 'tag', tag })])) : tags
  const manifests = await orCode(registry.manifests.list(repository, { limit }).then((page) => page.manifests))
  const texts = Array.isArray(manifests)
    ? await Promise.all((manifests as readonly { digest: Digest }[]).map(({ digest }) => manifestAt(registry, repository, { kind: 'digest', digest })))
    : manifests
  const blobs = await Promise.all(digests.map(async (digest) => [digest, await orCode(digestRead(registry, repository, digest))]))
  return { tags: tagged, manifests: texts, blobs: Object.fromEntries(blobs) as object }
}

async function manifestAt(registry: Registry, repository: string, reference: Parameters<Registry['manifests']['get']>[1]): Promise<unknown> {
  return orCode(registry.manifests.get(repository, reference).then(({ bytes }) => sha256(bytes)))
}

/** Of the bytes as they come. */
export async function digestRead(registry: Registry, repository: string, digest: Digest): Promise<Digest> {
  await using blob = await registry.blobs.open(repository, digest)
  return sha256(await collect(blob.body))
}

async function offsetOf(registry: Registry, id: string): Promise<unknown> {
  for (const repository of repositories) {
    const found = await orCode(registry.uploads.status(repository, id))
    if (found !== 'BLOB_UPLOAD_UNKNOWN') return (found as { offset: number }).offset
  }
  return 'none'
}

async function orCode(promise: Promise<unknown>): Promise<unknown> {
  try {
    return await promise
  } catch (error) {
    if (RegistryError.is(error)) return error.code
    throw error
  }
}

function sha256(bytes: Uint8Array): Digest {
  return parseDigest(`sha256:${createHash('sha256').update(bytes).digest('hex')}`)
}

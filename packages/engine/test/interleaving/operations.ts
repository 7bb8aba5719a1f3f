import { type ErrorCode, RegistryError } from '@registry/core'
import { body, digestOf, readBlob } from '../support/images.js'
import { type Image, imageWith } from './content.js'
import type { Registry } from '../../src/index.js'

/** What a client asks of a registry. A blob is told by its content. */
export type Operation =
  | { readonly kind: 'push blob'; readonly repository: string; readonly blob: string; readonly chunks: readonly string[] }
  | { readonly kind: 'close'; readonly repository: string; readonly blob: string; readonly upload: string; readonly rest: string }
  | { readonly kind: 'mount'; readonly repository: string; readonly blob: string; readonly from: string }
  | { readonly kind: 'push'; readonly repository: string; readonly image: Image; readonly tag?: string }
  | { readonly kind: 'delete tag'; readonly repository: string; readonly tag: string }
  | { readonly kind: 'delete manifest'; readonly repository: string; readonly image: Image }
  | { readonly kind: 'delete blob'; readonly repository: string; readonly blob: string }
  | { readonly kind: 'delete repository'; readonly repository: string }
  | { readonly kind: 'read tag'; readonly repository: string; readonly tag: string }
  | { readonly kind: 'read manifest'; readonly repository: string; readonly image: Image }
  | { readonly kind: 'read blob'; readonly repository: string; readonly blob: string }

/** What the client was told: that it is done, and what was found; why it is not; or nothing certain. */
export type Outcome =
  | { readonly state: 'done'; readonly found?: string }
  | { readonly state: 'refused'; readonly code: ErrorCode }
  | { readonly state: 'unknown' }

/** What clients reach of a registry. */
export type Rooms = Pick<Registry, 'uploads' | 'blobs' | 'manifests' | 'tags' | 'repositories'>

/** A text for traces and messages. */
export function told(operation: Operation): string {
  const { kind, repository } = operation
  const about = 'image' in operation ? operation.image.name : 'blob' in operation ? operation.blob : ''
  const name = 'tag' in operation ? operation.tag : undefined
  const tag = name === undefined ? '' : `:${name}`
  return `${kind} ${repository}${tag} ${about}`.trimEnd()
}

/** The blobs that stay for a while when this is answered. */
export function blobsPromised(operation: Operation): readonly string[] {
  if (operation.kind === 'push') return operation.image.blobs
  return 'blob' in operation && operation.kind !== 'delete blob' ? [operation.blob] : []
}

/** @param sent - resolves when the client has sent the next chunk of a body */
export async function perform(rooms: Rooms, operation: Operation, sent: () => Promise<void>): Promise<Outcome> {
  try {
    const found = await request(rooms, operation, sent)
    return { state: 'done', ...(found !== undefined && { found }) }
  } catch (error) {
    if (!RegistryError.is(error)) throw error
    const { code } = error
    return uncertain.includes(code) ? { state: 'unknown' } : { state: 'refused', code }
  }
}

/** A client that is told this knows nothing of what became of its request. */
const uncertain: readonly ErrorCode[] = ['UNAVAILABLE']

async function request(rooms: Rooms, operation: Operation, sent: () => Promise<void>): Promise<string | undefined> {
  const { repository } = operation
  switch (operation.kind) {
    case 'push blob':
      await pushBlob(rooms, operation, sent)
      return undefined
    case 'close':
      await rooms.uploads.finish(repository, operation.upload, { digest: digestOf(operation.blob), body: body(operation.rest) })
      return undefined
    case 'mount':
      await rooms.blobs.mount(repository, digestOf(operation.blob), { from: operation.from })
      return undefined
    case 'push': {
      const { image, tag } = operation
      await rooms.manifests.push(repository, tag === undefined ? { kind: 'digest', digest: image.digest } : { kind: 'tag', tag }, image.bytes)
      return undefined
    }
    case 'delete tag':
      await rooms.tags.delete(repository, operation.tag)
      return undefined
    case 'delete manifest':
      await rooms.manifests.delete(repository, operation.image.digest)
      return undefined
    case 'delete blob':
      await rooms.blobs.delete(repository, digestOf(operation.blob))
      return undefined
    case 'delete repository':
      await rooms.repositories.delete(repository)
      return undefined
    case 'read tag': {
      const found = await rooms.manifests.get(repository, { kind: 'tag', tag: operation.tag })
      return nameOf(found.bytes, found.digest)
    }
    case 'read manifest': {
      const found = await rooms.manifests.get(repository, { kind: 'digest', digest: operation.image.digest })
      return nameOf(found.bytes, found.digest)
    }
    case 'read blob':
      return readBlob(rooms, repository, digestOf(operation.blob))
  }
}

/** As docker does: all bytes in `PATCH`es, and an empty `PUT`. A body of more chunks than one is sent chunk by chunk. */
async function pushBlob({ uploads }: Rooms, { repository, blob, chunks }: Operation & { readonly kind: 'push blob' }, sent: () => Promise<void>): Promise<void> {
  const { id } = await uploads.start(repository)
  const [first = '', ...rest] = chunks
  await uploads.append(repository, id, body(first))
  await uploads.finish(repository, id, { digest: digestOf(blob), body: slowly(rest, sent) })
}

async function* slowly(chunks: readonly string[], sent: () => Promise<void>): AsyncGenerator<Uint8Array, void> {
  for (const chunk of chunks) {
    await sent()
    yield Buffer.from(chunk)
  }
}

function nameOf(bytes: Uint8Array, digest: string): string {
  const image = imageWith(digest)
  return image && image.bytes.equals(bytes) ? image.name : `${bytes.byteLength} other bytes under ${digest}`
}

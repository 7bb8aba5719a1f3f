import type { Book } from './book.js'
import type { ManifestContent } from './content.js'
import { absent, present } from './ledger.js'
import type { Send } from './send.js'
import { thing } from './things.js'

/** Pushes a manifest whose blobs are there, by its digest or under a tag. */
export async function pushManifest(book: Book, send: Send, repository: string, manifest: ManifestContent, tag?: string): Promise<void> {
  const { digest, bytes, mediaType } = manifest
  book.manifests.set(digest, manifest)
  const effects = [
    { thing: thing('manifest', repository, digest), state: present },
    ...(tag === undefined ? [] : [{ thing: thing('tag', repository, tag), state: digest }]),
  ]
  const path = `/v2/${repository}/manifests/${tag ?? digest}`
  await book.attempt(send, { method: 'PUT', path, headers: { 'content-type': mediaType }, body: bytes, effects, done: 201 })
}

export async function deleteTag(book: Book, send: Send, repository: string, tag: string): Promise<void> {
  const effects = [{ thing: thing('tag', repository, tag), state: absent }]
  await book.attempt(send, { method: 'DELETE', path: `/v2/${repository}/manifests/${tag}`, effects, done: 202, refused: [404] })
}

/** Deletes a manifest, and every tag with it that leads there. */
export async function deleteManifest(book: Book, send: Send, repository: string, digest: string): Promise<void> {
  const tags = book.ledger.things.filter((each) => each.startsWith(`tag ${repository} `) && book.ledger.possible(each).has(digest))
  const effects = [
    { thing: thing('manifest', repository, digest), state: absent },
    ...tags.map((tag) => ({ thing: tag, state: absent, only: digest })),
  ]
  await book.attempt(send, { method: 'DELETE', path: `/v2/${repository}/manifests/${digest}`, effects, done: 202, refused: [404] })
}

/** Deletes a blob of a repository, which is refused where a manifest there needs it. */
export async function deleteBlob(book: Book, send: Send, repository: string, digest: string): Promise<void> {
  const effects = [{ thing: thing('blob', repository, digest), state: absent }]
  await book.attempt(send, { method: 'DELETE', path: `/v2/${repository}/blobs/${digest}`, effects, done: 202, refused: [404, 405] })
}

import type { Book } from './book.js'
import type { Content } from './content.js'
import { absent, present } from './ledger.js'
import { headerOf, type Send } from './send.js'
import { thing } from './things.js'

export type PushStyle = 'docker' | 'chunked' | 'monolithic' | 'put'
export const pushStyles: readonly PushStyle[] = ['docker', 'chunked', 'monolithic', 'put']

export interface BlobPush {
  readonly repository: string
  readonly blob: Content
  /** How many chunks, where it is chunked. */
  readonly chunks?: number
}

/** Pushes a blob in one of the ways that the specification has. */
export async function pushBlob(book: Book, send: Send, style: PushStyle, { repository, blob, chunks = 3 }: BlobPush): Promise<void> {
  book.blobs.set(blob.digest, blob)
  if (style === 'monolithic') {
    const effects = [{ thing: thing('blob', repository, blob.digest), state: present }]
    await book.attempt(send, { method: 'POST', path: `/v2/${repository}/blobs/uploads/?digest=${blob.digest}`, body: blob.bytes, effects, done: 201 })
    return
  }
  const id = await startUpload(book, send, repository, blob)
  if (style === 'put') {
    await finishUpload(book, send, { repository, id, from: 0 })
  } else if (style === 'docker') {
    await appendUpload(book, send, { repository, id, from: 0, to: blob.bytes.length, streamed: true })
    await finishUpload(book, send, { repository, id, from: blob.bytes.length })
  } else {
    const size = Math.ceil(blob.bytes.length / chunks)
    // The last chunk comes with the PUT.
    for (let n = 0; n + 1 < chunks; n++) await appendUpload(book, send, { repository, id, from: n * size, to: (n + 1) * size })
    await finishUpload(book, send, { repository, id, from: (chunks - 1) * size })
  }
}

export interface Mount {
  readonly repository: string
  readonly digest: string
  /** The repository that has the blob. */
  readonly from: string
}

/** Takes a blob that is there in another repository. */
export async function mountBlob(book: Book, send: Send, { repository, digest, from }: Mount): Promise<void> {
  const path = `/v2/${repository}/blobs/uploads/?mount=${digest}&from=${from}`
  await book.attempt(send, { method: 'POST', path, effects: [{ thing: thing('blob', repository, digest), state: present }], done: 201 })
}

/** @returns the id of the session */
export async function startUpload(book: Book, send: Send, repository: string, blob: Content): Promise<string> {
  let id = ''
  const learn = (answer: Parameters<typeof headerOf>[0]): [{ thing: string; state: string }] => {
    id = headerOf(answer, 'docker-upload-uuid')
    const session = thing('session', repository, id)
    book.sessions.set(session, blob)
    book.blobs.set(blob.digest, blob)
    return [{ thing: session, state: '0' }]
  }
  await book.attempt(send, { method: 'POST', path: `/v2/${repository}/blobs/uploads/`, effects: [], learn, done: 202 })
  return id
}

export interface SessionBytes {
  readonly repository: string
  readonly id: string
  readonly from: number
}

export interface Append extends SessionBytes {
  readonly to: number
  /** Without their place, as docker sends them. */
  readonly streamed?: boolean
}

/** Appends bytes of the session's blob. */
export async function appendUpload(book: Book, send: Send, { repository, id, from, to, streamed = false }: Append): Promise<void> {
  const session = thing('session', repository, id)
  const body = book.sessions.get(session)!.bytes.subarray(from, to)
  const headers = { 'content-type': 'application/octet-stream', ...(!streamed && { 'content-range': `${from}-${to - 1}` }) }
  const effects = [{ thing: session, state: String(to) }]
  await book.attempt(send, { method: 'PATCH', path: `/v2/${repository}/blobs/uploads/${id}`, headers, body, effects, done: 202 })
}

/** Closes a session with the rest of its blob. */
export async function finishUpload(book: Book, send: Send, { repository, id, from }: SessionBytes): Promise<void> {
  const session = thing('session', repository, id)
  const { bytes, digest } = book.sessions.get(session)!
  const effects = [
    { thing: session, state: absent },
    { thing: thing('blob', repository, digest), state: present },
  ]
  const path = `/v2/${repository}/blobs/uploads/${id}?digest=${digest}`
  await book.attempt(send, { method: 'PUT', path, body: bytes.subarray(from), effects, done: 201 })
}

/** Ends a session; its bytes go. */
export async function cancelUpload(book: Book, send: Send, { repository, id }: { readonly repository: string; readonly id: string }): Promise<void> {
  const effects = [{ thing: thing('session', repository, id), state: absent }]
  await book.attempt(send, { method: 'DELETE', path: `/v2/${repository}/blobs/uploads/${id}`, effects, done: 204 })
}


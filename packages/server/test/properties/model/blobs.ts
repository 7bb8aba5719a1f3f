import type { Endpoint } from './endpoint.js'
import type { Expected, Request } from './exchange.js'
import { decoded, isDigest } from './grammar.js'
import { answered, refused } from './replies.js'
import { repositoryOf, type State, withRepository } from './state.js'

export function blobAnswer(state: State, { name, last }: Endpoint, request: Request): Expected {
  const digest = decoded(last)
  if (!isDigest(digest)) return refused(state, 400, 'DIGEST_INVALID')
  const { blobs } = repositoryOf(state, name)
  const bytes = state.contents.get(digest)
  if (!blobs.has(digest) || bytes === undefined) return refused(state, 404, 'BLOB_UNKNOWN')
  if (request.method === 'DELETE') return deleted(state, name, digest)
  return served(state, digest, bytes, request)
}

function deleted(state: State, name: string, digest: string): Expected {
  const { blobs, manifests } = repositoryOf(state, name)
  const users = [...manifests].filter(([, { facts }]) => facts.blobs.includes(digest)).map(([user]) => user)
  if (users.length > 0) return refused(state, 405, 'UNSUPPORTED', { errors: [{ code: 'UNSUPPORTED', names: users }] })
  const left = new Set([...blobs].filter((blob) => blob !== digest))
  return answered(state, 202, {}, { next: () => withRepository(state, name, { blobs: left }) })
}

function served(state: State, digest: string, bytes: Buffer, { method, headers }: Request): Expected {
  const etag = `"${digest}"`
  const common = {
    'content-type': 'application/octet-stream',
    'docker-content-digest': digest,
    'accept-ranges': 'bytes',
    'content-disposition': 'attachment',
    etag,
  }
  if (isNamed(headers['if-none-match'], etag)) return answered(state, 304, common)
  if (method === 'HEAD') return answered(state, 200, { ...common, 'content-length': String(bytes.length) }, { body: bytes })
  const range = (headers['if-range'] ?? etag) === etag ? rangeOf(headers['range'], bytes.length) : undefined
  if (range === 'none') return refused(state, 416, 'SIZE_INVALID', { headers: { 'content-range': `bytes */${bytes.length}` } })
  const [first, last] = range ?? [0, bytes.length - 1]
  const part = bytes.subarray(first, last + 1)
  const length = { 'content-length': String(part.length) }
  if (!range) return answered(state, 200, { ...common, ...length }, { body: part })
  return answered(state, 206, { ...common, ...length, 'content-range': `bytes ${first}-${last}/${bytes.length}` }, { body: part })
}

/** Whether `If-None-Match` names the tag. */
export function isNamed(header: string | undefined, etag: string): boolean {
  return (header ?? '').split(',').some((text) => ['*', etag, `W/${etag}`].includes(text.trim()))
}

/** First and last byte of what is asked for; `none` where no byte lies in it. */
function rangeOf(header: string | undefined, size: number): readonly [first: number, last: number] | 'none' | undefined {
  const suffix = /^bytes=-(\d+)$/.exec(header ?? '')
  const from = /^bytes=(\d+)-(\d*)$/.exec(header ?? '')
  if (!suffix && !from) return undefined
  const first = suffix ? Math.max(0, size - Number(suffix[1])) : Number(from?.[1])
  const last = from?.[2] ? Math.min(size - 1, Number(from[2])) : size - 1
  return first <= last ? [first, last] : 'none'
}

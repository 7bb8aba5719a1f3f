import { createHash } from 'node:crypto'
import type { Answer } from './answer.js'
import type { S3Request } from './parse-request.js'
import { parseRange } from './range.js'
import type { StoredBody } from './request-body.js'
import { S3Error } from './s3-error.js'
import { contentsOf, element, text, textOf, xmlAnswer } from './xml.js'

export interface StoredObject {
  readonly size: number
  /** With its quotes. */
  readonly etag: string
  readonly modified: Date
  /** What the client said about it, which comes back with it. */
  readonly headers: Readonly<Record<string, string>>
  readonly checksums: Readonly<Record<string, string>>
  /** Absent where they were discarded. */
  readonly pieces?: readonly Buffer[]
}

/** The objects of the bucket. */
export class Objects {
  readonly #objects = new Map<string, StoredObject>()
  #keys: readonly string[] | undefined

  /** Ascending by the bytes of UTF-8. */
  keys(): readonly string[] {
    this.#keys ??= [...this.#objects.keys()].map((key) => Buffer.from(key)).sort((a, b) => Buffer.compare(a, b)).map(String)
    return this.#keys
  }

  find(key: string): StoredObject | undefined {
    return this.#objects.get(key)
  }

  get(key: string): StoredObject {
    const found = this.#objects.get(key)
    if (!found) throw new S3Error('NoSuchKey', 'The specified key does not exist.')
    return found
  }

  set(key: string, object: StoredObject): void {
    if (!this.#objects.has(key)) this.#keys = undefined
    this.#objects.set(key, object)
  }

  delete(key: string): void {
    if (this.#objects.delete(key)) this.#keys = undefined
  }
}

/** An object of these bytes, that no request made. */
export function wholeObject(bytes: Uint8Array, modified: Date): StoredObject {
  const etag = `"${createHash('md5').update(bytes).digest('hex')}"`
  return { size: bytes.byteLength, etag, modified, headers: {}, checksums: {}, pieces: [Buffer.from(bytes)] }
}

/** Of a request that makes an object. */
export function describedHeaders({ headers }: S3Request): Readonly<Record<string, string>> {
  const kept = /^(content-type|cache-control|content-disposition|x-amz-meta-.+|x-amz-storage-class|x-amz-server-side-encryption.*)$/
  return Object.fromEntries(Object.entries(headers).filter(([name]) => kept.test(name)))
}

/** Refuses to overwrite an object against the conditions of the request. */
export function checkWriteConditions({ headers, key }: S3Request, objects: Objects): void {
  const existing = objects.find(key)
  if (headers['if-none-match'] === '*' && existing) {
    throw new S3Error('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold')
  }
  if (headers['if-match'] === undefined) return
  if (objects.get(key).etag !== headers['if-match']) throw new S3Error('PreconditionFailed')
}

export function putObject(request: S3Request, body: StoredBody, objects: Objects, modified: Date): Answer {
  if (body.size > 5 * 1024 ** 3) throw new S3Error('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size')
  checkWriteConditions(request, objects)
  const { size, checksums, pieces } = body
  const etag = `"${body.md5}"`
  objects.set(request.key, { size, etag, modified, headers: describedHeaders(request), checksums, ...(pieces && { pieces }) })
  return { status: 200, headers: { etag, ...checksums, ...encryptionOf(describedHeaders(request)) } }
}

/** Of HeadObject too, which leaves the body out. */
export function getObject({ method, key, query, headers }: S3Request, objects: Objects): Answer {
  const { size, etag, modified, headers: described, checksums, pieces } = objects.get(key)
  if (headers['if-match'] !== undefined && headers['if-match'] !== etag) throw new S3Error('PreconditionFailed')
  if (headers['if-none-match'] === etag) throw new S3Error('NotModified')
  const range = parseRange(headers['range'], size)
  const { start, end } = range ?? { start: 0, end: size }
  const overridden = [...query].filter(([name]) => name.startsWith('response-')).map(([name, value]) => [name.slice('response-'.length), value])
  const answer = {
    status: range ? 206 : 200,
    headers: {
      'accept-ranges': 'bytes',
      'content-type': 'binary/octet-stream',
      ...described,
      ...(headers['x-amz-checksum-mode'] === 'ENABLED' && !range && checksums),
      ...(Object.fromEntries(overridden) as Record<string, string>),
      etag,
      'last-modified': modified.toUTCString(),
      'content-length': String(end - start),
      ...(range && { 'content-range': `bytes ${start}-${end - 1}/${size}` }),
    },
  }
  if (method === 'HEAD') return answer
  if (!pieces) throw new S3Error('InternalError', 'the bytes of this object were discarded')
  return { ...answer, body: slices(pieces, start, end) }
}

export function deleteObjects(body: StoredBody, objects: Objects): Answer {
  if (Object.keys(body.checksums).length === 0) throw new S3Error('InvalidRequest', 'Missing required header for this request: Content-MD5')
  const xml = Buffer.concat(body.pieces ?? []).toString()
  const keys = contentsOf(xml, 'Object').map((object) => textOf(object, 'Key') ?? '')
  if (keys.length === 0 || keys.length > 1000) throw new S3Error('MalformedXML', 'The XML you provided was not well-formed')
  for (const key of keys) objects.delete(key)
  const deleted = textOf(xml, 'Quiet') === 'true' ? [] : keys.map((key) => element('Deleted', text('Key', key)))
  return xmlAnswer(element('DeleteResult', ...deleted))
}

export function encryptionOf(described: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(described).filter(([name]) => name.startsWith('x-amz-server-side-encryption')))
}

function slices(pieces: readonly Buffer[], start: number, end: number): readonly Buffer[] {
  const found: Buffer[] = []
  let offset = 0
  for (const piece of pieces) {
    const slice = piece.subarray(Math.max(start - offset, 0), Math.max(end - offset, 0))
    if (slice.length > 0) found.push(slice)
    offset += piece.length
  }
  return found
}

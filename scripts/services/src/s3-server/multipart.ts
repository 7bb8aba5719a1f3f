import { createHash, randomUUID } from 'node:crypto'
import type { Answer } from './answer.js'
import { encoderOf, pageSize } from './list-objects.js'
import { checkWriteConditions, describedHeaders, encryptionOf, type Objects } from './objects.js'
import type { S3Request } from './parse-request.js'
import type { StoredBody } from './request-body.js'
import { S3Error } from './s3-error.js'
import { contentsOf, element, text, textOf, xmlAnswer } from './xml.js'

const smallestPart = 5 * 1024 * 1024

/** A multipart upload that is neither completed nor aborted. */
export interface OpenUpload {
  readonly key: string
  readonly uploadId: string
  readonly initiated: Date
  /** The sizes of its parts, by their numbers. */
  readonly parts: Readonly<Record<number, number>>
}

interface Upload {
  readonly key: string
  readonly uploadId: string
  initiated: Date
  readonly headers: Readonly<Record<string, string>>
  /** The kind of checksum that its parts carry, in lower case; none where it was not announced. */
  readonly checksum: string | undefined
  readonly parts: Map<number, StoredBody>
}

/** The multipart uploads of the bucket. */
export class Uploads {
  readonly #open = new Map<string, Upload>()
  readonly #objects: Objects

  constructor(objects: Objects) {
    this.#objects = objects
  }

  /** By key, then by when they were initiated. */
  list(): readonly OpenUpload[] {
    const byKey = [...this.#open.values()].sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)))
    return byKey.map(({ key, uploadId, initiated, parts }) => ({
      key,
      uploadId,
      initiated,
      parts: Object.fromEntries([...parts].map(([number, { size }]) => [number, size])),
    }))
  }

  /** Makes every open one this much older. */
  age(milliseconds: number): void {
    for (const upload of this.#open.values()) upload.initiated = new Date(upload.initiated.getTime() - milliseconds)
  }

  create(request: S3Request, initiated: Date): Answer {
    const { bucket, key } = request
    const headers = describedHeaders(request)
    const uploadId = randomUUID()
    const checksum = request.headers['x-amz-checksum-algorithm']?.toLowerCase()
    this.#open.set(uploadId, { key, uploadId, initiated, headers, checksum, parts: new Map() })
    const xml = element('InitiateMultipartUploadResult', text('Bucket', bucket), text('Key', key), text('UploadId', uploadId))
    return xmlAnswer(xml, { headers: encryptionOf(headers) })
  }

  uploadPart(request: S3Request, body: StoredBody): Answer {
    const { parts, checksum } = this.#find(request)
    const number = Number(request.query.get('partNumber'))
    if (!Number.isInteger(number) || number < 1 || number > 10_000) throw new S3Error('InvalidArgument', 'Part number must be from 1 to 10000')
    if (body.size > 5 * 1024 ** 3) throw new S3Error('EntityTooLarge')
    const other = Object.keys(request.headers).find((name) => /^x-amz-checksum-(?:crc|sha)/.test(name) && name !== `x-amz-checksum-${checksum ?? 'null'}`)
    if (other !== undefined) throw new S3Error('InvalidRequest', `Checksum Type mismatch occurred, expected checksum Type: ${checksum ?? 'null'}, actual: ${other}`)
    // Equal parts are kept once: an object of gibibytes that repeats itself fits in memory.
    const equal = [...parts.values()].find(({ md5, size }) => md5 === body.md5 && size === body.size)
    parts.set(number, { ...body, ...(equal?.pieces && { pieces: equal.pieces }) })
    return { status: 200, headers: { etag: `"${body.md5}"`, ...body.checksums } }
  }

  complete(request: S3Request, body: StoredBody, modified: Date): Answer {
    const upload = this.#find(request)
    const parts = this.#chosenParts(upload, Buffer.concat(body.pieces ?? []).toString())
    checkWriteConditions(request, this.#objects)
    const size = parts.reduce((sum, part) => sum + part.size, 0)
    const hash = createHash('md5').update(Buffer.concat(parts.map(({ md5 }) => Buffer.from(md5, 'hex'))))
    const etag = `"${hash.digest('hex')}-${parts.length}"`
    const isWhole = parts.every(({ pieces }) => pieces)
    const pieces = parts.flatMap((part) => part.pieces ?? [])
    this.#objects.set(upload.key, { size, etag, modified, headers: upload.headers, checksums: {}, ...(isWhole && { pieces }) })
    this.#open.delete(upload.uploadId)
    const xml = element('CompleteMultipartUploadResult', text('Bucket', request.bucket), text('Key', upload.key), text('ETag', etag))
    return xmlAnswer(xml, { headers: encryptionOf(upload.headers) })
  }

  abort(request: S3Request): Answer {
    this.#open.delete(this.#find(request).uploadId)
    return { status: 204 }
  }

  listParts(request: S3Request): Answer {
    const { parts } = this.#find(request)
    const sorted = [...parts].sort(([a], [b]) => a - b)
    const elements = sorted.map(([number, { size, md5 }]) =>
      element('Part', text('PartNumber', number), text('Size', size), text('ETag', `"${md5}"`)),
    )
    return xmlAnswer(element('ListPartsResult', text('IsTruncated', false), ...elements))
  }

  listUploads({ bucket, query }: S3Request): Answer {
    const prefix = query.get('prefix') ?? ''
    const encode = encoderOf(query)
    const matching = this.list().filter(({ key }) => key.startsWith(prefix))
    const first = this.#firstAfter(matching, query)
    const limit = pageSize(query.get('max-uploads'))
    const page = matching.slice(first, first + limit)
    const isTruncated = matching.length > first + page.length
    const last = page.at(-1)
    return xmlAnswer(
      element(
        'ListMultipartUploadsResult',
        text('Bucket', bucket),
        text('IsTruncated', isTruncated),
        ...(query.has('encoding-type') ? [text('EncodingType', 'url')] : []),
        ...(isTruncated && last ? [text('NextKeyMarker', encode(last.key)), text('NextUploadIdMarker', last.uploadId)] : []),
        ...page.map(({ key, uploadId, initiated }) =>
          element('Upload', text('Key', encode(key)), text('UploadId', uploadId), text('Initiated', initiated.toISOString())),
        ),
      ),
    )
  }

  #find({ key, query }: S3Request): Upload {
    const upload = this.#open.get(query.get('uploadId') ?? '')
    if (upload?.key !== key) throw new S3Error('NoSuchUpload', 'The specified multipart upload does not exist.')
    return upload
  }

  #chosenParts({ parts }: Upload, xml: string): readonly StoredBody[] {
    const chosen = contentsOf(xml, 'Part').map((part) => ({ number: Number(textOf(part, 'PartNumber')), etag: textOf(part, 'ETag') ?? '' }))
    if (chosen.length === 0) throw new S3Error('MalformedXML', 'You must specify at least one part')
    if (chosen.some(({ number }, at) => at > 0 && number <= chosen[at - 1]!.number)) throw new S3Error('InvalidPartOrder')
    return chosen.map(({ number, etag }, at) => {
      const part = parts.get(number)
      if (part?.md5 !== etag.replaceAll('"', '')) throw new S3Error('InvalidPart', `part ${number} was not uploaded, or has another etag`)
      if (part.size < smallestPart && at < chosen.length - 1) throw new S3Error('EntityTooSmall', `part ${number} has ${part.size} bytes`)
      return part
    })
  }

  #firstAfter(matching: readonly OpenUpload[], query: URLSearchParams): number {
    const keyMarker = query.get('key-marker')
    if (keyMarker === null) return 0
    const at = matching.findIndex(({ key, uploadId }) => key === keyMarker && uploadId === query.get('upload-id-marker'))
    if (at >= 0) return at + 1
    const later = matching.findIndex(({ key }) => Buffer.compare(Buffer.from(key), Buffer.from(keyMarker)) > 0)
    return later < 0 ? matching.length : later
  }
}

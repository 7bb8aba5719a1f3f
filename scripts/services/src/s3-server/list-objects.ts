import type { Answer } from './answer.js'
import type { Objects } from './objects.js'
import type { S3Request } from './parse-request.js'
import { S3Error } from './s3-error.js'
import { element, text, xmlAnswer } from './xml.js'

/** At most 1000 keys, after `start-after` or a continuation token, which is the last key of the page before it. */
export function listObjects({ bucket, query }: S3Request, objects: Objects): Answer {
  if (query.has('delimiter')) throw new S3Error('NotImplemented', 'this server knows no delimiter')
  const prefix = query.get('prefix') ?? ''
  const token = query.get('continuation-token')
  const after = Buffer.from(token === null ? (query.get('start-after') ?? '') : Buffer.from(token, 'base64url'))
  const limit = pageSize(query.get('max-keys'))
  const encode = encoderOf(query)
  const matching = objects.keys().filter((key) => key.startsWith(prefix) && Buffer.compare(Buffer.from(key), after) > 0)
  const page = matching.slice(0, limit)
  const isTruncated = matching.length > page.length && limit > 0
  return xmlAnswer(
    element(
      'ListBucketResult',
      text('Name', bucket),
      text('Prefix', encode(prefix)),
      text('KeyCount', page.length),
      text('MaxKeys', limit),
      text('IsTruncated', isTruncated),
      ...(query.has('encoding-type') ? [text('EncodingType', 'url')] : []),
      ...(isTruncated ? [text('NextContinuationToken', Buffer.from(page.at(-1)!).toString('base64url'))] : []),
      ...page.map((key) => {
        const { size, etag, modified } = objects.get(key)
        const facts = [text('Size', size), text('ETag', etag), text('LastModified', modified.toISOString()), text('StorageClass', 'STANDARD')]
        return element('Contents', text('Key', encode(key)), ...facts)
      }),
    ),
  )
}

export function pageSize(asked: string | null): number {
  const size = Number(asked ?? 1000)
  if (!Number.isInteger(size) || size < 0) throw new S3Error('InvalidArgument', 'a page must have a size')
  return Math.min(size, 1000)
}

/** How the client wants keys in XML. */
export function encoderOf(query: URLSearchParams): (key: string) => string {
  return query.get('encoding-type') === 'url' ? (key) => encodeURIComponent(key).replaceAll('%2F', '/') : (key) => key
}

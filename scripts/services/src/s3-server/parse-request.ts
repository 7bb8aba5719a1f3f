import type { IncomingMessage } from 'node:http'

export type Operation =
  | 'AbortMultipartUpload'
  | 'CompleteMultipartUpload'
  | 'CreateMultipartUpload'
  | 'DeleteObject'
  | 'DeleteObjects'
  | 'GetObject'
  | 'HeadBucket'
  | 'HeadObject'
  | 'ListMultipartUploads'
  | 'ListObjectsV2'
  | 'ListParts'
  | 'PutObject'
  | 'UploadPart'
  | 'Unknown'

export interface S3Request {
  readonly method: string
  readonly operation: Operation
  /** As it was sent, still encoded. */
  readonly path: string
  readonly bucket: string
  readonly key: string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string>>
  readonly incoming: IncomingMessage
}

/** Takes a request of path style, without its body. */
export function parseRequest(incoming: IncomingMessage): S3Request {
  const [path = '/', search = ''] = (incoming.url ?? '/').split(/\?(.*)/s)
  // A plus is a plus in a query of S3, where URLSearchParams takes it for a space.
  const query = new URLSearchParams(search.replaceAll('+', '%2B'))
  const [bucket = '', ...key] = path.slice(1).split('/').map(decodeURIComponent)
  const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, [value].flat().join(',')]))
  const request = { method: incoming.method ?? '', path, bucket, key: key.join('/'), query, headers, incoming }
  return { ...request, operation: operationOf(request) }
}

function operationOf({ method, key, query }: Pick<S3Request, 'method' | 'key' | 'query'>): Operation {
  return (key === '' ? bucketOperation(method, query) : objectOperation(method, query)) ?? 'Unknown'
}

function bucketOperation(method: string, query: URLSearchParams): Operation | undefined {
  if (method === 'HEAD') return 'HeadBucket'
  if (method === 'POST' && query.has('delete')) return 'DeleteObjects'
  if (method === 'GET' && query.has('uploads')) return 'ListMultipartUploads'
  return method === 'GET' && query.get('list-type') === '2' ? 'ListObjectsV2' : undefined
}

function objectOperation(method: string, query: URLSearchParams): Operation | undefined {
  if (query.has('uploads')) return method === 'POST' ? 'CreateMultipartUpload' : undefined
  const ofUpload = { GET: 'ListParts', PUT: 'UploadPart', POST: 'CompleteMultipartUpload', DELETE: 'AbortMultipartUpload' } as const
  const ofObject = { GET: 'GetObject', PUT: 'PutObject', HEAD: 'HeadObject', DELETE: 'DeleteObject' } as const
  const byMethod: Partial<Record<string, Operation>> = query.has('uploadId') ? ofUpload : ofObject
  return byMethod[method]
}

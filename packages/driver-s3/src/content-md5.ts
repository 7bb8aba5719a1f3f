import { createHash } from 'node:crypto'
import type { S3Client } from '@aws-sdk/client-s3'

/** A request of the SDK, as far as it matters here. */
interface Request {
  headers: Record<string, string>
  readonly body?: unknown
}

/**
 * Gives the deletion of many objects the checksum that every store knows. It has to have one, and the SDK's own is newer than many stores:
 * Alibaba OSS and older Ceph and MinIO insist on `Content-MD5`, and AWS takes it as well.
 */
export function withContentMd5(client: S3Client): S3Client {
  client.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        if (commandName === 'DeleteObjectsCommand') replaceChecksum(args.request as Request)
        return next(args)
      },
    { step: 'build', priority: 'low', name: 'contentMd5' },
  )
  return client
}

function replaceChecksum(request: Request): void {
  const { headers, body } = request
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) return
  const kept = Object.entries(headers).filter(([name]) => !/^x-amz-(?:checksum-|sdk-checksum-)/i.test(name))
  request.headers = { ...Object.fromEntries(kept), 'content-md5': createHash('md5').update(body).digest('base64') }
}

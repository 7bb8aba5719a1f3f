import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { RegistryError, type PresignOptions } from '@registry/core'
import { answerHeaders } from './answer-headers.js'
import type { Store } from './store.js'

/** Signatures of version 4 are good for a week. */
const longest = 7 * 24 * 60 * 60

/** A URL that serves the object; no request is made. `client` is one for the endpoint that readers know. */
export async function presignObject(store: Store, client: S3Client, key: string, options: PresignOptions, signal: AbortSignal): Promise<URL> {
  const { bucket, keyPrefix, cloudfront } = store.settings
  const { expires } = options
  if (!Number.isSafeInteger(expires) || expires < 1) throw new TypeError(`expires takes whole seconds from 1 up, got ${expires}`)
  if (cloudfront) return cloudfront(keyPrefix + key, options)
  const about = { operation: 'presign', key }
  if (expires > longest) {
    throw new RegistryError('LIMIT_EXCEEDED', `a presigned URL lives for ${longest} seconds at the most, got ${expires}`, { driver: 's3', ...about })
  }
  const { type, disposition } = answerHeaders(options)
  const request = new GetObjectCommand({
    Bucket: bucket,
    Key: keyPrefix + key,
    ...(type === undefined ? {} : { ResponseContentType: type }),
    ...(disposition === undefined ? {} : { ResponseContentDisposition: disposition }),
  })
  return new URL(await store.ask(about, () => getSignedUrl(client, request, { expiresIn: expires }), signal))
}

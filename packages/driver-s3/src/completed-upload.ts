import { createHash } from 'node:crypto'
import { HeadObjectCommand, type CompletedPart } from '@aws-sdk/client-s3'
import type { Store } from './store.js'

/** Whether the object under `key` is the one that these parts make: by its size, and by an ETag that is that of its parts. */
export async function isCompleted(store: Store, key: string, size: number, parts: readonly CompletedPart[]): Promise<boolean> {
  const request = new HeadObjectCommand({ Bucket: store.settings.bucket, Key: store.settings.keyPrefix + key })
  try {
    const answer = await store.ask({ operation: 'put', key }, (abortSignal) => store.client.send(request, { abortSignal }))
    return answer.ContentLength === size && unquoted(answer.ETag) === etagOf(parts)
  } catch {
    return false
  }
}

/** As AWS, Ceph and MinIO make it: MD5 of the MD5s, and how many they are. */
function etagOf(parts: readonly CompletedPart[]): string {
  const hash = createHash('md5')
  for (const { ETag } of parts) hash.update(Buffer.from(unquoted(ETag), 'hex'))
  return `${hash.digest('hex')}-${parts.length}`
}

function unquoted(etag: string = ''): string {
  return etag.replaceAll('"', '')
}

import { HeadObjectCommand } from '@aws-sdk/client-s3'
import { RegistryError, type ObjectInfo } from '@registry/core'
import type { Store } from './store.js'

/** Facts about the object under `key`; `undefined` where there is none. */
export async function headObject(store: Store, key: string, operation: string, signal: AbortSignal): Promise<ObjectInfo | undefined> {
  const { bucket, keyPrefix } = store.settings
  const about = { operation, key }
  try {
    const answer = await store.ask(
      about,
      (abortSignal) => store.client.send(new HeadObjectCommand({ Bucket: bucket, Key: keyPrefix + key }), { abortSignal }),
      signal,
    )
    return infoOf(key, answer.ContentLength, answer.LastModified)
  } catch (error) {
    if (RegistryError.is(error, 'NOT_FOUND')) return undefined
    throw error
  }
}

/** In whole seconds, as every answer but a list has them, so that all tell the same. */
export function infoOf(key: string, size: number | undefined, modified: Date | undefined): ObjectInfo {
  if (size === undefined || modified === undefined) {
    throw new RegistryError('INTERNAL', `the store tells no size or no date of ${key}`, { driver: 's3', key })
  }
  return { key, size, modified: new Date(Math.floor(modified.getTime() / 1000) * 1000) }
}

import { ListObjectsV2Command, type ListObjectsV2CommandOutput } from '@aws-sdk/client-s3'
import { isObjectKey, RegistryError, type ListOptions, type ObjectInfo } from '@registry/core'
import { infoOf } from './head-object.js'
import { selectionOf } from './selection.js'
import type { Store } from './store.js'

/** The objects that match, in the order of the store, which has to be that of their bytes. */
export async function* listObjects(store: Store, options: ListOptions, signal: AbortSignal): AsyncGenerator<ObjectInfo, void> {
  const selection = selectionOf(options)
  if (selection === undefined) return
  const { keyPrefix } = store.settings
  const { prefix, startAfter } = selection
  let last = ''
  let page: ListObjectsV2CommandOutput | undefined
  do {
    page = await nextPage(store, keyPrefix + prefix, startAfter === '' ? undefined : keyPrefix + startAfter, page, signal)
    for (const { Key = '', Size, LastModified } of page.Contents ?? []) {
      const name = page.EncodingType === 'url' ? decoded(Key) : Key
      const key = name.slice(keyPrefix.length)
      // What others put beside our objects is not ours.
      if (!name.startsWith(keyPrefix + prefix) || !isObjectKey(key)) continue
      if (key <= last) throw outOfOrder(key, last)
      last = key
      if (key > startAfter) yield infoOf(key, Size, LastModified)
      signal.throwIfAborted()
    }
  } while (page.IsTruncated === true)
}

async function nextPage(
  store: Store,
  prefix: string,
  startAfter: string | undefined,
  page: ListObjectsV2CommandOutput | undefined,
  signal: AbortSignal,
): Promise<ListObjectsV2CommandOutput> {
  const token = page?.NextContinuationToken
  if (page && token === undefined) {
    throw new RegistryError('INTERNAL', 'the store says that its list goes on, and not where', { driver: 's3', operation: 'list' })
  }
  const request = new ListObjectsV2Command({
    Bucket: store.settings.bucket,
    EncodingType: 'url',
    ...(prefix === '' ? {} : { Prefix: prefix }),
    ...(token === undefined ? { StartAfter: startAfter } : { ContinuationToken: token }),
  })
  return store.ask({ operation: 'list' }, (abortSignal) => store.client.send(request, { abortSignal }), signal)
}

function decoded(name: string): string {
  return decodeURIComponent(name.replaceAll('+', ' '))
}

function outOfOrder(key: string, last: string): RegistryError {
  const message = `the store lists ${key} behind ${last}: its order is not that of the bytes, as in directory buckets of S3 Express`
  return new RegistryError('UNSUPPORTED', message, { driver: 's3', operation: 'list', key })
}

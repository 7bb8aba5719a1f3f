import {
  AbortMultipartUploadCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  type MultipartUpload,
} from '@aws-sdk/client-s3'
import { isObjectKey, RegistryError } from '@registry/core'
import { s3Client } from './client.js'
import { nameOf } from './errors.js'
import type { S3DriverOptions } from './s3-driver-options.js'
import { settingsOf } from './settings.js'
import { storeOf, type Store } from './store.js'

const day = 24 * 60 * 60 * 1000

/**
 * Removes the parts that processes left which died in the middle of a put. The driver does so by itself, unless `sweep` is false.
 *
 * @param olderThan - milliseconds; what was begun since then is left alone. Default a day
 * @returns how many uploads were removed
 */
export async function sweepAbandonedUploads(options: S3DriverOptions, olderThan: number = day): Promise<number> {
  const settings = settingsOf(options)
  const store = storeOf(await s3Client(settings), settings)
  try {
    return await sweepUploads(store, olderThan, new AbortController().signal)
  } finally {
    store.destroy()
  }
}

export async function sweepUploads(store: Store, olderThan: number, signal: AbortSignal): Promise<number> {
  let removed = 0
  for await (const { Key, UploadId, Initiated } of uploadsUnder(store, signal)) {
    if (Key === undefined || UploadId === undefined || Initiated === undefined || Date.now() - Initiated.getTime() <= olderThan) continue
    const request = new AbortMultipartUploadCommand({ Bucket: store.settings.bucket, Key, UploadId })
    try {
      await store.ask({ operation: 'sweep' }, (abortSignal) => store.client.send(request, { abortSignal }), signal)
      removed++
    } catch (error) {
      // Another process sweeps as well, or its put came to an end after all.
      if (!RegistryError.is(error) || nameOf(error.cause) !== 'NoSuchUpload') throw error
    }
  }
  return removed
}

async function* uploadsUnder(store: Store, signal: AbortSignal): AsyncGenerator<MultipartUpload, void> {
  const { bucket, keyPrefix } = store.settings
  let page: ListMultipartUploadsCommandOutput | undefined
  do {
    const request: ListMultipartUploadsCommand = new ListMultipartUploadsCommand({
      Bucket: bucket,
      ...(keyPrefix === '' ? {} : { Prefix: keyPrefix }),
      ...(page ? { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker } : {}),
    })
    page = await store.ask({ operation: 'sweep' }, (abortSignal) => store.client.send(request, { abortSignal }), signal)
    // Some stores do not look at the prefix, and names that are no keys are those of somebody else.
    yield* (page.Uploads ?? []).filter(({ Key = '' }) => Key.startsWith(keyPrefix) && isObjectKey(Key.slice(keyPrefix.length)))
  } while (page.IsTruncated === true && page.NextKeyMarker !== undefined)
}

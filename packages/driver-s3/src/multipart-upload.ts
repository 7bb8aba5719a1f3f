import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  UploadPartCommand,
  type CompletedPart,
} from '@aws-sdk/client-s3'
import { type Call, RegistryError } from '@registry/core'
import { isCompleted } from './completed-upload.js'
import { nameOf } from './errors.js'
import type { Part } from './parts.js'
import type { Store } from './store.js'

/** An object that is put in parts. */
export interface MultipartUpload {
  /** Sends the part, and resolves when another one may come. One that fails aborts the call. */
  add(part: Part): Promise<void>
  /** Makes the parts an object, when all are there. */
  complete(size: number): Promise<void>
  /** Gives all of it up. What cannot be told to the store now, the sweep does. */
  abort(reason: unknown): Promise<void>
}

/** How long a put that failed waits until the store has forgotten its parts. */
const abortMilliseconds = 5000

export async function multipartUpload(store: Store, key: string, call: Call): Promise<MultipartUpload> {
  const { client, settings } = store
  const object = { Bucket: settings.bucket, Key: settings.keyPrefix + key }
  const about = { operation: 'put', key }
  // Parts that carry a checksum are those of an upload that was announced with one.
  const announced = settings.checksums === 'WHEN_SUPPORTED' ? { ChecksumAlgorithm: 'CRC32' as const } : {}
  const create = new CreateMultipartUploadCommand({ ...object, ContentType: 'application/octet-stream', ...announced, ...settings.storing })
  // Seen through also behind an abort: an upload whose id nobody knows could not be given up.
  const { UploadId } = await store.ask(about, (abortSignal) => client.send(create, { abortSignal }))
  if (UploadId === undefined) throw new RegistryError('INTERNAL', `the store gives the upload of ${key} no id`, { driver: 's3', ...about })

  const parts: CompletedPart[] = []
  const sending = new Set<Promise<void>>()
  let begun = 0

  const send = async (part: Part, PartNumber: number): Promise<void> => {
    const request = new UploadPartCommand({ ...object, UploadId, PartNumber, Body: part.bytes, ContentLength: part.bytes.byteLength })
    let isSent = false
    try {
      const { ETag, ChecksumCRC32 } = await store.ask(about, (abortSignal) => client.send(request, { abortSignal }), call.signal)
      parts[PartNumber - 1] = { PartNumber, ETag, ...(ChecksumCRC32 === undefined ? {} : { ChecksumCRC32 }) }
      isSent = true
    } catch (error) {
      call.abort(error)
    } finally {
      part.release(isSent)
    }
  }

  const complete = async (size: number): Promise<void> => {
    const request = new CompleteMultipartUploadCommand({ ...object, UploadId, MultipartUpload: { Parts: parts } })
    try {
      await store.ask({ ...about, outcome: 'unknown' }, (abortSignal) => client.send(request, { abortSignal }))
    } catch (error) {
      // The answer to the first of several attempts may have been lost, and the upload be an object already.
      const isGone = RegistryError.is(error) && nameOf(error.cause) === 'NoSuchUpload'
      if (!isGone || !(await isCompleted(store, key, size, parts))) throw error
    }
  }

  return {
    async add(part) {
      const sent = send(part, ++begun)
      sending.add(sent)
      void sent.finally(() => sending.delete(sent))
      if (sending.size >= settings.concurrency) await Promise.race(sending)
      call.signal.throwIfAborted()
    },
    async complete(size) {
      await Promise.all(sending)
      call.signal.throwIfAborted()
      await complete(size)
    },
    async abort(reason) {
      call.abort(reason)
      await Promise.all(sending)
      const request = new AbortMultipartUploadCommand({ ...object, UploadId })
      const abort = store.ask(about, (abortSignal) => client.send(request, { abortSignal }), AbortSignal.timeout(abortMilliseconds))
      await abort.catch(() => undefined)
    },
  }
}

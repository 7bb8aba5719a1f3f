import { PutObjectCommand } from '@aws-sdk/client-s3'
import { checkedBody, type Body, type Call } from '@registry/core'
import type { BufferBudget } from './buffer-budget.js'
import { multipartUpload, type MultipartUpload } from './multipart-upload.js'
import { partsOf, type Part } from './parts.js'
import type { Store } from './store.js'

export interface Writing {
  readonly body: Body
  /** Bytes that it is to have, where that is known. */
  readonly size: number | undefined
  readonly budget: BufferBudget
  readonly call: Call
}

/**
 * Stores the body: what is no larger than a part with one request, and the rest in parts that become an object with the last one.
 * Up to there everything can be given up, and nothing of it stays. That last request is seen through to its end, also behind an abort:
 * nobody could tell whether it came through.
 */
export async function writeObject(store: Store, key: string, { body, size, budget, call }: Writing): Promise<number> {
  const { partBytes, objectBytes } = store.settings
  const checked = checkedBody(body, { size, objectBytes, signal: call.signal })
  let stored = 0
  let upload: MultipartUpload | undefined
  try {
    for await (const part of partsOf(checked, { partBytes, size, budget, signal: call.signal })) {
      stored += part.bytes.byteLength
      try {
        call.signal.throwIfAborted()
        if (part.isLast && !upload) {
          await putWhole(store, key, part)
          return stored
        }
        upload ??= await multipartUpload(store, key, call)
      } catch (error) {
        part.release(false)
        throw error
      }
      await upload.add(part)
    }
    await upload?.complete(stored)
    return stored
  } catch (error) {
    // A part that failed ends the body by its own error.
    await upload?.abort(error)
    throw error
  }
}

async function putWhole(store: Store, key: string, part: Part): Promise<void> {
  const { bucket, keyPrefix, storing } = store.settings
  const request = new PutObjectCommand({
    Bucket: bucket,
    Key: keyPrefix + key,
    Body: part.bytes,
    ContentLength: part.bytes.byteLength,
    ContentType: 'application/octet-stream',
    ...storing,
  })
  await store.ask({ operation: 'put', key, outcome: 'unknown' }, (abortSignal) => store.client.send(request, { abortSignal }))
  part.release(true)
}

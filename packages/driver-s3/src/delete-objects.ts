import { DeleteObjectCommand, DeleteObjectsCommand, type DeleteObjectsCommandOutput } from '@aws-sdk/client-s3'
import { RegistryError } from '@registry/core'
import { nameOf, statusOf, type S3Call } from './errors.js'
import type { Store } from './store.js'

const batchKeys = 1000
const atOnce = 16

/**
 * Deletes the objects, a thousand with one request. A signal ends it between two requests: one that was sent is seen through to its end,
 * since the store may do what it says long after nobody waits for it any more.
 */
export async function deleteObjects(store: Store, keys: readonly string[], signal: AbortSignal): Promise<void> {
  for (let start = 0; start < keys.length; start += batchKeys) {
    signal.throwIfAborted()
    const batch = [...new Set(keys.slice(start, start + batchKeys))]
    // Every store can delete one object, and it costs the same.
    await (batch.length === 1 || lackingBatches.has(store) ? deleteEach(store, batch, signal) : deleteBatch(store, batch, signal))
  }
}

/** Stores that have said that they cannot delete several objects at once. */
const lackingBatches = new WeakSet<Store>()

async function deleteBatch(store: Store, keys: readonly string[], signal: AbortSignal): Promise<void> {
  const about: S3Call = { operation: 'delete', outcome: 'unknown' }
  const { bucket, keyPrefix } = store.settings
  const request = new DeleteObjectsCommand({ Bucket: bucket, Delete: { Quiet: true, Objects: keys.map((key) => ({ Key: keyPrefix + key })) } })
  let answer: DeleteObjectsCommandOutput
  try {
    answer = await store.ask(about, (abortSignal) => store.client.send(request, { abortSignal }))
  } catch (error) {
    if (!RegistryError.is(error) || !isLacking(error.cause)) throw error
    lackingBatches.add(store)
    await deleteEach(store, keys, signal)
    return
  }
  // The answer about a key alone decides, with retries: two that delete it at once may both be refused, by Ceph as an unknown error.
  const refused = (answer.Errors ?? []).filter(({ Code }) => Code !== 'NoSuchKey')
  await deleteEach(store, refused.map(({ Key = '' }) => Key.slice(keyPrefix.length)), signal)
}

function isLacking(cause: unknown): boolean {
  return [405, 501].includes(statusOf(cause) ?? 0) || ['NotImplemented', 'MethodNotAllowed'].includes(nameOf(cause))
}

async function deleteEach(store: Store, keys: readonly string[], signal: AbortSignal): Promise<void> {
  const { bucket, keyPrefix } = store.settings
  const left = [...keys]
  const worker = async (): Promise<void> => {
    for (let key = left.pop(); key !== undefined; key = left.pop()) {
      signal.throwIfAborted()
      const request = new DeleteObjectCommand({ Bucket: bucket, Key: keyPrefix + key })
      try {
        await store.ask({ operation: 'delete', key, outcome: 'unknown' }, (abortSignal) => store.client.send(request, { abortSignal }))
      } catch (error) {
        // Some stores say that what is to be deleted is not there, and not that all is well.
        if (RegistryError.is(error, 'NOT_FOUND')) continue
        left.length = 0
        throw error
      }
    }
  }
  const ended = await Promise.allSettled(Array.from({ length: Math.min(atOnce, left.length) }, worker))
  for (const worked of ended) if (worked.status === 'rejected') throw worked.reason
}

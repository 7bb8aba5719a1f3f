import {
  assertObjectKey,
  type Body,
  type CallOptions,
  callsOf,
  type Driver,
  type ListOptions,
  type ObjectInfo,
  type OpenObject,
  type OpenOptions,
  type PresignOptions,
  type PutOptions,
} from '@registry/core'
import { bufferBudget } from './buffer-budget.js'
import { s3Client } from './client.js'
import { deleteObjects } from './delete-objects.js'
import { headObject } from './head-object.js'
import { listObjects } from './list-objects.js'
import { presignObject } from './presign-object.js'
import { readObject } from './read-object.js'
import type { S3DriverOptions } from './s3-driver-options.js'
import { settingsOf } from './settings.js'
import { checkStore } from './start.js'
import { storeOf } from './store.js'
import { sweepDaily } from './sweep-daily.js'
import { writeObject } from './write-object.js'

/**
 * A driver that keeps each object in a bucket of S3, or of a store that speaks its protocol, under the name that is its key behind `root`.
 * It makes one request, to see that the bucket can be used.
 *
 * @throws `CONFIG` where an option is wrong or leads nowhere, `ACCESS_DENIED` where the credentials do not do, `UNAVAILABLE` where the store
 *   cannot be reached
 */
export async function s3Driver(options: S3DriverOptions): Promise<Driver> {
  const settings = settingsOf(options)
  const store = storeOf(await s3Client(settings), settings)
  try {
    await checkStore(store)
  } catch (error) {
    store.destroy()
    throw error
  }
  const publicClient = settings.redirectEndpoint ? await s3Client(settings, settings.redirectEndpoint) : store.client
  const budget = bufferBudget(settings.bufferBytes)
  const calls = callsOf('s3', `the S3 driver of bucket ${settings.bucket}`)
  const sweep = options.sweep === false ? undefined : sweepDaily(store, calls)

  return {
    contract: 1,
    name: 's3',
    capabilities: Object.freeze({ presign: true, limits: Object.freeze({ objectBytes: settings.objectBytes }) }),

    head(key: string, options: CallOptions = {}): Promise<ObjectInfo | undefined> {
      return calls.run('head', options, async ({ signal }) => {
        assertObjectKey(key)
        return headObject(store, key, 'head', signal)
      })
    },

    async open(key: string, options: OpenOptions = {}): Promise<OpenObject> {
      const call = calls.begin('open', options)
      try {
        assertObjectKey(key)
        return await readObject(store, key, options.range, call)
      } catch (error) {
        call.end()
        throw error
      }
    },

    put(key: string, body: Body, options: PutOptions = {}): Promise<{ readonly size: number }> {
      return calls.run('put', options, async (call) => {
        assertObjectKey(key)
        return { size: await writeObject(store, key, { body, size: options.size, budget, call }) }
      })
    },

    delete(keys: readonly string[], options: CallOptions = {}): Promise<void> {
      return calls.run('delete', options, async ({ signal }) => {
        keys.forEach(assertObjectKey)
        await deleteObjects(store, keys, signal)
      })
    },

    async *list(options: ListOptions = {}): AsyncGenerator<ObjectInfo, void> {
      const call = calls.begin('list', options)
      try {
        yield* listObjects(store, options, call.signal)
      } finally {
        call.end()
      }
    },

    presign(key: string, options: PresignOptions): Promise<URL> {
      return calls.run('presign', options, async ({ signal }) => {
        assertObjectKey(key)
        return presignObject(store, publicClient, key, options, signal)
      })
    },

    async close(): Promise<void> {
      sweep?.end()
      await calls.close()
      store.destroy()
      publicClient.destroy()
    },
  }
}

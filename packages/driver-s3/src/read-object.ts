import { Readable } from 'node:stream'
import { GetObjectCommand, type GetObjectCommandOutput } from '@aws-sdk/client-s3'
import { abortable, RegistryError, resolveRange, type ByteRange, type Call, type ObjectInfo, type OpenObject } from '@registry/core'
import { bytesOf } from './body-bytes.js'
import { headObject, infoOf } from './head-object.js'
import type { Store } from './store.js'

/** Opens the object for reading, with one request. The call lasts until the object is disposed of. */
export async function readObject(store: Store, key: string, range: ByteRange | undefined, call: Call): Promise<OpenObject> {
  const { bucket, keyPrefix } = store.settings
  const about = { operation: 'open', key }
  const header = await headerOf(store, key, range, call.signal)
  const answer = await store.ask(
    about,
    (abortSignal) => store.client.send(new GetObjectCommand({ Bucket: bucket, Key: keyPrefix + key, Range: header }), { abortSignal }),
    call.signal,
  )
  const stream = answer.Body
  if (!(stream instanceof Readable)) throw new RegistryError('INTERNAL', `the SDK gave no stream for ${key}`, { driver: 's3', ...about })
  // It may break before anybody reads.
  stream.on('error', () => undefined)
  try {
    const info = wholeInfo(key, answer)
    const { start, end } = resolveRange(range, info.size)
    if (answer.ContentLength !== end - start) {
      const message = `the store was asked for ${end - start} bytes of ${key}, and gives ${answer.ContentLength ?? 'any number'}`
      throw new RegistryError('UNSUPPORTED', message, { driver: 's3', ...about })
    }
    return {
      info,
      body: abortable(bytesOf(stream, end - start, store.settings, about, call.signal), call.signal),
      async [Symbol.asyncDispose]() {
        call.end()
        stream.destroy()
      },
    }
  } catch (error) {
    stream.destroy()
    throw error
  }
}

async function headerOf(store: Store, key: string, range: ByteRange | undefined, signal: AbortSignal): Promise<string | undefined> {
  if (range === undefined) return undefined
  const { start, end } = range
  if (end === undefined || end > start) {
    resolveRange(range, Number.MAX_SAFE_INTEGER)
    return `bytes=${start}-${end === undefined ? '' : end - 1}`
  }
  // HTTP cannot say it, and whether there is an object at all comes first.
  const info = await headObject(store, key, 'open', signal)
  if (info) resolveRange(range, info.size)
  return undefined
}

function wholeInfo(key: string, { ContentRange, ContentLength, LastModified }: GetObjectCommandOutput): ObjectInfo {
  const whole = /\/(\d+)$/.exec(ContentRange ?? '')?.[1]
  return infoOf(key, whole === undefined ? ContentLength : Number(whole), LastModified)
}

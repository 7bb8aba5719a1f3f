import { type BlobDownloadResponseParsed } from '@azure/storage-blob'
import { abortable, type ByteRange, type Call, type ObjectInfo, type OpenObject, RegistryError, resolveRange } from '@registry/core'
import { isAbsent, told } from './azure-errors.js'
import { headObject } from './head.js'
import { driverName } from './options.js'
import type { Store } from './store.js'

/** Opens an object by one request, which goes on as its body. */
export async function openObject(store: Store, key: string, range: ByteRange | undefined, call: Call): Promise<OpenObject> {
  try {
    if (!range) return opened(store, key, await download(store, key, 0, undefined, call), call)
    if (range.end !== undefined && range.end <= range.start) return await refuse(store, key, range, call)
    resolveRange(range, Number.MAX_SAFE_INTEGER)
    const count = range.end === undefined ? undefined : Math.min(range.end, Number.MAX_SAFE_INTEGER) - range.start
    const object = opened(store, key, await download(store, key, range.start, count, call), call)
    // A range that starts right behind the end has an answer without bytes from Azurite.
    resolveRange(range, object.info.size)
    return object
  } catch (error) {
    if (call.signal.aborted) throw call.signal.reason
    if (range && isRangeRefused(error)) return refuse(store, key, range, call)
    if (isAbsent(error)) throw absent(key, error)
    throw told(error, { operation: 'open', key })
  }
}

function endWith(call: Call): (error: RegistryError) => void {
  return (error) => {
    call.abort(error)
  }
}

async function download(
  { container, names, requests }: Store, key: string, start: number, count: number | undefined, call: Call,
): Promise<BlobDownloadResponseParsed> {
  const timing = requests.timer({ operation: 'open', key }, endWith(call))
  try {
    return await container.getBlobClient(names.of(key)).download(start, count, { abortSignal: call.signal })
  } finally {
    clearTimeout(timing)
  }
}

function opened(store: Store, key: string, answer: BlobDownloadResponseParsed, call: Call): OpenObject {
  const stream = answer.readableStreamBody
  const length = answer.contentLength ?? 0
  const whole = answer.contentRange?.split('/')[1]
  const info: ObjectInfo = { key, size: whole === undefined ? length : Number(whole), modified: answer.lastModified ?? new Date(NaN) }
  // Nobody listens to a stream that is not read, and it fails when it is disposed of.
  stream?.on('error', () => undefined)
  return {
    info,
    body: bodyOf(store, key, stream, length, call),
    async [Symbol.asyncDispose]() {
      call.abort(new RegistryError('UNAVAILABLE', `${key} was disposed of`, { driver: driverName, operation: 'open', key }))
      call.end()
    },
  }
}

async function* bodyOf(
  { requests }: Store, key: string, stream: NodeJS.ReadableStream | undefined, length: number, call: Call,
): AsyncGenerator<Uint8Array, void> {
  const place = { operation: 'open', key }
  let timing = requests.timer(place, endWith(call))
  let count = 0
  try {
    call.signal.throwIfAborted()
    for await (const chunk of abortable((stream ?? []) as AsyncIterable<Uint8Array>, call.signal)) {
      clearTimeout(timing)
      count += chunk.length
      yield chunk
      timing = requests.timer(place, endWith(call))
    }
  } catch (error) {
    throw call.signal.aborted ? call.signal.reason : told(error, place)
  } finally {
    clearTimeout(timing)
  }
  if (count !== length) throw new RegistryError('UNAVAILABLE', `${key} ended after ${count} of ${length} bytes`, { driver: driverName, ...place })
}

async function refuse(store: Store, key: string, range: ByteRange, call: Call): Promise<never> {
  const info = await headObject(store, key, 'open', call.signal)
  if (!info) throw absent(key)
  resolveRange(range, info.size)
  throw new RegistryError('UNAVAILABLE', `${key} was overwritten while it was opened`, { driver: driverName, operation: 'open', key })
}

function isRangeRefused(error: unknown): boolean {
  return (error as { readonly statusCode?: number }).statusCode === 416
}

function absent(key: string, cause?: unknown): RegistryError {
  return new RegistryError('NOT_FOUND', `no object under ${key}`, { driver: driverName, operation: 'open', key, cause })
}

import { abortable, checkedBody } from '../checked-body.js'
import { resolveRange } from '../byte-range.js'
import type { CallOptions, Driver, ListOptions, ObjectInfo, OpenObject, OpenOptions, PutOptions, Body } from '../driver.js'
import { RegistryError } from '../errors.js'
import { assertObjectKey } from '../object-key.js'

interface StoredObject {
  readonly bytes: Uint8Array
  readonly modified: Date
}

/** Where memory drivers keep their objects. Two drivers on one storage see the same data. */
export type MemoryStorage = Map<string, StoredObject>

/** What a driver in memory may be told. */
export interface MemoryDriverOptions {
  /** Default: a new, empty one. */
  readonly storage?: MemoryStorage
  /** `capabilities.limits.objectBytes`. Default 1 GiB. */
  readonly objectBytes?: number
}

const chunkBytes = 64 * 1024

/** A driver that keeps bytes in this process: the reference of the contract, for tests and for trying things out. */
export function memoryDriver({ storage = new Map(), objectBytes = 2 ** 30 }: MemoryDriverOptions = {}): Driver {
  let closed = false
  const enter = (options: CallOptions | undefined, ...keys: readonly string[]): void => {
    if (closed) throw new RegistryError('CLOSED', 'this memory driver was closed', { driver: 'memory' })
    options?.signal?.throwIfAborted()
    keys.forEach(assertObjectKey)
  }
  const info = (key: string, { bytes, modified }: StoredObject): ObjectInfo => ({ key, size: bytes.byteLength, modified })

  return {
    contract: 1,
    name: 'memory',
    capabilities: Object.freeze({ presign: false, limits: Object.freeze({ objectBytes }) }),

    async head(key: string, options?: CallOptions): Promise<ObjectInfo | undefined> {
      enter(options, key)
      const object = storage.get(key)
      return object && info(key, object)
    },

    async open(key: string, options?: OpenOptions): Promise<OpenObject> {
      enter(options, key)
      const object = storage.get(key)
      if (!object) throw new RegistryError('NOT_FOUND', `no object under ${key}`, { driver: 'memory', operation: 'open', key })
      const { start, end } = resolveRange(options?.range, object.bytes.byteLength)
      return {
        info: info(key, object),
        body: abortable(chunks(object.bytes.subarray(start, end)), options?.signal),
        async [Symbol.asyncDispose](): Promise<void> {},
      }
    },

    async put(key: string, body: Body, options?: PutOptions): Promise<{ readonly size: number }> {
      enter(options, key)
      const parts: Buffer[] = []
      // A chunk is the source's again as soon as the next one is asked for, so it is copied.
      for await (const chunk of checkedBody(body, { ...options, objectBytes })) parts.push(Buffer.from(chunk))
      enter(options)
      const bytes = Buffer.concat(parts)
      storage.set(key, { bytes, modified: new Date() })
      return { size: bytes.byteLength }
    },

    async delete(keys: readonly string[], options?: CallOptions): Promise<void> {
      enter(options, ...keys)
      for (const key of keys) storage.delete(key)
    },

    async *list(options?: ListOptions): AsyncGenerator<ObjectInfo, void> {
      enter(options)
      const { prefix = '', after = '' } = options ?? {}
      // Keys are ASCII, so that JavaScript's order is the order of their bytes.
      for (const key of [...storage.keys()].sort()) {
        enter(options)
        const object = storage.get(key)
        if (object && key.startsWith(prefix) && key > after) yield info(key, object)
      }
    },

    async close(): Promise<void> {
      closed = true
    },
  }
}

async function* chunks(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  for (let start = 0; start < bytes.byteLength; start += chunkBytes) {
    yield Uint8Array.from(bytes.subarray(start, start + chunkBytes))
  }
}

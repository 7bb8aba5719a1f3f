import { resolveRange } from '../../src/byte-range.js'
import { checkedBody } from '../../src/checked-body.js'
import type { ObjectInfo } from '../../src/driver.js'
import { bodyOf, collect, mutant, objectBytes, type DriverMutant } from './mutant.js'

/** Drivers that take one thing for another because something about them is the same. */
export const alikeMutants: readonly DriverMutant[] = [
  mutant('put-same-size', 'an object of the same size is not overwritten', (driver, storage) => ({
    async put(key, body, options) {
      await driver.head(key, options)
      const bytes = await collect(checkedBody(body, { ...options, objectBytes }))
      if (storage.get(key)?.bytes.byteLength === bytes.byteLength) return { size: bytes.byteLength }
      return driver.put(key, bodyOf(bytes), { signal: options?.signal })
    },
  })),
  mutant('open-cached-by-size', 'bytes that were read once are taken for the object as long as its size is the same', (driver) => {
    const cache = new Map<string, Uint8Array>()
    return {
      async open(key, options) {
        const object = await driver.open(key, options)
        const { start, end } = resolveRange(options?.range, object.info.size)
        if (end - start < object.info.size) return object
        const name = `${key} ${object.info.size}`
        const remembered = cache.get(name)
        const body = async function* (): AsyncGenerator<Uint8Array> {
          options?.signal?.throwIfAborted()
          if (remembered) yield Uint8Array.from(remembered)
          else yield* object.body
        }
        if (!remembered && object.info.size < 1000) cache.set(name, await collect((await driver.open(key)).body))
        return { ...object, body: body() }
      },
    }
  }),
  mutant('put-same-bytes', 'objects of the same bytes are kept once, and go with the first that is deleted', (driver, storage) => ({
    async delete(keys, options) {
      const gone = keys.flatMap((key) => storage.get(key)?.bytes ?? []).filter(({ byteLength }) => byteLength > 1000)
      await driver.delete(keys, options)
      for (const [key, { bytes }] of storage) if (gone.some((one) => Buffer.compare(one, bytes) === 0)) storage.delete(key)
    },
  })),
  mutant('put-stops-at-size', 'behind the declared size the body is not looked at', (driver) => ({
    put: (key, body, options) => driver.put(key, upTo(body, options?.size), options),
  })),
  mutant('overwrite-keeps-date', 'an overwrite leaves modified as it was', (driver, storage) => ({
    async put(key, body, options) {
      const old = storage.get(key)
      const stored = await driver.put(key, body, options)
      if (old) storage.set(key, { ...storage.get(key)!, modified: old.modified })
      return stored
    },
  })),
  mutant('list-keeps-date', 'list tells modified of the first put', (driver) => {
    const first = new Map<string, Date>()
    return {
      async *list(options) {
        for await (const info of driver.list(options)) yield { ...info, modified: first.get(info.key) ?? info.modified }
      },
      async put(key, body, options) {
        const stored = await driver.put(key, body, options)
        const info = await driver.head(key).catch(() => undefined)
        if (info && !first.has(key)) first.set(key, info.modified)
        return stored
      },
    }
  }),
  mutant('modified-at-restart', 'what was put before a restart has its date from then on', (driver) => {
    const born = new Date()
    const dated = (info: ObjectInfo): ObjectInfo => (info.modified < born ? { ...info, modified: born } : info)
    return {
      async head(key, options) {
        const info = await driver.head(key, options)
        return info && dated(info)
      },
      async open(key, options) {
        const object = await driver.open(key, options)
        return { ...object, info: dated(object.info) }
      },
      async *list(options) {
        for await (const info of driver.list(options)) yield dated(info)
      },
    }
  }),
  mutant('open-modified-text', 'modified in open is a text', (driver) => ({
    async open(key, options) {
      const object = await driver.open(key, options)
      return { ...object, info: { ...object.info, modified: object.info.modified.toISOString() as unknown as Date } }
    },
  })),
  mutant('open-modified-number', 'modified in open is a number', (driver) => ({
    async open(key, options) {
      const object = await driver.open(key, options)
      return { ...object, info: { ...object.info, modified: object.info.modified.getTime() as unknown as Date } }
    },
  })),
  mutant('put-answers-bigint', 'put answers the size as a bigint', (driver) => ({
    async put(key, body, options) {
      return { size: BigInt((await driver.put(key, body, options)).size) as unknown as number }
    },
  })),
]

async function* upTo(body: AsyncIterable<Uint8Array>, size = Infinity): AsyncGenerator<Uint8Array> {
  let taken = 0
  if (size === 0) return
  for await (const chunk of body) {
    yield chunk
    taken += chunk.byteLength
    if (taken >= size) return
  }
}

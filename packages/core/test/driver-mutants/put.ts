import { checkedBody } from '../../src/checked-body.js'
import type { Body, Driver, PutOptions } from '../../src/driver.js'
import { RegistryError } from '../../src/errors.js'
import { memoryDriver, type MemoryStorage } from '../../src/memory/index.js'
import { bodyOf, collect, mutant, objectBytes, store, withBody, type DriverMutant } from './mutant.js'

type Put = (key: string, body: Body, options: PutOptions) => Promise<{ readonly size: number }>

/** A put that does what `change` says. */
function puts(id: string, breaks: string, change: (driver: Driver, storage: MemoryStorage) => Put): DriverMutant {
  return mutant(id, breaks, (driver, storage) => {
    const put = change(driver, storage)
    return { put: (key, body, options = {}) => put(key, body, options) }
  })
}

/** A put that stores the chunks which `change` makes of the true ones. */
function chunks(id: string, breaks: string, change: (chunk: Uint8Array) => Uint8Array | 'end'): DriverMutant {
  return mutant(id, breaks, (driver) => withBody(driver, async function* (body) {
    for await (const chunk of body) {
      const changed = change(chunk)
      if (changed === 'end') return
      yield changed
    }
  }))
}

/** A put that, when it fails, does `after` with what had come. */
function afterFailure(id: string, breaks: string, after: (storage: MemoryStorage, key: string, bytes: Uint8Array) => void): DriverMutant {
  return puts(id, breaks, (driver, storage) => async (key, body, options) => {
    const kept: Uint8Array[] = []
    try {
      return await driver.put(key, recorded(body, kept), options)
    } catch (error) {
      if (!RegistryError.is(error, 'CLOSED')) after(storage, key, Buffer.concat(kept))
      throw error
    }
  })
}

export const putMutants: readonly DriverMutant[] = [
  chunks('put-empty-chunk-ends', 'an empty chunk ends the body', (chunk) => (chunk.byteLength === 0 ? 'end' : chunk)),
  chunks('put-whole-buffer', 'of a view, the buffer under it is stored', (chunk) => new Uint8Array(chunk.buffer)),
  chunks('put-one-byte-lost', 'chunks of one byte are lost', (chunk) => (chunk.byteLength === 1 ? new Uint8Array() : chunk)),
  chunks('put-chunk-cut', 'of a chunk, 64 KiB are stored', (chunk) => chunk.subarray(0, 65536)),
  chunks('put-blocks', 'of a chunk, whole blocks of 512 bytes are stored', (chunk) =>
    chunk.subarray(0, Math.max(1, chunk.byteLength - (chunk.byteLength % 512)))),
  puts('put-no-copy', 'chunks are kept without a copy', (_, storage) => async (key, body, options) => {
    const kept: Uint8Array[] = []
    for await (const chunk of checkedBody(body, { ...options, objectBytes })) kept.push(chunk)
    store(storage, key, Buffer.concat(kept))
    return { size: storage.get(key)!.bytes.byteLength }
  }),
  puts('put-last-part-empty', 'a body of whole parts ends in an empty part, which is refused', (driver) => async (key, body, options) => {
    const stored = await driver.put(key, body, options)
    if (stored.size > 0 && stored.size % 65536 === 0) throw new RegistryError('INTERNAL', 'EntityTooSmall')
    return stored
  }),
  puts('put-declared-in-parts', 'the last part of a large body whose size is declared is lost', (driver) => (key, body, { size, signal }) =>
    size === objectBytes ? driver.put(key, cut(body, size - 65536), { signal }) : driver.put(key, body, { size, signal })),
  puts('put-parts-swapped', 'the parts of a large body are put together in another order', (driver, storage) => async (key, body, options) => {
    const stored = await driver.put(key, body, options)
    const { bytes } = storage.get(key)!
    if (stored.size >= objectBytes) store(storage, key, Buffer.concat([bytes.subarray(65536), bytes.subarray(0, 65536)]))
    return stored
  }),
  puts('put-first-chunk', 'the first chunk alone is stored', (driver) => async (key, body, options) => {
    for await (const chunk of body) return driver.put(key, bodyOf(chunk), options)
    return driver.put(key, bodyOf(), options)
  }),
  puts('put-needs-size', 'a body whose size is not declared is refused', (driver) => async (key, body, options) => {
    if (options.size === undefined) throw new RegistryError('UNSUPPORTED', 'Content-Length is missing')
    return driver.put(key, body, options)
  }),
  puts('put-size-zero', 'a declared size of 0 is taken for none', (driver) => (key, body, options) =>
    driver.put(key, body, { ...options, size: options.size === 0 ? undefined : options.size })),
  puts('put-refuses-size', 'a declared size fails the put', (driver) => async (key, body, options) => {
    if (options.size !== undefined && options.size > 0) throw new RegistryError('INTERNAL', 'a bad header')
    return driver.put(key, body, options)
  }),
  puts('put-skips-empty', 'an empty body stores nothing', (driver, storage) => async (key, body, options) => {
    const stored = await driver.put(key, body, options)
    if (stored.size === 0) storage.delete(key)
    return stored
  }),
  puts('put-answers-zero', 'put answers the size 0', (driver) => async (key, body, options) => {
    await driver.put(key, body, options)
    return { size: 0 }
  }),
  puts('put-keeps-tail', 'a shorter object is written over the beginning of a longer one', (driver, storage) => async (key, body, options) => {
    const old = storage.get(key)?.bytes
    const stored = await driver.put(key, body, options)
    const bytes = storage.get(key)!.bytes
    if (old && old.byteLength > bytes.byteLength) store(storage, key, Buffer.concat([bytes, old.subarray(bytes.byteLength)]))
    return stored
  }),
  puts('put-into-old-room', 'a longer object gets the room of the shorter one', (driver, storage) => async (key, body, options) => {
    const room = storage.get(key)?.bytes.byteLength
    const stored = await driver.put(key, body, options)
    if (room) store(storage, key, storage.get(key)!.bytes.subarray(0, room))
    return stored
  }),
  puts('put-once', 'an object that is there is not overwritten', (driver, storage) => async (key, body, options) => {
    if (!storage.has(key)) return driver.put(key, body, options)
    return { size: (await collect(checkedBody(body, { ...options, objectBytes }))).byteLength }
  }),
  puts('put-needs-return', 'the iterator of a body is asked to return at its end', (driver) => (key, body, options) =>
    driver.put(key, returned(body), options)),
  puts('put-first-deletes', 'put deletes the old object first', (driver, storage) => (key, body, options) => {
    storage.delete(key)
    return driver.put(key, body, options)
  }),
  puts('put-in-place', 'each chunk is visible as soon as it is stored', (driver, storage) => (key, body, options) => {
    const kept: Uint8Array[] = []
    const showing = recorded(body, kept, () => {
      store(storage, key, Buffer.concat(kept))
    })
    return driver.put(key, showing, options)
  }),
  puts('put-listed-part', 'a part of the object is listed while it is written', (driver, storage) => async (key, body, options) => {
    store(storage, `${key}.part`, new Uint8Array())
    try {
      return await driver.put(key, body, options)
    } finally {
      storage.delete(`${key}.part`)
    }
  }),
  afterFailure('put-keeps-part', 'a part of the object is left behind', (storage, key, bytes) => {
    store(storage, `${key}.part`, bytes)
  }),
  afterFailure('put-stores-failed', 'what came of a failed body is stored', (storage, key, bytes) => {
    store(storage, key, bytes)
  }),
  afterFailure('put-failed-deletes', 'a failed put deletes the object', (storage, key) => {
    storage.delete(key)
  }),
  puts('put-wraps-error', 'what a body throws is wrapped', (driver) => async (key, body, options) => {
    try {
      return await driver.put(key, body, options)
    } catch (error) {
      throw RegistryError.is(error) || options.signal?.aborted ? error : new RegistryError('INTERNAL', 'put failed', { cause: error })
    }
  }),
  puts('put-translates-error', 'what a body throws is taken for an error of the backend', (driver) => async (key, body, options) => {
    try {
      return await driver.put(key, body, options)
    } catch (error) {
      throw (error as { code?: unknown }).code === 'ENOENT' ? new RegistryError('NOT_FOUND', key) : error
    }
  }),
  puts('put-falsy-error', 'a body that throws undefined has ended', (driver) => (key, body, options) =>
    driver.put(key, swallowing(body, (error) => error === undefined), options)),
  puts('put-swallows-error', 'a body that throws has ended', (driver) => (key, body, options) => driver.put(key, swallowing(body), options)),
  puts('put-ignores-size', 'the declared size is not looked at', (driver) => (key, body, { signal }) => driver.put(key, body, { signal })),
  puts('put-pads', 'a body that is too short is filled up', (driver) => (key, body, options) => driver.put(key, padded(body, options.size), options)),
  puts('put-cuts', 'a body that is too long is cut off', (driver) => (key, body, options) => driver.put(key, cut(body, options.size), options)),
  puts('put-size-code', 'a wrong size is INTERNAL', (driver) => async (key, body, options) => {
    try {
      return await driver.put(key, body, options)
    } catch (error) {
      throw RegistryError.is(error, 'SIZE_MISMATCH') ? new RegistryError('INTERNAL', error.message) : error
    }
  }),
  puts('put-ignores-limit', 'a body may be larger than the limit', (_, storage) => (key, body, options) =>
    memoryDriver({ storage, objectBytes: objectBytes * 2 }).put(key, body, options)),
  puts('put-limit-exclusive', 'a body must be smaller than the limit', (_, storage) => (key, body, options) =>
    memoryDriver({ storage, objectBytes: objectBytes - 1 }).put(key, body, options)),
  puts('put-ignores-abort', 'put does not look at its signal', (driver) => (key, body, { size }) => driver.put(key, body, { size })),
  puts('put-ignores-first-abort', 'put does not look at a signal that is aborted already', (driver) => (key, body, { size, signal }) =>
    driver.put(key, body, { size, signal: signal?.aborted ? undefined : signal })),
  puts('put-abort-at-end', 'put looks at its signal when the body is at its end', (driver) => (key, body, { size, signal }) =>
    driver.put(key, withEnd(body, () => signal?.throwIfAborted()), { size })),
  puts('put-abort-at-call', 'put looks at its signal only when it is called', (driver) => async (key, body, { size, signal }) => {
    signal?.throwIfAborted()
    return driver.put(key, body, { size })
  }),
  puts('put-abort-deletes', 'an abort deletes the object also when put is over', (driver, storage) => (key, body, options) => {
    options.signal?.addEventListener('abort', () => storage.delete(key))
    return driver.put(key, body, options)
  }),
  puts('put-shared-part', 'two writers of one key write into one temporary file', (driver, storage) => async (key, body, options) => {
    const parts = partsOf.get(storage) ?? new Map<string, Uint8Array[]>()
    partsOf.set(storage, parts)
    parts.set(key, [])
    const stored = await driver.put(key, recorded(body, [], (chunk) => parts.get(key)!.push(Uint8Array.from(chunk))), options)
    store(storage, key, Buffer.concat(parts.get(key)!))
    return stored
  }),
  mutant('put-one-at-a-time', 'a put while another one is under way is lost', (driver) => {
    let busy = false
    return {
      async put(key, body, options) {
        if (busy) return { size: (await collect(checkedBody(body, { ...options, objectBytes }))).byteLength }
        busy = true
        try {
          return await driver.put(key, body, options)
        } finally {
          busy = false
        }
      },
    }
  }),
  mutant('put-locked-by-readers', 'while an object is open, put is refused', (driver) => {
    let open = 0
    return {
      async open(key, options) {
        const object = await driver.open(key, options)
        open++
        return { ...object, [Symbol.asyncDispose]: async () => {
          open--
        } }
      },
      async put(key, body, options) {
        if (open > 0) throw new RegistryError('UNAVAILABLE', 'busy')
        return driver.put(key, body, options)
      },
    }
  }),
]

const partsOf = new WeakMap<MemoryStorage, Map<string, Uint8Array[]>>()

async function* recorded(body: Body, kept: Uint8Array[], after?: (chunk: Uint8Array) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    kept.push(Uint8Array.from(chunk))
    after?.(chunk)
    yield chunk
  }
}

function returned(body: Body): Body {
  return {
    [Symbol.asyncIterator]() {
      const iterator = body[Symbol.asyncIterator]()
      return {
        async next() {
          const result = await iterator.next()
          if (result.done) await iterator.return!()
          return result
        },
      }
    },
  }
}

async function* swallowing(body: Body, swallows: (error: unknown) => boolean = () => true): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body) yield chunk
  } catch (error) {
    if (!swallows(error)) throw error
  }
}

async function* padded(body: Body, size: number | undefined): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.byteLength
    yield chunk
  }
  if (size !== undefined && bytes < size) yield new Uint8Array(size - bytes)
}

async function* cut(body: Body, size = Infinity): AsyncGenerator<Uint8Array> {
  let left = size
  for await (const chunk of body) {
    yield chunk.subarray(0, left)
    left -= Math.min(left, chunk.byteLength)
  }
}

async function* withEnd(body: Body, end: () => void): AsyncGenerator<Uint8Array> {
  yield* body
  end()
}

import { resolveRange } from '../../src/byte-range.js'
import type { Driver, OpenObject, OpenOptions } from '../../src/driver.js'
import { RegistryError } from '../../src/errors.js'
import { bodyOf, collect, mutant, type DriverMutant } from './mutant.js'

/** An open that resolves to something else than the true one. */
function opens(id: string, breaks: string, change: (object: OpenObject, options: OpenOptions | undefined) => Partial<OpenObject>): DriverMutant {
  return mutant(id, breaks, (driver) => ({
    async open(key, options) {
      const object = await driver.open(key, options)
      return { ...object, ...change(object, options) }
    },
  }))
}

/** An open that asks the true one for another range. */
function ranges(id: string, breaks: string, change: (range: NonNullable<OpenOptions['range']>, size: number) => OpenOptions['range']): DriverMutant {
  return mutant(id, breaks, (driver) => ({
    async open(key, options) {
      const size = (await driver.head(key, options))?.size ?? 0
      return driver.open(key, options?.range ? { ...options, range: change(options.range, size) } : options)
    },
  }))
}

/** An open that answers an empty body where the true one rejects, if `when` says so. */
function forgives(id: string, breaks: string, when: (range: NonNullable<OpenOptions['range']>, size: number) => boolean): DriverMutant {
  return mutant(id, breaks, (driver) => ({
    async open(key, options) {
      const info = await driver.head(key, options)
      const range = options?.range
      if (!info || !range || !when(range, info.size)) return driver.open(key, options)
      return { info, body: bodyOf(), async [Symbol.asyncDispose]() {} }
    },
  }))
}

export const openMutants: readonly DriverMutant[] = [
  mutant('open-late', 'an absent object is found out while reading', (driver) => ({
    async open(key, options) {
      if (await driver.head(key, options)) return driver.open(key, options)
      const body = async function* (): AsyncGenerator<Uint8Array> {
        yield* (await driver.open(key, options)).body
      }
      return { info: { key, size: 0, modified: new Date() }, body: body(), async [Symbol.asyncDispose]() {} }
    },
  })),
  mutant('open-foreign-error', 'open of an absent object rejects with the error of the backend', (driver) => ({
    async open(key, options) {
      if (await driver.head(key, options)) return driver.open(key, options)
      throw Object.assign(new Error(`ENOENT: no such file, open '${key}'`), { code: 'ENOENT' })
    },
  })),
  mutant('open-range-first', 'the range is looked at before existence', (driver) => ({
    async open(key, options) {
      if (!(await driver.head(key, options))) resolveRange(options?.range, 0)
      return driver.open(key, options)
    },
  })),
  mutant('open-folder', 'a folder opens as an empty object', (driver, storage) => ({
    async open(key, options) {
      if (![...storage.keys()].some((other) => other.startsWith(`${key}/`))) return driver.open(key, options)
      return { info: { key, size: 0, modified: new Date() }, body: bodyOf(), async [Symbol.asyncDispose]() {} }
    },
  })),
  mutant('open-empty-absent', 'an empty object is taken for none', (driver) => ({
    async open(key, options) {
      if ((await driver.head(key, options))?.size === 0) throw new RegistryError('NOT_FOUND', key)
      return driver.open(key, options)
    },
  })),
  opens('open-info-now', 'modified in open is the time of the call', ({ info }) => ({ info: { ...info, modified: new Date(1) } })),
  opens('open-info-range', 'size in open is the length of the range', ({ info }, options) => {
    const { start, end } = resolveRange(options?.range, info.size)
    return { info: { ...info, size: end - start } }
  }),
  opens('open-first-chunk', 'the body ends after its first chunk', ({ body }) => ({
    body: (async function* () {
      for await (const chunk of body) {
        yield chunk
        return
      }
    })(),
  })),
  opens('open-one-buffer', 'all chunks are in one buffer, whatever was asked for', ({ body }) => ({ body: inOneBuffer(body, Buffer.alloc(64 * 1024)) })),
  mutant('open-reuse-shared', 'readers who let memory be used again share it', (driver) => {
    const buffer = Buffer.alloc(64 * 1024)
    return {
      async open(key, options) {
        const object = await driver.open(key, options)
        return options?.reuse ? { ...object, body: inOneBuffer(object.body, buffer) } : object
      },
    }
  }),
  opens('open-reuse-early', 'memory that may be used again is used again when a reader leaves', ({ body }, options) => ({
    body: options?.reuse ? inOneBuffer(body, Buffer.alloc(64 * 1024), (buffer) => buffer.fill(0)) : body,
  })),
  mutant('open-shared-body', 'two readers of one key take turns at one body', (driver) => {
    const bodies = new Map<string, AsyncIterator<Uint8Array>>()
    return {
      async open(key, options) {
        const object = await driver.open(key, options)
        const shared = bodies.get(key) ?? object.body[Symbol.asyncIterator]()
        bodies.set(key, shared)
        const next = async (): Promise<IteratorResult<Uint8Array>> => {
          const result = await shared.next()
          if (result.done) bodies.delete(key)
          return result
        }
        return { ...object, body: { [Symbol.asyncIterator]: () => ({ next }) } }
      },
    }
  }),
  mutant('open-live', 'the bytes are looked up anew for each chunk', (driver, storage) => ({
    async open(key, options) {
      const object = await driver.open(key, options)
      return { ...object, body: liveBody(() => storage.get(key)?.bytes, resolveRange(options?.range, object.info.size)) }
    },
  })),
  opens('dispose-unread-throws', 'an object that was not read cannot be disposed of', ({ body }) => {
    let started = false
    const marked = async function* (): AsyncGenerator<Uint8Array> {
      started = true
      yield* body
    }
    return {
      body: marked(),
      async [Symbol.asyncDispose]() {
        if (!started) throw new Error('the body was not read')
      },
    }
  }),
  opens('dispose-read-throws', 'an object that was read to its end cannot be disposed of', ({ body }) => {
    let ended = false
    const marked = async function* (): AsyncGenerator<Uint8Array> {
      yield* body
      ended = true
    }
    return {
      body: marked(),
      async [Symbol.asyncDispose]() {
        if (ended) throw new Error('EBADF: the file was closed already')
      },
    }
  }),
  opens('dispose-twice-throws', 'an object cannot be disposed of twice', () => {
    let disposed = false
    return {
      async [Symbol.asyncDispose]() {
        if (disposed) throw new Error('EBADF: the file was closed already')
        disposed = true
      },
    }
  }),
  mutant('open-info-earlier', 'the facts in open are those of a moment before', (driver) => ({
    async open(key, options) {
      const info = await driver.head(key, options)
      for (let turn = 0; turn < 4; turn++) await new Promise(setImmediate)
      const object = await driver.open(key, options)
      return { ...object, info: info ?? object.info }
    },
  })),
  mutant('dispose-midway-closes', 'leaving a body in the middle closes the driver', (driver) => ({
    async open(key, options) {
      const object = await driver.open(key, options)
      const marked = async function* (): AsyncGenerator<Uint8Array> {
        let ended = false
        try {
          yield* object.body
          ended = true
        } finally {
          if (!ended) await driver.close()
        }
      }
      return { ...object, body: marked() }
    },
  })),
  mutant('open-ignores-abort', 'open does not look at its signal', (driver) => ({
    open: (key, options) => driver.open(key, { range: options?.range }),
  })),
  mutant('body-ignores-abort', 'the body does not look at the signal', (driver) => ({
    open(key, options) {
      options?.signal?.throwIfAborted()
      return driver.open(key, { range: options?.range })
    },
  })),
  opens('body-ends-on-abort', 'a body ends where its signal is aborted', ({ body }, options) => ({ body: endingOnAbort(body, options?.signal) })),
  opens('body-wraps-abort', 'a body throws an error of its own when its signal is aborted', ({ body }, options) => ({
    body: (async function* () {
      try {
        yield* body
      } catch (error) {
        if (options?.signal?.aborted) throw new Error('The operation was aborted', { cause: error })
        throw error
      }
    })(),
  })),
  ranges('range-ignored', 'open answers the whole object, whatever the range', () => undefined),
  ranges('range-inclusive', 'the end of a range is inclusive', ({ start, end }) => ({ start, end: end === undefined ? end : end + 1 })),
  ranges('range-start-late', 'a range starts one byte late', ({ start, end }, size) => ({ start: Math.min(start + 1, size - 1), end })),
  ranges('range-without-end', 'the end of a range is ignored', ({ start }) => ({ start })),
  ranges('range-first-falsy', 'a range that starts at 0 is no range', (range) => (range.start === 0 ? undefined : range)),
  ranges('range-open-short', 'a range without an end leaves out the last byte', ({ start, end }, size) => ({ start, end: end ?? size - 1 })),
  ranges('range-one-chunk', 'a range has at most 64 KiB', ({ start, end = Infinity }) => ({ start, end: Math.min(end, start + 65536) })),
  mutant('range-not-clamped', 'a range that ends behind the object is refused', (driver) => ({
    async open(key, options) {
      const size = (await driver.head(key, options))?.size ?? 0
      if ((options?.range?.end ?? 0) > size) throw new RegistryError('RANGE_INVALID', key)
      return driver.open(key, options)
    },
  })),
  forgives('range-behind-empty', 'a range behind the end is empty', ({ start }, size) => size > 0 && start >= size),
  forgives('range-reversed-empty', 'a range that ends before its start is empty', ({ start, end }) => end !== undefined && end < start),
  forgives('range-nothing-empty', 'a range that ends at its start is empty', ({ start, end }) => end === start),
  forgives('range-of-empty', 'an empty object has an empty range', (_, size) => size === 0),
  mutant('range-type-error', 'a wrong range rejects with a RangeError', (driver) => ({
    async open(key, options) {
      try {
        return await driver.open(key, options)
      } catch (error) {
        throw RegistryError.is(error, 'RANGE_INVALID') ? new RangeError(error.message) : error
      }
    },
  })),
  mutant('open-short-after-delete', 'the body of an object that is deleted meanwhile ends early', (driver, storage) => ({
    async open(key, options) {
      const object = await driver.open(key, options)
      const body = async function* (): AsyncGenerator<Uint8Array> {
        for await (const chunk of object.body) {
          if (!storage.has(key)) return
          yield chunk
        }
      }
      return { ...object, body: body() }
    },
  })),
  mutant('open-stale', 'open remembers the bytes that it read once', staleOpen),
]

function staleOpen(driver: Driver): Partial<Driver> {
  const cache = new Map<string, Uint8Array>()
  return {
    async open(key, options) {
      const object = await driver.open(key, options)
      const { start, end } = resolveRange(options?.range, object.info.size)
      if (start > 0 || end < object.info.size) return object
      const bytes = cache.get(key) ?? (await collect(object.body))
      cache.set(key, bytes)
      return { ...object, body: bodyOf(bytes) }
    },
  }
}

async function* liveBody(bytes: () => Uint8Array | undefined, { start, end }: { start: number; end: number }): AsyncGenerator<Uint8Array> {
  for (let position = start; position < end; position += 65536) {
    yield Uint8Array.from((bytes() ?? new Uint8Array()).subarray(position, Math.min(end, position + 65536)))
  }
}

async function* endingOnAbort(body: AsyncIterable<Uint8Array>, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body) yield chunk
  } catch (error) {
    if (!signal?.aborted) throw error
  }
}

/** Its chunks, each copied to the beginning of the buffer. */
async function* inOneBuffer(body: AsyncIterable<Uint8Array>, buffer: Buffer, onEnd: (buffer: Buffer) => void = () => {}): AsyncGenerator<Uint8Array, void> {
  try {
    for await (const chunk of body) {
      buffer.set(chunk)
      // Whoever reads at the same time comes between.
      await new Promise(setImmediate)
      yield buffer.subarray(0, chunk.byteLength)
    }
  } finally {
    onEnd(buffer)
  }
}

import { checkedBody } from '../../src/checked-body.js'
import type { Body, Driver, PutOptions } from '../../src/driver.js'
import { memoryDriver, type MemoryStorage } from '../../src/memory/index.js'
import { store, type DriverMutant } from './mutant.js'

/** Room for what the suite calls several parts. */
const objectBytes = 24 * 2 ** 20
/** What is broken here is so behind that many bytes alone. */
const partBytes = 8 * 2 ** 20

/** A mutant of which only large objects show what is broken. */
export interface LargeMutant extends DriverMutant {
  /** The case that it is there for. Large cases take long: it is tried on no other of them, and on all of the small ones. */
  readonly shownBy: string
}

type Put = (key: string, body: Body, options: PutOptions) => Promise<{ readonly size: number }>

function large(id: string, shownBy: string, breaks: string, change: (driver: Driver, storage: MemoryStorage) => Partial<Driver>): LargeMutant {
  return {
    id,
    shownBy,
    breaks,
    make(storage) {
      const driver = memoryDriver({ storage, objectBytes })
      return { ...driver, ...change(driver, storage) }
    },
  }
}

function puts(id: string, shownBy: string, breaks: string, change: (driver: Driver, storage: MemoryStorage) => Put): LargeMutant {
  return large(id, shownBy, breaks, (driver, storage) => {
    const put = change(driver, storage)
    return {
      async put(key, body, options = {}) {
        // The true driver knows which keys, signals and moments to refuse.
        await driver.head(key, options)
        return put(key, body, options)
      },
    }
  })
}

export const largeMutants: readonly LargeMutant[] = [
  puts('large-part-in-place', 'put/large-throws-midway', 'parts behind the first one are written over those of the old object', (driver, storage) => (key, body, options) =>
    driver.put(key, watched(body, (chunk, start) => {
      const old = storage.get(key)?.bytes ?? new Uint8Array()
      if (start >= partBytes && start < old.byteLength) old.set(chunk.subarray(0, old.byteLength - start), start)
    }), options)),
  puts('large-part-visible', 'put/large-unseen', 'each part is visible as soon as it is whole', (driver, storage) => async (key, body, options) => {
    const before = storage.get(key)
    const kept: Uint8Array[] = []
    const parts = { shown: 0 }
    const showing = watched(body, (chunk, start) => {
      kept.push(Uint8Array.from(chunk))
      if (Math.floor((start + chunk.byteLength) / partBytes) === Math.floor(start / partBytes)) return
      store(storage, key, Buffer.concat(kept))
      parts.shown++
    })
    try {
      return await driver.put(key, showing, options)
    } catch (error) {
      if (parts.shown === 0) throw error
      storage.delete(key)
      if (before) storage.set(key, before)
      throw error
    }
  }),
  puts('large-part-left', 'put/large-throws-midway', 'a put that fails in its third part leaves the first two', (driver, storage) => async (key, body, options) => {
    const kept: Uint8Array[] = []
    try {
      return await driver.put(key, watched(body, (chunk) => kept.push(Uint8Array.from(chunk))), options)
    } catch (error) {
      const bytes = Buffer.concat(kept)
      if (bytes.byteLength > 2 * partBytes) store(storage, key, bytes.subarray(0, 2 * partBytes))
      throw error
    }
  }),
  puts('large-short-taken', 'put/large-short', 'a declared size above a mebibyte is not missed', (driver) => (key, body, { size, signal }) =>
    driver.put(key, body, { signal, size: (size ?? 0) > 2 ** 20 ? undefined : size })),
  puts('large-size-at-end', 'put/large-long', 'of a large body as many bytes are taken as were declared, and no more are looked for', (driver) => (key, body, options) =>
    driver.put(key, (options.size ?? 0) > partBytes ? cut(body, options.size!) : body, options)),
  puts('large-abort-ends', 'put/large-aborted-midway', 'an abort behind the second part ends the body', (_, storage) => async (key, body, { signal, size }) => {
    const kept: Uint8Array[] = []
    let taken = 0
    try {
      for await (const chunk of checkedBody(body, { signal, size, objectBytes })) {
        kept.push(Uint8Array.from(chunk))
        taken += chunk.byteLength
      }
    } catch (error) {
      if (!signal?.aborted || taken < 2 * partBytes) throw error
      store(storage, key, Buffer.concat(kept))
      throw error
    }
    signal?.throwIfAborted()
    store(storage, key, Buffer.concat(kept))
    return { size: taken }
  }),
  puts('large-chunk-cut', 'put/large-chunk', 'of a chunk, one part is stored', (driver) => (key, body, options) =>
    driver.put(key, changed(body, (chunk) => chunk.subarray(0, partBytes)), options)),
  puts('large-chunk-crossing', 'put/large-odd-chunks', 'of a chunk that crosses the end of a part, what is behind it is lost', (driver) => (key, body, options) => {
    let start = 0
    return driver.put(key, changed(body, (chunk) => {
      const room = partBytes - (start % partBytes)
      start += chunk.byteLength
      // A chunk that begins a part has a part for itself.
      return chunk.byteLength > partBytes ? chunk : chunk.subarray(0, room)
    }), options)
  }),
  puts('large-boundary-byte', 'put/large-boundaries', 'a last part of one byte is lost', (driver, storage) => async (key, body, options) => {
    const stored = await driver.put(key, body, options)
    if (stored.size > 1 && stored.size % partBytes === 1) store(storage, key, storage.get(key)!.bytes.subarray(0, stored.size - 1))
    return stored
  }),
  puts('large-chunk-kept', 'put/large-chunk', 'a chunk larger than a part is kept without a copy', (_, storage) => async (key, body, options) => {
    const kept: Uint8Array[] = []
    for await (const chunk of checkedBody(body, { ...options, objectBytes })) kept.push(chunk.byteLength > partBytes ? chunk : Uint8Array.from(chunk))
    options.signal?.throwIfAborted()
    store(storage, key, Buffer.concat(kept))
    return { size: storage.get(key)!.bytes.byteLength }
  }),
  puts('large-tail-stays', 'put/large-overwritten', 'where a new object has fewer parts, the last part of the old one stays', (driver, storage) => async (key, body, options) => {
    const old = storage.get(key)?.bytes ?? new Uint8Array()
    const stored = await driver.put(key, body, options)
    const { bytes } = storage.get(key)!
    if (old.byteLength > 2 * partBytes && bytes.byteLength <= 2 * partBytes) store(storage, key, Buffer.concat([bytes, old.subarray(2 * partBytes)]))
    return stored
  }),
  large('large-parts-shared', 'put/large-writers', 'puts of one key keep their third parts in one place', (driver, storage) => {
    const thirds = new Map<string, Uint8Array[]>()
    return {
      async put(key, body, options) {
        await driver.head(key, options)
        const third: Uint8Array[] = []
        const stored = await driver.put(key, watched(body, (chunk, start) => {
          if (start < 2 * partBytes) return
          if (third.length === 0) thirds.set(key, third)
          third.push(Uint8Array.from(chunk))
        }), options)
        if (third.length === 0) return stored
        store(storage, key, Buffer.concat([storage.get(key)!.bytes.subarray(0, 2 * partBytes), ...thirds.get(key)!]))
        return stored
      },
    }
  }),
  large('large-parts-remembered', 'instances/large', 'which parts an object has is known to the instance that has put it', (driver) => {
    const whole = new Set<string>()
    return {
      async put(key, body, options) {
        const stored = await driver.put(key, body, options)
        whole.add(key)
        return stored
      },
      async head(key, options) {
        const info = await driver.head(key, options)
        return info && { ...info, size: whole.has(key) ? info.size : Math.min(info.size, partBytes) }
      },
    }
  }),
  large('large-delete-first-part', 'delete/large', 'of a large object, the first part alone is deleted', (driver, storage) => ({
    async delete(keys, options) {
      const rests = keys.map((key) => [key, storage.get(key)?.bytes.subarray(partBytes) ?? new Uint8Array()] as const)
      await driver.delete(keys, options)
      for (const [key, rest] of rests) if (rest.byteLength > 0) store(storage, key, rest)
    },
  })),
  large('large-range-in-part', 'open/large-range', 'a range counts from the beginning of a part', (driver) => ({
    open: (key, options = {}) => {
      const { start = 0, end } = options.range ?? {}
      const shift = start - (start % partBytes)
      return start < partBytes ? driver.open(key, options) : driver.open(key, { ...options, range: { start: start - shift, end: end && end - shift } })
    },
  })),
  large('large-range-one-part', 'open/large-range', 'a range ends with the part that it starts in', (driver) => ({
    async open(key, options = {}) {
      const { start, end = Infinity } = options.range ?? {}
      if (start === undefined) return driver.open(key, options)
      return driver.open(key, { ...options, range: { start, end: Math.min(end, start - (start % partBytes) + partBytes) } })
    },
  })),
  large('large-open-live', 'open/large-overwritten-while-read', 'a reader sees an overwrite behind the first part', (driver, storage) => ({
    async open(key, options) {
      const object = await driver.open(key, options)
      const body = async function* (): AsyncGenerator<Uint8Array> {
        let position = options?.range?.start ?? 0
        for await (const chunk of object.body) {
          const now = storage.get(key)?.bytes ?? new Uint8Array()
          const isLive = position >= partBytes && now.byteLength >= position + chunk.byteLength
          yield isLive ? Uint8Array.from(now.subarray(position, position + chunk.byteLength)) : chunk
          position += chunk.byteLength
        }
      }
      return { ...object, body: body() }
    },
  })),
  large('large-deleted-short', 'open/large-deleted-while-read', 'a reader of a large object that is deleted meanwhile comes to its end', (driver, storage) => ({
    async open(key, options) {
      const object = await driver.open(key, options)
      const body = async function* (): AsyncGenerator<Uint8Array> {
        let taken = 0
        for await (const chunk of object.body) {
          if (taken > partBytes && !storage.has(key)) return
          taken += chunk.byteLength
          yield chunk
        }
      }
      return { ...object, body: body() }
    },
  })),
]

async function* watched(body: Body, watch: (chunk: Uint8Array, start: number) => void): AsyncGenerator<Uint8Array> {
  let start = 0
  for await (const chunk of body) {
    watch(chunk, start)
    start += chunk.byteLength
    yield chunk
  }
}

async function* changed(body: Body, change: (chunk: Uint8Array) => Uint8Array): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) yield change(chunk)
}

async function* cut(body: Body, size: number): AsyncGenerator<Uint8Array> {
  let left = size
  for await (const chunk of body) {
    yield chunk.subarray(0, left)
    left -= Math.min(left, chunk.byteLength)
    if (left === 0) return
  }
}

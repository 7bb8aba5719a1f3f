import { resolveRange } from '../../src/byte-range.js'
import type { Body, Driver, ObjectInfo } from '../../src/driver.js'
import type { MemoryStorage } from '../../src/memory/index.js'
import { bodyOf, collect, collectInfos } from './mutant.js'
import { besides, path, until, withRanges, type PathMutant } from './path.js'

const mebibyte = 2 ** 20
const chunkBytes = 2 ** 16

/** Readers and lists that are right for whole objects, for the instance that wrote, or without prefix and after. */
export const pathReadMutants: readonly PathMutant[] = [
  path('open/overwritten-while-read', 'range-cache', 'ranges come from a cache that nothing invalidates', (driver, storage) => {
    const cache = new Map<string, Uint8Array>()
    return withRanges(driver, (key, body, range) => {
      const bytes = cache.get(key) ?? storage.get(key)!.bytes
      cache.set(key, bytes)
      const { start, end } = resolveRange(range, storage.get(key)!.bytes.byteLength)
      return guarded(body, bytes.subarray(start, end))
    })
  }),
  path('open/overwritten-while-read', 'range-live', 'a range is of what is under the key when it is read',
    (driver, storage) => withRanges(driver, (key, body, range) => {
    const { start, end } = resolveRange(range, storage.get(key)!.bytes.byteLength)
    return live(() => storage.get(key)?.bytes.subarray(start, end), body)
  })),
  path('open/overwritten-while-read', 'reader-other-overwrites', 'a reader comes to its end when another instance overwrites', (driver, storage) =>
    endsWithOthers(driver, storage, (key, old) => storage.get(key) !== old)),
  path('open/deleted-while-read', 'reader-other-deletes', 'a reader comes to its end when another instance deletes', (driver, storage) =>
    endsWithOthers(driver, storage, (key) => !storage.has(key))),
  path('open/large-overwritten-while-read', 'large-reader-other-overwrites', 'a reader of more than a mebibyte comes to its end when another instance overwrites',
    (driver, storage) =>
    endsWithOthers(driver, storage, (key, old) => storage.get(key) !== old, mebibyte)),
  path('open/deleted-while-read', 'range-deleted-short', 'a range of what is deleted meanwhile comes to its end', (driver, storage) =>
    withRanges(driver, (key, body) => until(body, () => !storage.has(key)))),
  path('open/aborted-unread', 'range-ignores-signal', 'a range does not look at its signal', (driver) => ({
    async open(key, options = {}) {
      await driver.head(key, options)
      return driver.open(key, options.range ? { range: options.range } : options)
    },
  })),
  path('close/during-open', 'range-closed-short', 'a range ends with the close', (driver) => {
    let closed = false
    return {
      ...withRanges(driver, (_, body) => until(body, () => closed)),
      async close() {
        closed = true
        await driver.close()
      },
    }
  }),
  path('close/during-delete', 'delete-closed-silent', 'a delete that is under way at the close resolves and does nothing', (driver) => {
    let closed = false
    return {
      async delete(keys, options) {
        // The true driver knows which keys, signals and moments to refuse.
        for (const key of keys) await driver.head(key, options)
        await new Promise(setImmediate)
        if (!closed) await driver.delete(keys, options)
      },
      async close() {
        closed = true
        await driver.close()
      },
    }
  }),
  path('open/range-far', 'range-end-int32', 'the end of a range has 32 bits', (driver) => ({
    open: (key, options = {}) => {
      const { start, end } = options.range ?? { start: 0 }
      return driver.open(key, end === undefined ? options : { ...options, range: { start, end: end | 0 } })
    },
  })),
  path('put/large-overwritten', 'open-large-cached', 'an object above a mebibyte is read from a cache that another instance does not invalidate, where its size is the same',
    (driver, storage) => {
    const cache = new Map<string, Uint8Array>()
    return {
      async open(key, options) {
        const object = await driver.open(key, options)
        if (options?.range || object.info.size < mebibyte) return object
        const name = `${key} ${object.info.size}`
        const bytes = cache.get(name) ?? storage.get(key)!.bytes
        cache.set(name, bytes)
        return { ...object, body: guarded(object.body, bytes) }
      },
      async put(key, body, options) {
        const stored = await driver.put(key, body, options)
        cache.delete(`${key} ${stored.size}`)
        return stored
      },
    }
  }),
  path('list/aborted-midway', 'list-selection-no-signal', 'a list with a prefix or an after looks at its signal at its beginning alone',
    (driver) => ({
    async *list(options) {
      await driver.head('any', options)
      yield* driver.list(options?.prefix || options?.after ? { ...options, signal: undefined } : options)
    },
  })),
  ...(['prefix', 'after'] as const).map((member) =>
    path('list/long', `list-${member}-cut`, `of ${member}, 255 bytes are looked at`, (driver) => ({
      list: (options = {}) => driver.list({ ...options, [member]: options[member]?.slice(0, 255) }),
    }))),
  path('walk/two-instances', 'list-prefix-cached', 'a list with a prefix is remembered until the instance itself writes', (driver) => {
    const cache = new Map<string, ObjectInfo[]>()
    return {
      async *list(options = {}) {
        const { prefix = '', signal } = options
        await driver.head('any', options)
        if (prefix === '' || options.after) {
          yield* driver.list(options)
          return
        }
        if (!cache.has(prefix)) cache.set(prefix, await collectInfos(driver.list({ prefix })))
        for (const info of cache.get(prefix)!) {
          signal?.throwIfAborted()
          yield info
        }
      },
      async put(key, body, options) {
        const stored = await driver.put(key, body, options)
        cache.clear()
        return stored
      },
      async delete(keys, options) {
        await driver.delete(keys, options)
        cache.clear()
      },
    }
  }),
  path('walk/one-instance', 'list-prefix-first-size', 'a list with a prefix tells the size of the first put', (driver) => {
    const sizes = new Map<string, number>()
    return {
      async put(key, body, options) {
        const stored = await driver.put(key, body, options)
        if (!sizes.has(key)) sizes.set(key, stored.size)
        return stored
      },
      async delete(keys, options) {
        await driver.delete(keys, options)
        for (const key of keys) sizes.delete(key)
      },
      async *list(options) {
        for await (const info of driver.list(options)) yield options?.prefix ? { ...info, size: sizes.get(info.key) ?? info.size } : info
      },
    }
  }),
]

/** Who changed each key last. */
const changersOf = besides<Map<string, symbol>>(() => new Map())

/** `bytes`, as long as the body behind them, which knows when to throw, goes on. */
async function* guarded(body: Body, bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  await collect(body)
  yield* bodyOf(Uint8Array.from(bytes))
}

async function* live(now: () => Uint8Array | undefined, body: Body): AsyncGenerator<Uint8Array> {
  let start = 0
  for await (const chunk of body) {
    const there = now()?.subarray(start, start + chunkBytes)
    if (!there || there.byteLength === 0) return
    start += chunk.byteLength
    yield Uint8Array.from(there)
  }
}

/** Readers of an instance end where `isOver`, unless it was this instance that changed the object. */
function endsWithOthers(driver: Driver, storage: MemoryStorage, isOver: (key: string, old: unknown) => boolean, above = 0): Partial<Driver> {
  const [changers, own] = [changersOf(storage), Symbol('an instance')]
  return {
    async open(key, options) {
      const [object, old] = [await driver.open(key, options), storage.get(key)]
      if (object.info.size <= above) return object
      return { ...object, body: until(object.body, () => isOver(key, old) && changers.get(key) !== own) }
    },
    async put(key, body, options) {
      const stored = await driver.put(key, body, options)
      changers.set(key, own)
      return stored
    },
    async delete(keys, options) {
      await driver.delete(keys, options)
      for (const key of keys) changers.set(key, own)
    },
  }
}

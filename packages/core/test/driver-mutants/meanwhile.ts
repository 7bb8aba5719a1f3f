import { checkedBody } from '../../src/checked-body.js'
import type { Driver, ObjectInfo } from '../../src/driver.js'
import { RegistryError } from '../../src/errors.js'
import { bodyOf, collect, collectInfos, mutant, objectBytes, store, type DriverMutant } from './mutant.js'

const folderOf = (key: string): string => key.slice(0, key.lastIndexOf('/') + 1)

/** What goes wrong where several calls are under way at once in one instance. */
export const meanwhileMutants: readonly DriverMutant[] = [
  mutant('put-instance-part', 'two puts of one key by one instance write into one temporary file', (driver) => {
    const parts = new Map<string, Uint8Array[]>()
    return {
      async put(key, body, options) {
        await driver.head(key, options)
        parts.set(key, [])
        for await (const chunk of checkedBody(body, { ...options, objectBytes })) parts.get(key)!.push(Uint8Array.from(chunk))
        return driver.put(key, bodyOf(...parts.get(key)!), { signal: options?.signal })
      },
    }
  }),
  mutant('put-first-wins', 'of several puts of one key the last to begin stays, whichever ends last', (driver) => {
    const begun = new Map<string, number>()
    const ended = new Map<string, number>()
    return {
      async put(key, body, options) {
        await driver.head(key, options)
        const turn = (begun.get(key) ?? 0) + 1
        begun.set(key, turn)
        const bytes = await collect(checkedBody(body, { ...options, objectBytes }))
        if ((ended.get(key) ?? 0) > turn) return { size: bytes.byteLength }
        ended.set(key, turn)
        return driver.put(key, bodyOf(bytes), { signal: options?.signal })
      },
    }
  }),
  mutant('put-pool', 'puts that are under way hold a connection each, of which there are fifty', (driver) => {
    const free = pool(50)
    return {
      async put(key, body, options) {
        await free.take()
        try {
          return await driver.put(key, body, options)
        } finally {
          free.giveBack()
        }
      },
    }
  }),
  mutant('open-pool', 'objects that are open hold a connection each, of which there are fifty', (driver) => {
    const free = pool(50)
    return {
      async open(key, options) {
        const object = await driver.open(key, options)
        await free.take()
        let isHeld = true
        return { ...object, [Symbol.asyncDispose]: async () => {
          if (isHeld) free.giveBack()
          isHeld = false
        } }
      },
    }
  }),
  mutant('put-failure-cleans', 'a put that fails removes the temporary files of its key', (driver) => {
    const failures = new Map<string, number>()
    return {
      async put(key, body, options) {
        const before = failures.get(key)
        try {
          const bytes = await collect(checkedBody(body, { ...options, objectBytes }))
          if (failures.get(key) !== before) throw new RegistryError('INTERNAL', 'ENOENT: the temporary file is gone')
          return await driver.put(key, bodyOf(bytes), { signal: options?.signal })
        } catch (error) {
          failures.set(key, (failures.get(key) ?? 0) + 1)
          throw error
        }
      },
    }
  }),
  mutant('put-loses-folder', 'a delete that empties a folder makes puts into it fail', (driver, storage) => {
    const emptied = new Map<string, number>()
    return {
      async put(key, body, options) {
        const before = emptied.get(folderOf(key))
        return driver.put(key, withEnd(body, () => {
          if (emptied.get(folderOf(key)) !== before) throw new RegistryError('INTERNAL', 'ENOENT: the folder is gone')
        }), options)
      },
      async delete(keys, options) {
        await driver.delete(keys, options)
        for (const folder of keys.map(folderOf)) {
          if (![...storage.keys()].some((key) => key.startsWith(folder))) emptied.set(folder, (emptied.get(folder) ?? 0) + 1)
        }
      },
    }
  }),
  mutant('delete-drops-put', 'a delete takes along what is being put under the key', (driver, storage) => {
    const deletions = new Map<string, number>()
    return {
      async put(key, body, options) {
        const before = deletions.get(key)
        const stored = await driver.put(key, body, options)
        if (deletions.get(key) !== before) storage.delete(key)
        return stored
      },
      async delete(keys, options) {
        await driver.delete(keys, options)
        for (const key of keys) deletions.set(key, (deletions.get(key) ?? 0) + 1)
      },
    }
  }),
  mutant('put-unlinks-first', 'when its body is there, put deletes the old object, and stores the new one a moment later', (driver, storage) => ({
    async put(key, body, options) {
      return driver.put(key, withEnd(body, async () => {
        const old = storage.get(key)
        storage.delete(key)
        await someTurns()
        if (options?.signal?.aborted && old) storage.set(key, old)
      }), options)
    },
  })),
  mutant('delete-refuses-vanished', 'what is deleted by another call meanwhile rejects', (driver, storage) => ({
    async delete(keys, options) {
      const present = [...new Set(keys)].filter((key) => storage.has(key))
      await driver.head('any', options)
      await driver.delete([], options)
      for (const key of present) {
        await Promise.resolve()
        if (!storage.has(key)) throw new RegistryError('INTERNAL', 'ENOENT: no such file, unlink')
        await driver.delete([key], options)
      }
      await driver.delete(keys, options)
    },
  })),
  mutant('list-names-first', 'what is deleted between its name and its facts ends the list', (driver) => ({
    async *list(options) {
      for (const { key } of await collectInfos(driver.list(options))) {
        const info = await driver.head(key, options)
        if (!info) throw new RegistryError('NOT_FOUND', key)
        yield info
      }
    },
  })),
  mutant('list-folder-deleted', 'a folder that is deleted ends the list', (driver, storage) => ({
    async *list(options) {
      for await (const info of driver.list(options)) {
        yield info
        if (folderOf(info.key) !== '' && ![...storage.keys()].some((key) => key.startsWith(folderOf(info.key)))) return
      }
    },
  })),
  closing('close-loses-puts', 'what is put behind the close is answered and lost', (driver, isClosed) => ({
    async put(key, body, options) {
      await driver.head(key, options)
      const bytes = await collect(checkedBody(body, { ...options, objectBytes }))
      return isClosed() ? { size: bytes.byteLength } : driver.put(key, bodyOf(bytes), { signal: options?.signal })
    },
  })),
  mutant('close-cuts-puts', 'close stores as much as there is of what is being put', (driver, storage) => {
    const under = new Map<string, Uint8Array[]>()
    return {
      async put(key, body, options) {
        await driver.head(key, options)
        const kept: Uint8Array[] = []
        under.set(key, kept)
        try {
          return await driver.put(key, recorded(body, kept), options)
        } finally {
          under.delete(key)
        }
      },
      async close() {
        for (const [key, kept] of under) store(storage, key, Buffer.concat(kept))
        await driver.close()
      },
    }
  }),
  closing('close-ends-bodies', 'a body ends with the close', (driver, isClosed) => ({
    async open(key, options) {
      const object = await driver.open(key, options)
      return { ...object, body: until(object.body, isClosed) }
    },
  })),
  closing('close-ends-lists', 'a list ends with the close', (driver, isClosed) => ({
    async *list(options) {
      if (isClosed()) await driver.head('any')
      yield* until<ObjectInfo>(await collectInfos(driver.list(options)), isClosed)
    },
  })),
]

function closing(id: string, breaks: string, change: (driver: Driver, isClosed: () => boolean) => Partial<Driver>): DriverMutant {
  return mutant(id, breaks, (driver) => {
    let closed = false
    return {
      ...change(driver, () => closed),
      async close() {
        closed = true
        await driver.close()
      },
    }
  })
}

async function* until<Item>(items: AsyncIterable<Item> | Iterable<Item>, isOver: () => boolean): AsyncGenerator<Item, void> {
  for await (const item of items) {
    if (isOver()) return
    yield item
  }
}

async function* recorded(body: AsyncIterable<Uint8Array>, kept: Uint8Array[]): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    kept.push(Uint8Array.from(chunk))
    yield chunk
  }
}

async function* withEnd(body: AsyncIterable<Uint8Array>, end: () => void | Promise<void>): AsyncGenerator<Uint8Array> {
  yield* body
  await end()
}

async function someTurns(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate)
}

function pool(count: number): { take(): Promise<void>; giveBack(): void } {
  let free = count
  const waiting: (() => void)[] = []
  return {
    async take() {
      if (free > 0) free--
      else await new Promise<void>((resolve) => waiting.push(resolve))
    },
    giveBack() {
      const next = waiting.shift()
      if (next) next()
      else free++
    },
  }
}

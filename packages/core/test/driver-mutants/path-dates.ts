import type { Driver, ObjectInfo } from '../../src/driver.js'
import type { MemoryStorage } from '../../src/memory/index.js'
import { path, withInfos, type PathMutant } from './path.js'

const epoch = new Date(0)
const largePart = 8 * 2 ** 20

/** Dates that are right for small objects, for the first put, or for the instance that put. */
export const pathDateMutants: readonly PathMutant[] = [
  path('head/large-modified', 'date-large-lost', 'an object of more than 8 MiB has no date', (driver) =>
    withInfos(driver, (info) => (info.size > largePart ? { ...info, modified: epoch } : info))),
  path('head/large-modified', 'date-large-kept', 'an overwrite of an object of more than 8 MiB keeps its date', (driver, storage) =>
    redated(driver, storage, (_, old) => (old && old.bytes.byteLength > largePart ? old.modified : undefined))),
  path('walk/one-instance', 'date-tiny-alone', 'an object of more than ten bytes has no date', (driver) =>
    withInfos(driver, (info) => (info.size > 10 ? { ...info, modified: epoch } : info))),
  path('head/modified-later', 'date-of-instance', 'a new object has the date at which its instance was opened', (driver, storage) => {
    const opened = new Date()
    return redated(driver, storage, (_, old) => (old ? undefined : opened))
  }),
  path('head/modified-later', 'date-of-deleted', 'a key that is put again has the date of what was deleted', (driver, storage) => {
    const dates = new Map<string, Date>()
    return {
      ...redated(driver, storage, (key) => dates.get(key)),
      async delete(keys, options) {
        const deleted = keys.flatMap((key) => (storage.has(key) ? [[key, storage.get(key)!.modified] as const] : []))
        await driver.delete(keys, options)
        for (const [key, date] of deleted) dates.set(key, date)
      },
    }
  }),
  path('walk/concurrent', 'facts-cached', 'facts are remembered as long as the size is the same, unless the instance itself writes', (driver) => {
    const cache = new Map<string, ObjectInfo>()
    return {
      ...withInfos(driver, (info) => {
        const remembered = cache.get(info.key)
        if (remembered?.size === info.size) return remembered
        cache.set(info.key, info)
        return info
      }),
      async put(key, body, options) {
        const stored = await driver.put(key, body, options)
        cache.delete(key)
        return stored
      },
    }
  }),
]

/** Puts whose date `choose` may replace, from the key and what was there before. */
function redated(
  driver: Driver,
  storage: MemoryStorage,
  choose: (key: string, old: ReturnType<MemoryStorage['get']>) => Date | undefined,
): Partial<Driver> {
  return {
    async put(key, body, options) {
      const old = storage.get(key)
      const stored = await driver.put(key, body, options)
      const object = storage.get(key)!
      storage.set(key, { ...object, modified: choose(key, old) ?? object.modified })
      return stored
    },
  }
}

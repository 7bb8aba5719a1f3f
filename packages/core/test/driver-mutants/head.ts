import { RegistryError } from '../../src/errors.js'
import { mutant, type DriverMutant } from './mutant.js'
import type { ObjectInfo } from '../../src/driver.js'

export const headMutants: readonly DriverMutant[] = [
  mutant('head-null', 'head of an absent key is null', (driver) => ({
    head: async (key, options) => (await driver.head(key, options)) ?? (null as unknown as undefined),
  })),
  mutant('head-not-found', 'head of an absent key rejects', (driver) => ({
    async head(key, options) {
      const info = await driver.head(key, options)
      if (!info) throw new RegistryError('NOT_FOUND', key)
      return info
    },
  })),
  mutant('head-without-size', 'head says that every object is empty', (driver) => ({
    async head(key, options) {
      const info = await driver.head(key, options)
      return info && { ...info, size: 0 }
    },
  })),
  mutant('head-epoch', 'head says that every object was put in 1970', (driver) => ({
    async head(key, options) {
      const info = await driver.head(key, options)
      return info && { ...info, modified: new Date(0) }
    },
  })),
  mutant('head-cached', 'head remembers what it said once', (driver) => {
    const cache = new Map<string, ObjectInfo>()
    return {
      async head(key, options) {
        const info = cache.get(key) ?? (await driver.head(key, options))
        if (info) cache.set(key, info)
        return info
      },
    }
  }),
  mutant('head-folder', 'head takes a folder for an object', (driver, storage) => ({
    async head(key, options) {
      const folder = [...storage.keys()].some((other) => other.startsWith(`${key}/`))
      return folder ? { key, size: 0, modified: new Date() } : driver.head(key, options)
    },
  })),
]

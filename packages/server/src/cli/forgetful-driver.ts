import { type Driver, type ObjectInfo, RegistryError } from '@registry/core'
import { memoryDriver } from '@registry/core/memory'

/** A driver that reads a storage and never writes to it: what is put is kept in memory, and what is deleted is gone for it alone. */
export function forgetfulDriver(driver: Driver): Driver {
  const own = memoryDriver()
  const deleted = new Set<string>()
  return {
    contract: 1,
    name: driver.name,
    capabilities: { ...driver.capabilities, presign: false },
    async head(key, options): Promise<ObjectInfo | undefined> {
      return (await own.head(key, options)) ?? (deleted.has(key) ? undefined : driver.head(key, options))
    },
    async open(key, options) {
      if (await own.head(key, options)) return own.open(key, options)
      if (deleted.has(key)) throw new RegistryError('NOT_FOUND', `no object under ${key}`, { driver: driver.name, operation: 'open', key })
      return driver.open(key, options)
    },
    put: (key, body, options) => own.put(key, body, options),
    async delete(keys, options) {
      for (const key of keys) deleted.add(key)
      await own.delete(keys, options)
    },
    async *list(options) {
      for await (const object of driver.list(options)) if (!deleted.has(object.key)) yield object
    },
    async close() {
      await Promise.all([own.close(), driver.close()])
    },
  }
}

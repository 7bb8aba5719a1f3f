import type { Driver } from '../../src/driver.js'
import { RegistryError } from '../../src/errors.js'
import { memoryDriver, type MemoryStorage } from '../../src/memory/index.js'
import { mutant, objectBytes, type DriverMutant } from './mutant.js'

/** A driver one method of which does not notice that it was closed. */
function livesOn(method: string, pick: (living: Driver) => Partial<Driver>): DriverMutant {
  return mutant(`${method}-after-close`, `${method} goes on after close`, (_, storage) => pick(memoryDriver({ storage, objectBytes })))
}

export const lifecycleMutants: readonly DriverMutant[] = [
  livesOn('head', (living) => ({ head: (key, options) => living.head(key, options) })),
  livesOn('open', (living) => ({ open: (key, options) => living.open(key, options) })),
  livesOn('put', (living) => ({ put: (key, body, options) => living.put(key, body, options) })),
  livesOn('delete', (living) => ({ delete: (keys, options) => living.delete(keys, options) })),
  livesOn('list', (living) => ({ list: (options) => living.list(options) })),
  mutant('head-ignores-abort', 'head does not look at its signal', (driver) => ({ head: (key) => driver.head(key) })),
  mutant('abort-wrapped', 'an abort before the call rejects with an error of the driver', (driver) => ({
    async head(key, options) {
      if (options?.signal?.aborted) throw new RegistryError('UNAVAILABLE', 'aborted', { cause: options.signal.reason })
      return driver.head(key, options)
    },
  })),
  mutant('close-once', 'a second close rejects', (driver) => {
    let closed = false
    return {
      async close() {
        if (closed) throw new RegistryError('CLOSED', 'closed already')
        closed = true
        await driver.close()
      },
    }
  }),
  mutant('close-at-once', 'a close while another one is under way rejects', (driver) => {
    let closing = false
    return {
      async close() {
        if (closing) throw new RegistryError('CLOSED', 'closing already')
        closing = true
        await driver.close()
        closing = false
      },
    }
  }),
  mutant('close-all', 'close closes every instance on the same data', (driver, storage) => {
    const closed = closedStorages
    return {
      async head(key, options) {
        if (closed.has(storage)) throw new RegistryError('CLOSED', 'closed')
        return driver.head(key, options)
      },
      async close() {
        closed.add(storage)
        await driver.close()
      },
    }
  }),
  mutant('close-clears', 'close removes the data', (driver, storage) => ({
    async close() {
      storage.clear()
      await driver.close()
    },
  })),
  {
    id: 'instances-apart',
    breaks: 'each instance has data of its own',
    make: () => memoryDriver({ objectBytes }),
  },
  {
    id: 'instances-late',
    breaks: 'what is put is written when the driver is closed',
    make: (storage) => writesAtClose(storage),
  },
  {
    id: 'delete-late',
    breaks: 'what is deleted is gone for others when the driver is closed',
    make: (storage) => deletesAtClose(storage),
  },
  mutant('restart-loses-empty', 'empty objects are gone after a restart', (driver, storage) => ({
    async close() {
      for (const [key, { bytes }] of storage) if (bytes.byteLength === 0) storage.delete(key)
      await driver.close()
    },
  })),
]

const closedStorages = new WeakSet<MemoryStorage>()

function writesAtClose(storage: MemoryStorage): Driver {
  const own: MemoryStorage = new Map(storage)
  const driver = memoryDriver({ storage: own, objectBytes })
  return {
    ...driver,
    async close() {
      for (const [key, object] of own) storage.set(key, object)
      await driver.close()
    },
  }
}

function deletesAtClose(storage: MemoryStorage): Driver {
  const driver = memoryDriver({ storage, objectBytes })
  const deleted = new Set<string>()
  return {
    ...driver,
    head: async (key, options) => (deleted.has(key) ? undefined : driver.head(key, options)),
    async delete(keys) {
      for (const key of keys) deleted.add(key)
    },
    async *list(options) {
      for await (const info of driver.list(options)) if (!deleted.has(info.key)) yield info
    },
    async close() {
      await driver.delete([...deleted]).catch(() => undefined)
      await driver.close()
    },
  }
}

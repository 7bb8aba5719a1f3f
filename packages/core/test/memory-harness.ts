import type { Harness } from '../src/conformance/index.js'
import type { Driver } from '../src/driver.js'
import type { MemoryStorage } from '../src/memory/index.js'

/** Namespaces of drivers that keep their objects in one storage each. */
export function memoryHarness(make: (storage: MemoryStorage) => Driver): Harness<Driver> {
  return async () => {
    const storage: MemoryStorage = new Map()
    return {
      open: async () => make(storage),
      destroy: async () => {
        storage.clear()
      },
    }
  }
}

import type { Driver, Index } from '@registry/core'
import type { Fence } from './fence.js'

/** The driver, which writes only as long as the storage is known to be ours. */
export function fencedDriver(driver: Driver, fence: Fence): Driver {
  return {
    ...driver,
    put: async (key, body, options) => {
      fence.assertOurs()
      const stored = await driver.put(key, body, options)
      // One that ended late may have been overlooked by a rebuild: nothing is promised on it.
      fence.assertOurs('unknown')
      return stored
    },
    delete: async (keys, options) => {
      fence.assertOurs()
      await driver.delete(keys, options)
    },
  }
}

/** The index, which writes only as long as the storage is known to be ours. */
export function fencedIndex(index: Index, fence: Fence): Index {
  return {
    ...index,
    commit: async (changes, options) => {
      fence.assertOurs()
      return index.commit(changes, options)
    },
  }
}

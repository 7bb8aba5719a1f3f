import type { Harness } from '../../src/conformance/index.js'
import { RegistryError } from '../../src/errors.js'
import type { Index, PutChange } from '../../src/index-store.js'
import { memoryIndex, MemoryIndexStorage } from '../../src/memory/index.js'
import { limits } from './mutant.js'

/** Entries as a list in version 0, and as a storage of memory indexes in version 1. */
export interface VersionedData {
  version: number
  list: readonly PutChange[]
  storage: MemoryIndexStorage
  copy: (() => VersionedData) | undefined
  /** What is going on, for those that come later. */
  opening: Promise<void>
}

/** What has to be done before an index on the data can be used; a mutant replaces some of it. */
export interface Opening {
  readonly check: (data: VersionedData) => void
  readonly copy: (data: VersionedData) => void
  readonly migrate: (data: VersionedData) => Promise<void>
  /** Keeps those that come later waiting. */
  readonly lock: (data: VersionedData, body: () => Promise<void>) => Promise<void>
}

const opening: Opening = {
  check({ version }) {
    if (version > 1) throw new RegistryError('UNSUPPORTED', `the data has version ${version}; this index knows 1`)
  },
  copy(data) {
    const { version, list } = data
    data.copy = () => dataOf(version, list)
  },
  async migrate(data) {
    await memoryIndex({ storage: data.storage, limits }).commit(data.list)
    Object.assign(data, { version: 1, list: [] })
  },
  lock(data, body) {
    const done = data.opening.then(body)
    data.opening = done.catch(() => undefined)
    return done
  },
}

/** Namespaces of memory indexes whose data has a version: what the memory index would be if its data lived on. */
export function versionedHarness(change: Partial<Opening> = {}): Harness<Index> {
  const { check, copy, migrate, lock } = { ...opening, ...change }
  return async () => {
    let data = dataOf(1, [])
    return {
      async open() {
        await lock(data, async () => {
          check(data)
          if (data.version !== 0) return
          copy(data)
          await migrate(data)
        })
        return memoryIndex({ storage: data.storage, limits })
      },
      destroy: async () => {},
      schemas: {
        async older(facts) {
          data = dataOf(0, facts)
        },
        async newer() {
          data = dataOf(2, [])
        },
        async restore() {
          if (data.copy === undefined) throw new Error('there is no copy')
          data = data.copy()
        },
        fingerprint: async () => JSON.stringify([data.version, data.list, [...data.storage.partitions.keys()], data.copy !== undefined]),
      },
    }
  }
}

function dataOf(version: number, list: readonly PutChange[]): VersionedData {
  return { version, list, storage: new MemoryIndexStorage(), copy: undefined, opening: Promise.resolve() }
}

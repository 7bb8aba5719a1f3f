import type { CallOptions, Driver } from '../../src/driver.js'
import { RegistryError } from '../../src/errors.js'
import type { MemoryStorage } from '../../src/memory/index.js'
import { mutant, store, type DriverMutant } from './mutant.js'

/** A delete that gives the true one other keys. */
function deletes(id: string, breaks: string, change: (keys: readonly string[], storage: MemoryStorage) => readonly string[]): DriverMutant {
  return mutant(id, breaks, (driver, storage) => ({
    delete: async (keys, options) => driver.delete(change(keys, storage), options),
  }))
}

export const deleteMutants: readonly DriverMutant[] = [
  deletes('delete-nothing', 'delete does nothing', () => []),
  deletes('delete-first', 'the first key alone is deleted', (keys) => keys.slice(0, 1)),
  deletes('delete-page', 'the first 1,000 keys alone are deleted', (keys) => keys.slice(0, 1000)),
  deletes('delete-prefix', 'everything that begins with the key is deleted', (keys, storage) =>
    [...storage.keys()].filter((key) => keys.some((prefix) => key.startsWith(prefix)))),
  deletes('delete-folder', 'what is below the key is deleted', (keys, storage) =>
    [...storage.keys()].filter((key) => keys.some((folder) => key === folder || key.startsWith(`${folder}/`)))),
  deletes('delete-above', 'a key below an object deletes that object', (keys, storage) =>
    [...storage.keys()].filter((key) => keys.some((below) => below === key || below.startsWith(`${key}/`)))),
  deletes('delete-until-absent', 'delete ends at the first absent key', (keys, storage) => {
    const absent = keys.findIndex((key) => !storage.has(key))
    return absent < 0 ? keys : keys.slice(0, absent)
  }),
  mutant('delete-refuses-absent', 'an absent key rejects', (driver, storage) => ({
    async delete(keys, options) {
      for (const key of keys) if (!storage.has(key)) throw new RegistryError('NOT_FOUND', key)
      await driver.delete(keys, options)
    },
  })),
  mutant('delete-refuses-none', 'no keys reject', (driver) => ({
    async delete(keys, options) {
      if (keys.length === 0) throw new RegistryError('INTERNAL', 'MalformedXML')
      await driver.delete(keys, options)
    },
  })),
  mutant('delete-refuses-same', 'a key that is named twice rejects', (driver) => ({
    async delete(keys, options) {
      if (new Set(keys).size < keys.length) throw new RegistryError('NOT_FOUND', 'deleted already')
      await driver.delete(keys, options)
    },
  })),
  mutant('delete-empties', 'delete leaves an empty object', (_, storage) => ({
    async delete(keys) {
      for (const key of keys) store(storage, key, new Uint8Array())
    },
  })),
  mutant('delete-for-ever', 'a deleted key cannot be put again', (driver, storage) => {
    const deleted = new Set<string>()
    return {
      async delete(keys, options) {
        await driver.delete(keys, options)
        for (const key of keys) deleted.add(key)
      },
      async put(key, body, options) {
        const stored = await driver.put(key, body, options)
        if (deleted.has(key)) storage.delete(key)
        return stored
      },
    }
  }),
  mutant('delete-ignores-abort', 'delete does not look at its signal', (driver) => ({ delete: (keys) => driver.delete(keys) })),
  mutant('delete-before-abort', 'delete looks at its signal when it is done', deletesBeforeAbort),
]

function deletesBeforeAbort(driver: Driver): Partial<Driver> {
  return {
    async delete(keys: readonly string[], options?: CallOptions) {
      await driver.delete(keys)
      options?.signal?.throwIfAborted()
    },
  }
}

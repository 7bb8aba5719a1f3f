import { RegistryError } from '../../src/errors.js'
import { collectInfos, mutant, type DriverMutant } from './mutant.js'

/** Files that a process may have open. */
const handles = 1024

const folderOf = (key: string): string => key.slice(0, key.lastIndexOf('/') + 1)

function tooMany(): RegistryError {
  return new RegistryError('UNAVAILABLE', 'EMFILE: too many open files')
}

/** Mutants that leak a handle for a call, and show it behind more than a thousand of them. */
export const handleMutants: readonly DriverMutant[] = [
  mutant('dispose-unread-leaks', 'an object that was not read stays open', (driver) => {
    let open = 0
    return {
      async open(key, options) {
        if (open >= handles) throw tooMany()
        const object = await driver.open(key, options)
        open++
        const body = async function* (): AsyncGenerator<Uint8Array> {
          try {
            yield* object.body
          } finally {
            open--
          }
        }
        return { ...object, body: body() }
      },
    }
  }),
  mutant('open-refused-leaks', 'an object whose range is refused stays open', (driver) => {
    let open = 0
    return {
      async open(key, options) {
        if (open >= handles) throw tooMany()
        try {
          return await driver.open(key, options)
        } catch (error) {
          if (RegistryError.is(error, 'RANGE_INVALID')) open++
          throw error
        }
      },
    }
  }),
  mutant('list-left-leaks', 'a list that is left keeps its folder open', (driver) => {
    let open = 0
    return {
      async *list(options) {
        if (open >= handles) throw tooMany()
        open++
        yield* driver.list(options)
        open--
      },
    }
  }),
  mutant('list-left-blocks-close', 'close waits for lists that were left', (driver) => {
    let open = 0
    return {
      async *list(options) {
        open++
        yield* driver.list(options)
        open--
      },
      async close() {
        const isBlocked = open > handles
        open = 0
        if (isBlocked) await new Promise(() => undefined)
        await driver.close()
      },
    }
  }),
]

/** Mutants that show only where there are thousands of objects. */
export const thousandMutants: readonly DriverMutant[] = [
  mutant('list-by-thousands', 'list goes on by position, a thousand at a time', (driver) => ({
    async *list(options = {}) {
      for (let offset = 0; ; offset += 1000) {
        const page = (await collectInfos(driver.list(options))).slice(offset, offset + 1000)
        for (const info of page) {
          options.signal?.throwIfAborted()
          yield info
        }
        if (page.length < 1000) return
      }
    },
  })),
  mutant('list-thousand-folders', 'list ends behind a thousand folders', (driver) => ({
    async *list(options) {
      const folders = new Set<string>()
      for await (const info of driver.list(options)) {
        if (folders.add(folderOf(info.key)).size > 1000) return
        yield info
      }
    },
  })),
  mutant('list-needs-cursor', 'the second page begins behind the last object of the first one, which has to be there', (driver, storage) => ({
    async *list(options) {
      let listed = 0
      let last = ''
      for await (const info of driver.list(options)) {
        if (listed > 0 && listed % 1000 === 0 && !storage.has(last)) return
        listed++
        last = info.key
        yield info
      }
    },
  })),
  mutant('list-one-cursor', 'a list that begins ends the others behind their page of a thousand', (driver) => {
    let latest = 0
    return {
      async *list(options) {
        const own = ++latest
        let listed = 0
        for await (const info of driver.list(options)) {
          if (listed++ >= 1000 && own !== latest) return
          yield info
        }
      },
    }
  }),
  mutant('delete-two-pages', 'the first 2,000 keys alone are deleted', (driver) => ({
    delete: (keys, options) => driver.delete(keys.slice(0, 2000), options),
  })),
  mutant('delete-full-batch', 'the last key of a batch of 1,000 is forgotten', (driver) => ({
    delete: (keys, options) => driver.delete(keys.filter((_, i) => i % 1000 !== 999), options),
  })),
  mutant('delete-not-awaited', 'what is behind the first 1,000 keys is deleted later', (driver) => ({
    async delete(keys, options) {
      await driver.delete(keys.slice(0, 1000), options)
      if (keys.length > 1000) setImmediate(() => void driver.delete(keys.slice(1000)).catch(() => undefined))
    },
  })),
]


import type { CallOptions, Driver } from '../../src/driver.js'
import { mutant, type DriverMutant } from './mutant.js'

/** A method that notices an abort after some work, and then rejects with an error of its own, as the client of a backend may. */
function ownError(method: string, change: (driver: Driver, interrupted: (options?: CallOptions) => Promise<void>) => Partial<Driver>): DriverMutant {
  const interrupted = async (options?: CallOptions): Promise<void> => {
    options?.signal?.throwIfAborted()
    await someTurns()
    if (options?.signal?.aborted) throw Object.assign(new Error('Request aborted'), { name: 'AbortError' })
  }
  const breaks = `${method} rejects with an error of the backend when it is aborted meanwhile`
  return mutant(`${method}-own-abort`, breaks, (driver) => change(driver, interrupted))
}

export const abortMutants: readonly DriverMutant[] = [
  ownError('head', (driver, interrupted) => ({
    async head(key, options) {
      await interrupted(options)
      return driver.head(key, options)
    },
  })),
  ownError('open', (driver, interrupted) => ({
    async open(key, options) {
      await interrupted(options)
      return driver.open(key, options)
    },
  })),
  ownError('delete', (driver, interrupted) => ({
    async delete(keys, options) {
      await interrupted(options)
      await driver.delete(keys, options)
    },
  })),
  ownError('put', (driver, interrupted) => ({
    async put(key, body, options) {
      await interrupted(options)
      return driver.put(key, body, options)
    },
  })),
  ownError('list', (driver, interrupted) => ({
    async *list(options) {
      for await (const info of driver.list(options)) {
        await interrupted(options)
        yield info
      }
    },
  })),
  mutant('put-stored-and-aborted', 'put rejects with the reason when it is aborted behind the moment at which the object is stored', (driver) => ({
    async put(key, body, options) {
      const stored = await driver.put(key, body, options)
      await someTurns()
      options?.signal?.throwIfAborted()
      return stored
    },
  })),
  mutant('delete-aborted-all', 'a delete that is aborted meanwhile deletes everything', (driver, storage) => ({
    async delete(keys, options) {
      options?.signal?.throwIfAborted()
      await someTurns()
      if (options?.signal?.aborted) storage.clear()
      await driver.delete(keys, options)
    },
  })),
  mutant('delete-aborted-silent', 'a delete that is aborted meanwhile resolves, and has deleted nothing', (driver) => ({
    async delete(keys, options) {
      options?.signal?.throwIfAborted()
      await someTurns()
      if (!options?.signal?.aborted) await driver.delete(keys, options)
    },
  })),
  mutant('list-ends-while-waiting', 'a list that is aborted while its next object is awaited has ended', (driver) => ({
    async *list(options) {
      for await (const info of driver.list(options)) {
        await someTurns()
        if (options?.signal?.aborted) return
        yield info
      }
    },
  })),
]

async function someTurns(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate)
}

import type { Driver } from '../../src/driver.js'
import { RegistryError } from '../../src/errors.js'
import { collectInfos, mutant, type DriverMutant } from './mutant.js'

/** A driver that keeps objects under other names, so that two of them may get the same, and lists the keys that they were put with. */
function names(id: string, breaks: string, name: (key: string) => string): DriverMutant {
  return mutant(id, breaks, (driver) => {
    const keys = new Map<string, string>()
    return {
      async head(key, options) {
        const info = await driver.head(name(key), options)
        return info && { ...info, key }
      },
      async open(key, options) {
        const object = await driver.open(name(key), options)
        return { ...object, info: { ...object.info, key } }
      },
      async put(key, body, options) {
        keys.set(name(key), key)
        return driver.put(name(key), body, options)
      },
      delete: (deleted, options) => driver.delete(deleted.map(name), options),
      async *list({ prefix = '', after = '', signal } = {}) {
        const infos = (await collectInfos(driver.list({ signal }))).map((info) => ({ ...info, key: keys.get(info.key) ?? info.key }))
        yield* infos.filter(({ key }) => key.startsWith(prefix) && key > after).sort((a, b) => (a.key < b.key ? -1 : 1))
      },
    }
  })
}

function refuses(id: string, breaks: string, refused: (key: string) => boolean): DriverMutant {
  return mutant(id, breaks, (driver: Driver) => ({
    async put(key, body, options) {
      if (refused(key)) throw new RegistryError('INTERNAL', 'ENAMETOOLONG')
      return driver.put(key, body, options)
    },
  }))
}

/** A driver that answers `Answer` where the true one refuses what is no key. */
async function forgiving<Answer>(call: Promise<Answer>, answer: () => Answer): Promise<Answer> {
  try {
    return await call
  } catch (error) {
    if (error instanceof TypeError) return answer()
    throw error
  }
}

export const keyMutants: readonly DriverMutant[] = [
  mutant('head-any-key', 'head of what is no key is undefined', (driver) => ({
    head: (key, options) => forgiving(driver.head(key, options), () => undefined),
  })),
  mutant('open-any-key', 'open of what is no key is NOT_FOUND', (driver) => ({
    open: (key, options) => forgiving(driver.open(key, options), () => {
      throw new RegistryError('NOT_FOUND', key)
    }),
  })),
  mutant('put-any-key', 'put of what is no key stores it under another one', (driver) => ({
    put: (key, body, options) => forgiving(driver.put(key, body, options), () => ({ size: 0 })),
  })),
  mutant('delete-any-key', 'delete passes over what is no key', (driver) => ({
    delete: (keys, options) => forgiving(driver.delete(keys, options), () => undefined),
  })),
  mutant('delete-until-untame', 'delete finds out too late that one of its keys is none', (driver) => ({
    async delete(keys, options) {
      for (const key of keys) await driver.delete([key], options)
    },
  })),
  mutant('keys-no-limit', 'a segment may have 201 bytes', (driver) => {
    const short = (key: string): string => key.replaceAll(/[^/]{200}(?=[^/](\/|$))/g, (segment) => segment.slice(1))
    return { put: (key, body, options) => driver.put(short(key), body, options) }
  }),
  names('keys-flat', 'a slash is kept as two dashes', (key) => key.replaceAll('/', '--')),
  names('keys-cut', 'a segment is cut to 199 bytes', (key) => key.split('/').map((segment) => segment.slice(0, 199)).join('/')),
  names('keys-cut-whole', 'a key is cut to 800 bytes', (key) => key.slice(0, 800).replace(/\/$/, '')),
  names('keys-without-dots', 'a dot at the beginning of a segment is dropped', (key) => key.replaceAll(/(^|\/)\.(?=[^/.])/g, '$1')),
  refuses('keys-short-segments', 'a segment may have 199 bytes', (key) => key.split('/').some((segment) => segment.length > 199)),
  refuses('keys-short', 'a key may have 899 bytes', (key) => key.length > 899),
  refuses('keys-shallow', 'a key may have 100 segments', (key) => key.split('/').length > 100),
  refuses('keys-no-exclamation', 'a segment may not have an exclamation mark', (key) => key.includes('!')),
]

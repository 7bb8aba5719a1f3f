import type { Driver, ListOptions, ObjectInfo } from '../../src/driver.js'
import { RegistryError } from '../../src/errors.js'
import { collectInfos, mutant, type DriverMutant } from './mutant.js'

/** A list that answers what `change` makes of the true one, asked with the same options. */
function lists(id: string, breaks: string, change: (infos: readonly ObjectInfo[], options: ListOptions) => readonly ObjectInfo[]): DriverMutant {
  return mutant(id, breaks, (driver) => ({
    async *list(options = {}) {
      for (const info of change(await collectInfos(driver.list(options)), options)) {
        options.signal?.throwIfAborted()
        yield info
      }
    },
  }))
}

/** A list that filters everything by itself. */
function filters(id: string, breaks: string, keeps: (key: string, prefix: string, after: string) => boolean): DriverMutant {
  return mutant(id, breaks, (driver) => ({
    async *list(options = {}) {
      for await (const info of driver.list({ signal: options.signal })) {
        if (keeps(info.key, options.prefix ?? '', options.after ?? '')) yield info
      }
    },
  }))
}

const folderOf = (text: string): string => text.slice(0, text.lastIndexOf('/') + 1)
const selects = (key: string, prefix: string, after: string): boolean => key.startsWith(prefix) && key > after

/** Mutants that show only where there are thousands of objects. */
export const pageMutants: readonly DriverMutant[] = [
  lists('list-five-pages', 'list ends after five pages of a thousand', (infos) => infos.slice(0, 5000)),
  lists('list-thousandth-twice', 'the last object of a page of a thousand is listed twice', (infos) =>
    infos.flatMap((info, i) => (i % 1000 === 999 ? [info, info] : [info]))),
  mutant('list-prefix-first-page', 'the prefix is looked at in the first page of a thousand alone', (driver) => ({
    async *list(options = {}) {
      let last: string | undefined
      let listed = 0
      for await (const info of driver.list(options)) {
        yield info
        last = info.key
        if (++listed === 1000) break
      }
      if (listed === 1000) yield* driver.list({ signal: options.signal, after: last })
    },
  })),
  lists('list-facts-first-page', 'from the second page of a thousand on, objects have neither size nor date', (infos) =>
    infos.map((info, i) => (i < 1000 ? info : { ...info, size: 0, modified: new Date(0) }))),
  mutant('list-prefix-empty-page', 'a list with a prefix ends at a page of a thousand keys of which none has it', (driver, storage) => ({
    async *list(options = {}) {
      const names = [...storage.keys()].sort()
      for (let start = 0; start < names.length; start += 1000) {
        const page = new Set(names.slice(start, start + 1000).filter((key) => key.startsWith(options.prefix ?? '')))
        if (page.size === 0) return
        for await (const info of driver.list({ ...options, after: start > 0 ? names[start - 1] : options.after })) {
          if (page.has(info.key) && info.key > (options.after ?? '')) yield info
          else if (info.key > names[Math.min(start + 999, names.length - 1)]!) break
        }
      }
    },
  })),
  mutant('list-prefix-one-page', 'a list with a prefix ends after a thousand objects', (driver) => ({
    list: (options = {}) => (options.prefix ? firstThousand(driver.list(options)) : driver.list(options)),
  })),
  mutant('list-after-one-page', 'a list with an after ends after a thousand objects', (driver) => ({
    list: (options = {}) => (options.after ? firstThousand(driver.list(options)) : driver.list(options)),
  })),
  mutant('list-after-far', 'an after behind the first two thousand objects is not looked at', (driver, storage) => ({
    async *list(options = {}) {
      const before = [...storage.keys()].filter((key) => key <= (options.after ?? '')).length
      yield* driver.list(before > 2000 ? { ...options, after: undefined } : options)
    },
  })),
]

async function* firstThousand(infos: AsyncIterable<ObjectInfo>): AsyncGenerator<ObjectInfo, void> {
  let listed = 0
  for await (const info of infos) {
    yield info
    if (++listed === 1000) return
  }
}

export const listMutants: readonly DriverMutant[] = [
  mutant('list-refuses-empty', 'list of an empty namespace rejects', (driver, storage) => ({
    async *list(options) {
      if (storage.size === 0) throw new RegistryError('NOT_FOUND', 'no such directory')
      yield* driver.list(options)
    },
  })),
  lists('list-without-size', 'list says that every object is empty', (infos) => infos.map((info) => ({ ...info, size: 0 }))),
  lists('list-modified-text', 'modified in list is a text', (infos) =>
    infos.map((info) => ({ ...info, modified: info.modified.toISOString() as unknown as Date }))),
  lists('list-by-locale', 'list is in the order of a language', (infos) => infos.toSorted((a, b) => a.key.localeCompare(b.key))),
  lists('list-by-folder', 'list is in the order of names in folders', (infos) =>
    infos.toSorted((a, b) => (a.key.replaceAll('/', '\0') < b.key.replaceAll('/', '\0') ? -1 : 1))),
  mutant('list-by-time', 'list is in the order of the puts', (driver, storage) => ({
    async *list(options = {}) {
      for (const key of [...storage.keys()]) {
        const info = selects(key, options.prefix ?? '', options.after ?? '') && (await driver.head(key, { signal: options.signal }))
        if (info) yield info
      }
    },
  })),
  lists('list-first-page', 'list ends after 100 objects', (infos) => infos.slice(0, 100)),
  ...pageMutants,
  lists('list-page-doubled', 'the last object of a page of 100 is listed twice', (infos) =>
    infos.flatMap((info, i) => (i % 100 === 99 ? [info, info] : [info]))),
  lists('list-twice', 'every object is listed twice', (infos) => infos.flatMap((info) => [info, info])),
  mutant('list-versions', 'an object is listed once for each put', (driver) => {
    const versions: ObjectInfo[] = []
    return {
      async put(key, body, options) {
        const stored = await driver.put(key, body, options)
        versions.push((await driver.head(key))!)
        return stored
      },
      async *list(options) {
        for await (const info of driver.list(options)) yield* versions.filter(({ key }) => key === info.key)
      },
    }
  }),
  mutant('list-by-offset', 'list goes on by position, fifty at a time', (driver) => ({
    async *list(options = {}) {
      for (let offset = 0; ; offset += 50) {
        const page = (await collectInfos(driver.list(options))).slice(offset, offset + 50)
        if (page.length === 0) return
        for (const info of page) {
          options.signal?.throwIfAborted()
          yield info
        }
      }
    },
  })),
  mutant('list-one-loop', 'leaving one list ends all others', (driver) => {
    let left = 0
    return {
      async *list(options) {
        const before = left
        let ended = false
        try {
          for await (const info of driver.list(options)) {
            if (left > before) return
            yield info
          }
          ended = true
        } finally {
          if (!ended) left++
        }
      },
    }
  }),
  mutant('list-deleted', 'a deleted object is still listed', (driver) => {
    const deleted: ObjectInfo[] = []
    return {
      async delete(keys, options) {
        for (const key of keys) {
          const info = await driver.head(key)
          if (info) deleted.push(info)
        }
        await driver.delete(keys, options)
      },
      async *list(options = {}) {
        const infos = [...(await collectInfos(driver.list(options))), ...deleted]
        yield* infos.filter(({ key }) => selects(key, options.prefix ?? '', options.after ?? '')).sort((a, b) => (a.key < b.key ? -1 : 1))
      },
    }
  }),
  filters('list-prefix-folder-only', 'a prefix is cut to its folder', (key, prefix, after) => selects(key, folderOf(prefix), after)),
  filters('list-prefix-as-folder', 'a slash is added to a prefix', (key, prefix, after) =>
    selects(key, prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`, after)),
  filters('list-prefix-without-slash', 'the slash at the end of a prefix is dropped', (key, prefix, after) =>
    selects(key, prefix.replace(/\/$/, ''), after)),
  filters('list-prefix-not-whole', 'a prefix has to be shorter than the key', (key, prefix, after) => key !== prefix && selects(key, prefix, after)),
  filters('list-prefix-within', 'a prefix may stand anywhere', (key, prefix, after) => key.includes(prefix) && key > after),
  filters('list-prefix-normalized', 'a prefix is taken for a path', (key, prefix, after) =>
    selects(key, new URL(prefix, 'file:///').pathname.slice(1), after)),
  filters('list-prefix-needed', 'without a prefix nothing is listed', (key, prefix, after) => prefix !== '' && selects(key, prefix, after)),
  filters('list-prefix-ignored', 'a prefix is not looked at', (key, _, after) => key > after),
  filters('list-after-inclusive', 'after is listed too', (key, prefix, after) => key.startsWith(prefix) && key >= after),
  filters('list-after-ignored', 'after is not looked at', (key, prefix) => key.startsWith(prefix)),
  filters('list-after-folder', 'the folder of after is skipped', (key, prefix, after) =>
    selects(key, prefix, after) && !(after.includes('/') && key.startsWith(folderOf(after)))),
  filters('list-after-in-prefix', 'after stands for what follows the prefix', (key, prefix, after) => selects(key, prefix, prefix + after)),
  mutant('list-after-must-exist', 'an absent after lists nothing', (driver, storage) => ({
    async *list(options = {}) {
      if (!options.after || storage.has(options.after)) yield* driver.list(options)
    },
  })),
  mutant('list-ignores-abort', 'list does not look at its signal', (driver) => ({
    list: ({ prefix, after } = {}) => driver.list({ prefix, after }),
  })),
  mutant('list-abort-at-start', 'list looks at its signal only at the start', (driver) => ({
    async *list({ prefix, after, signal } = {}) {
      signal?.throwIfAborted()
      yield* driver.list({ prefix, after })
    },
  })),
  mutant('list-ends-on-abort', 'an aborted list ends as if there were no more', endsOnAbort),
]

function endsOnAbort(driver: Driver): Partial<Driver> {
  return {
    async *list(options) {
      try {
        yield* driver.list(options)
      } catch (error) {
        if (error !== options?.signal?.reason) throw error
      }
    },
  }
}

import { assertEntryKey, assertPartition, type CallOptions, checkChanges, type Index, pageLimit, RegistryError, searchTerms } from '@registry/core'
import { notWritten } from './not-written.js'

export interface {{Type}}Options {
  /** Name of the database. */
  readonly database: string
}

/** What a commit may have. Callers keep to it. */
const limits = Object.freeze({ changes: 1000, commitBytes: 4_000_000, valueBytes: 390_000, spread: 1 })

/**
 * Keeps facts in …
 *
 * @throws `CONFIG` where an option is wrong, `ACCESS_DENIED` or `UNAVAILABLE` where the backend does not let it in
 */
export async function {{factory}}({ database }: {{Type}}Options): Promise<Index> {
  await connect(database)
  let closed = false
  const enter = ({ signal }: CallOptions): void => {
    if (closed) throw new RegistryError('CLOSED', `the index in ${database} was closed`, { driver: '{{name}}' })
    signal?.throwIfAborted()
  }

  return {
    contract: 1,
    name: '{{name}}',
    capabilities: Object.freeze({ search: true, limits }),
    async get(keys, options = {}) {
      enter(options)
      keys.forEach(assertEntryKey)
      return notWritten('get', 'return the entry of each key, in their order, and undefined where there is none')
    },
    async scan(partition, options = {}) {
      enter(options)
      assertPartition(partition)
      const limit = pageLimit(options.limit)
      return notWritten('scan', `return the ${limit} entries that options.prefix, after, before and reverse pick, by the UTF-8 bytes of their sort keys, and whether there are more`)
    },
    async commit(changes, options = {}) {
      enter(options)
      checkChanges(changes, limits, options)
      return notWritten('commit', 'apply all changes in one transaction where each is as it expects, and return their new revisions; else throw CONFLICT with the key')
    },
    async search({ partition, text }, options = {}) {
      enter(options)
      assertPartition(partition)
      const terms = searchTerms(text)
      return notWritten('search', `return the entries whose text has each of the ${terms.length} terms, as scan does; without search, say search: false and throw UNSUPPORTED`)
    },
    async close() {
      closed = true
    },
  }
}

async function connect(database: string): Promise<void> {
  notWritten('connect', `reach the backend, and make what is missing of ${database}`)
}

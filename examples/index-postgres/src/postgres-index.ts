import { callsOf, RegistryError } from '@registry/core'
import type { CallOptions, Index } from '@registry/core'
import { prepareCommit, sendCommit } from './commit.js'
import { Connections, withRetries } from './connections.js'
import type { Query } from './connections.js'
import { get } from './get.js'
import type { PostgresIndexOptions } from './options.js'
import { prepareSchema } from './prepare-schema.js'
import { scan } from './scan.js'
import { search } from './search.js'
import { translateError } from './translate-error.js'
import { untilAborted } from './until-aborted.js'

const name = 'postgres'
const limits = Object.freeze({ changes: 1000, commitBytes: 4_000_000, valueBytes: 1_000_000, spread: 1 })

/**
 * Opens an index in a schema of PostgreSQL, which is made where it is missing.
 *
 * @throws `CONFIG` for a wrong option, `UNAVAILABLE`, `ACCESS_DENIED`, and `UNSUPPORTED` for data of a newer release
 */
export async function postgresIndex(options: PostgresIndexOptions): Promise<Index> {
  const schema = options.schema ?? 'registry'
  if (!/^(?!pg_)[a-z_][a-z0-9_]{0,62}$/.test(schema)) {
    throw new RegistryError('CONFIG', `schema is ${schema}; use a-z, 0-9 and _, a letter first, and not pg_`, { driver: name })
  }
  const quoted = `"${schema}"`
  const connections = new Connections(options)
  const calls = callsOf(name, `the index in the schema ${schema}`)
  const never = new AbortController().signal
  try {
    await withRetries(never, () => connections.withClient({ signal: never }, (client) => prepareSchema(client, quoted)))
  } catch (error) {
    await connections.close()
    throw translateError(error, 'open', false)
  }

  /** Rejects at once when the caller gives up; a statement that is under way goes on to its end, and a close waits for it. */
  const call = <Value>(operation: string, callOptions: CallOptions, work: (signal: AbortSignal) => Promise<Value>): Promise<Value> =>
    untilAborted(calls.run(operation, callOptions, ({ signal }) => work(signal)), callOptions.signal)

  const read = <Value>(operation: string, callOptions: CallOptions, work: (query: Query) => Promise<Value>): Promise<Value> =>
    call(operation, callOptions, async (signal) => {
      const query: Query = (text, values) => withRetries(signal, () => connections.query({ signal }, text, values))
      return work(query).catch((error: unknown) => {
        signal.throwIfAborted()
        throw translateError(error, operation, false)
      })
    })

  let closing: Promise<void> | undefined
  return {
    contract: 1,
    name,
    capabilities: Object.freeze({ search: true, limits }),
    get: (keys, callOptions = {}) => read('get', callOptions, (query) => get(query, quoted, keys)),
    scan: (partition, scanOptions = {}) => read('scan', scanOptions, (query) => scan(query, quoted, partition, scanOptions)),
    search: (wanted, searchOptions = {}) => read('search', searchOptions, (query) => search(query, quoted, wanted, searchOptions)),
    commit: (changes, commitOptions = {}) =>
      call('commit', commitOptions, async (signal) => {
        const prepared = prepareCommit(changes, limits, commitOptions)
        if (changes.length === 0) return []
        const sent = { isUnknown: false }
        const onLost = (): void => {
          sent.isUnknown = true
        }
        const query: Query = (text, values) => connections.query({ signal, onLost }, text, values)
        try {
          return await withRetries(signal, () => sendCommit(query, quoted, prepared, commitOptions.durable !== false, sent.isUnknown))
        } catch (error) {
          if (!sent.isUnknown) signal.throwIfAborted()
          throw translateError(error, 'commit', sent.isUnknown)
        }
      }),
    close: () => (closing ??= calls.close().then(() => connections.close())),
  }
}

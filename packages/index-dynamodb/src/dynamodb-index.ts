import {
  assertEntryKey,
  assertPartition,
  type CallOptions,
  callsOf,
  type Change,
  checkChanges,
  type CommitOptions,
  type Entry,
  type EntryKey,
  type EntryPage,
  type Index,
  type IndexLimits,
  pageLimit,
  RegistryError,
  type ScanOptions,
  type SearchOptions,
  type SearchQuery,
} from '@registry/core'
import { dynamodbClient } from './client.js'
import { commitChanges } from './commit-changes.js'
import type { DynamodbIndexOptions } from './dynamodb-index-options.js'
import { getEntries } from './get-entries.js'
import { openTables } from './open-tables.js'
import { prepared, revisionOf } from './prepared-change.js'
import { queryPage } from './query.js'
import { searchFilter } from './search-filter.js'
import { serviceOf } from './service.js'
import { settingsOf } from './settings.js'

/** What DynamoDB takes in one transaction and in one item, less what an entry has beside key, value and text. */
const limits: IndexLimits = Object.freeze({ changes: 100, commitBytes: 4_000_000, valueBytes: 390_000, spread: 16 })

/**
 * Opens an index that keeps its facts in two tables of DynamoDB, and creates them where they are missing. Any number of processes on any
 * number of machines may open the same tables.
 *
 * @throws `CONFIG` where an option is wrong, or a table belongs to another program
 * @throws `UNSUPPORTED` where a newer version has made the tables
 * @throws `ACCESS_DENIED`, `UNAVAILABLE` where the tables cannot be used
 */
export async function dynamodbIndex(options: DynamodbIndexOptions = {}): Promise<Index> {
  const settings = settingsOf(options)
  const service = serviceOf(await dynamodbClient(settings), settings)
  try {
    await openTables(service)
  } catch (error) {
    service.client.destroy()
    throw error
  }
  const calls = callsOf('dynamodb', `the index in table ${settings.entryTable}`)

  return {
    contract: 1,
    name: 'dynamodb',
    capabilities: Object.freeze({ search: true, limits }),

    get(keys: readonly EntryKey[], options: CallOptions = {}): Promise<readonly (Entry | undefined)[]> {
      return calls.run('get', options, async ({ signal }) => {
        keys.forEach(assertEntryKey)
        return getEntries(service, keys, signal)
      })
    },

    scan(partition: string, options: ScanOptions = {}): Promise<EntryPage> {
      return calls.run('scan', options, async ({ signal }) => {
        assertPartition(partition)
        const { limit, reverse = false } = options
        return queryPage(service, { operation: 'scan', partition, range: options, limit: pageLimit(limit), reverse, signal })
      })
    },

    commit(changes: readonly Change[], options: CommitOptions = {}): Promise<readonly (string | undefined)[]> {
      return calls.run('commit', options, async ({ signal }) => {
        const ready = checkChanges(changes, limits, options).map(prepared)
        try {
          await commitChanges(service, ready, options.atomic ?? true, signal)
        } catch (error) {
          throw signal.aborted && error === signal.reason ? interrupted(error) : error
        }
        return ready.map(revisionOf)
      })
    },

    search({ partition, text }: SearchQuery, options: SearchOptions = {}): Promise<EntryPage> {
      return calls.run('search', options, async ({ signal }) => {
        assertPartition(partition)
        const range = { after: options.after }
        return queryPage(service, { operation: 'search', partition, range, limit: pageLimit(options.limit), filter: searchFilter(text), signal })
      })
    },

    async close(): Promise<void> {
      await calls.close()
      service.client.destroy()
    },
  }
}

/** A commit that was under way at a close may have been applied. Whoever aborts one gets the reason itself. */
function interrupted(reason: unknown): unknown {
  if (!RegistryError.is(reason, 'CLOSED')) return reason
  return new RegistryError('CLOSED', reason.message, { driver: 'dynamodb', operation: 'commit', outcome: 'unknown', cause: reason })
}

import type { CallOptions, Change, CommitOptions, Entry, EntryKey, EntryPage, Index, ScanOptions, SearchOptions, SearchQuery } from '@registry/core'
import { memoryIndex } from '@registry/core/memory'
import type { CallFacts, Scheduler } from './scheduler.js'
import type { CommitOutcome } from './twin.js'
import type { World } from './world.js'

/** Partitions of ids that none of the runs has: all of theirs begin with two zeros. What is always empty need not wait. */
const nothing = Promise.resolve<EntryPage>({ entries: [], more: false })
const alwaysEmpty = /^(?:due|trash|sweeps|buried|uploads|pushes)\/(?!00)/

export interface ScheduledIndexOptions {
  /** A `get` reads one key after the other, in any order: no index promises a snapshot. So does a commit that is not atomic. */
  readonly torn: boolean
}

/** What a process sees of the index. Each call waits for the scheduler. */
export function scheduledIndex(world: World, scheduler: Scheduler, process: string, { torn }: ScheduledIndexOptions): Index {
  const index = memoryIndex({ storage: world.rows, limits: world.limits })

  const apply = async (changes: readonly Change[], options: CommitOptions | undefined): Promise<CommitOutcome> => {
    try {
      await index.commit(changes, options)
    } catch (error) {
      return { error }
    }
    return { revisions: changes.map((change) => revised(world, process, change)) }
  }
  const commit = (changes: readonly Change[], options?: CommitOptions): Promise<readonly (string | undefined)[]> =>
    scheduler.call(process, commitFacts(changes), async () => {
      const outcome = await apply(changes, options)
      await world.twin?.commit(changes, options, outcome)
      if ('error' in outcome) throw outcome.error
      return outcome.revisions
    })

  return {
    contract: 1,
    name: index.name,
    capabilities: index.capabilities,
    async get(keys: readonly EntryKey[], options?: CallOptions): Promise<readonly (Entry | undefined)[]> {
      if (keys.length === 0) return []
      const read = (some: readonly EntryKey[]): Promise<readonly (Entry | undefined)[]> =>
        scheduler.call(process, getFacts(some), async () => {
          const entries = await index.get(some, options)
          await world.twin?.get(some, entries)
          return entries
        })
      return torn ? (await Promise.all(keys.map((key) => read([key])))).flat() : read(keys)
    },
    scan: (partition: string, options?: ScanOptions): Promise<EntryPage> =>
      alwaysEmpty.test(partition)
        ? nothing
        : scheduler.call(process, { kind: 'read', label: `scan ${partition}`, touches: [{ place: partition, item: '*', writes: false }] }, async () => {
            const page = await index.scan(partition, options)
            await world.twin?.scan(partition, options, page)
            return page
          }),
    commit: async (changes: readonly Change[], options?: CommitOptions): Promise<readonly (string | undefined)[]> =>
      torn && options?.atomic === false ? (await Promise.all(changes.map((change) => commit([change], options)))).flat() : commit(changes, options),
    search: (query: SearchQuery, options?: SearchOptions) =>
      scheduler.call(process, { kind: 'read', label: `search ${query.partition}`, touches: [{ place: query.partition, item: '*', writes: false }] }, () => index.search(query, options)),
    close: () => index.close(),
  }
}

/** Gives what a commit put a revision of the run's own. */
function revised(world: World, process: string, { op, key: { partition, sort } }: Change): string | undefined {
  if (op === 'check') return undefined
  const revision = world.wrote(process, `${partition} ${sort}`)
  if (op === 'delete') world.removed(`${partition} ${sort}`)
  const entries = world.rows.partitions.get(partition)
  const entry = entries?.get(sort)
  if (op === 'delete' || !entries || !entry) return undefined
  entries.set(sort, { ...entry, revision })
  return revision
}

function getFacts(keys: readonly EntryKey[]): CallFacts {
  return {
    kind: 'read',
    label: `get ${keys.map(show).join(', ')}`,
    touches: keys.map(({ partition, sort }) => ({ place: partition, item: sort, writes: false })),
  }
}

function commitFacts(changes: readonly Change[]): CallFacts {
  return {
    kind: 'commit',
    label: `commit ${changes.map(({ op, key }) => `${op} ${show(key)}`).join(', ')}`,
    touches: changes.map(({ op, key: { partition, sort } }) => ({ place: partition, item: sort, writes: op !== 'check' })),
  }
}

function show({ partition, sort }: EntryKey): string {
  return `${partition} ${sort}`
}

import type { Change } from '@registry/core'
import pMap from 'p-map'
import { newestDescription } from '../descriptions/newest-description.js'
import { rowKeys } from '../keyspace.js'
import { putRepository, withDerived } from '../repository-row.js'
import { type Row, scanRows } from '../row-store.js'
import { isLive, type Repository, type Tombstone } from '../rows.js'
import { startBatch } from './batch.js'
import type { Hold } from './hold.js'
import { readPatiently } from './patient-read.js'
import type { RebuildContext } from './rebuild-context.js'

/** Each may read a config from storage. */
const concurrency = 8
/** Rows of repositories have at most some kilobytes. */
const rowsAtOnce = 100

/** Describes every repository as its newest tagged manifest does. Records say what somebody has set, and nothing of that. */
export async function restoreDescriptions(context: RebuildContext, hold: Hold): Promise<void> {
  const { index, policy, signal } = context
  if (!policy.search) return
  for (const partition of rowKeys.repositories(index.capabilities.limits.spread)) {
    let rows: (Row<Repository> & { readonly sort: string })[] = []
    const flush = async (): Promise<void> => {
      const batch = startBatch(context)
      for (const change of await pMap(rows, ({ sort, ...row }) => described(context, sort, row), { concurrency })) batch.put(change)
      rows = []
      await batch.commit(hold, { done: hold.state.done }, async () => {})
    }
    for await (const { sort, value, revision } of scanRows<Repository | Tombstone>(index, partition, { signal })) {
      if (!isLive(value)) continue
      rows.push({ sort, value, revision })
      if (rows.length === rowsAtOnce) await flush()
    }
    if (rows.length > 0) await flush()
  }
}

/** The change that describes a repository. */
async function described(context: RebuildContext, repository: string, row: Row<Repository>): Promise<Change> {
  const read = await readPatiently(context, () => newestDescription(context, repository, { signal: context.signal }))
  // What cannot be read is looked for again at the next push.
  return putRepository(context, repository, withDerived(row.value, 'value' in read ? (read.value ?? null) : undefined), row)
}

import { rowKeys } from '../keyspace.js'
import { putRepository } from '../repository-row.js'
import { isLive, type Repository, type Tombstone } from '../rows.js'
import type { Batch } from './batch.js'
import { noteRecordsDue } from './due-records.js'
import type { RepositoryReading } from './read-record.js'
import type { RebuildContext } from './rebuild-context.js'

/** Puts the row of a repository as its record says, in place of what a manifest before it put. */
export function restoreRepository(context: RebuildContext, batch: Batch, { row, created, description }: RepositoryReading): void {
  const { repository, version } = row
  const before = batch.row(rowKeys.repository(repository, context.index.capabilities.limits.spread))
  if (before && isLive(before)) batch.remove(rowKeys.due(before.due))
  const restored = { version, created, ...(description !== undefined && { description }), due: context.randomId() }
  batch.put(putRepository(context, repository, restored), 'repositories')
}

/**
 * The record of a repository is a tombstone, or bad. Where it has a manifest all the same, somebody pushed it after the
 * delete and died before the repository's record: it lives, at the next version. Where the record is bad it lives at that
 * one's version, since a record that takes its place would keep it from being mended.
 *
 * @returns whether it lives
 */
export function reviveRepository(context: RebuildContext, batch: Batch, repository: string, { version, unreadable }: Tombstone): boolean {
  const key = rowKeys.repository(repository, context.index.capabilities.limits.spread)
  const before = batch.row(key)
  if (!before || !isLive(before)) return false
  batch.remove(rowKeys.due(before.due))
  const next = (): Repository => {
    const due = noteRecordsDue(context, batch, [{ kind: 'repository', repository, version: version + 1 }])
    return { ...before, version: version + 1, due }
  }
  batch.put(putRepository(context, repository, unreadable ? { ...before, version } : next()), 'repositories')
  return true
}

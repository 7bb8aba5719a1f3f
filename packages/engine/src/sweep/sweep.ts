import type { CallOptions } from '@registry/core'
import type { Context } from '../context.js'
import { idPrefixes } from '../keyspace.js'
import { removeTombstones } from './buried-rows.js'
import { endExpiredPushes } from './expired-pushes.js'
import { endExpiredUploads } from './expired-uploads.js'
import { workOffNotes } from './notes.js'
import { deleteUnnamedObjects } from './unnamed-objects.js'
import { isIndexWhole, type MayDelete } from './whole-index.js'

/** What a sweep did. */
export interface SweepReport {
  /** Upload sessions that were ended since they got no new byte for `policy.uploadMilliseconds`. */
  readonly expiredUploads: number
  /** Manifest pushes that were ended since they took longer than `policy.pushMilliseconds`: their processes died. */
  readonly expiredPushes: number
  /** Tombstones that went with their records, `policy.tombstoneMilliseconds` after those were written. */
  readonly removedTombstones: number
  /** Objects that nothing named. */
  readonly unnamedObjects: number
}

/** How a sweep is run. */
export interface SweepOptions extends CallOptions {
  /** How old a note has to be, in milliseconds. Default: as the policy says. */
  readonly noteAge?: number
  /** In which folders of storage, by their two digits, to look for objects that nothing names. Default: in all. */
  readonly objectFolders?: readonly string[]
}

/**
 * Tidies up: finishes what processes that died left, ends what expired, removes tombstones whose time has come and
 * objects that nothing names. What fails keeps nothing else from being done. As long as the index lacks something that
 * storage has recorded, nothing is taken for left over.
 *
 * @throws an `AggregateError` of everything that failed
 */
export async function sweep(context: Context, options: SweepOptions = {}): Promise<SweepReport> {
  const { noteAge = context.policy.noteMilliseconds, objectFolders = idPrefixes, signal } = options
  const { ending } = context.background
  const failures = new Set<unknown>()
  let looked: Promise<boolean> | undefined
  // Once where it fails too: there are hundreds of folders and partitions.
  const mayDelete: MayDelete = () => (looked ??= isIndexWhole(context))
  const inAll = async (prefixes: readonly string[], work: (idPrefix: string) => Promise<number>): Promise<number> => {
    let count = 0
    for (const idPrefix of prefixes) {
      signal?.throwIfAborted()
      ending.throwIfAborted()
      try {
        count += await work(idPrefix)
      } catch (error) {
        ending.throwIfAborted()
        for (const failure of error instanceof AggregateError ? (error.errors as unknown[]) : [error]) failures.add(failure)
      }
    }
    return count
  }
  await inAll(idPrefixes, (idPrefix) => workOffNotes(context, idPrefix, noteAge, mayDelete).then(() => 0))
  const report: SweepReport = {
    expiredUploads: await inAll(idPrefixes, (idPrefix) => endExpiredUploads(context, idPrefix, mayDelete)),
    expiredPushes: await inAll(idPrefixes, (idPrefix) => endExpiredPushes(context, idPrefix, mayDelete)),
    removedTombstones: await inAll(idPrefixes, (idPrefix) => removeTombstones(context, idPrefix)),
    unnamedObjects: await inAll(objectFolders, (idPrefix) => deleteUnnamedObjects(context, idPrefix, mayDelete)),
  }
  if (failures.size > 0) throw new AggregateError(failures, `${failures.size} pieces of background work failed: ${[...failures].map(String).join('; ')}`)
  return report
}

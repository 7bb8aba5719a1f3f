import { RegistryError } from '@registry/core'
import type { Context } from '../context.js'
import { rowKeys } from '../keyspace.js'
import { readOwner } from '../owner-record.js'
import type { RebuildContext } from '../rebuild/rebuild-context.js'
import { readRow } from '../row-store.js'
import { lostHeals, lostRecords } from './lost-commits.js'

/** Whether what only the index could name may be deleted. To be asked where there is such a thing: the first time it takes long. */
export type MayDelete = () => Promise<boolean>

/**
 * Whether the index has everything that storage has recorded. One that lost its newest commits, by damage to its log or
 * because an older copy was put back, does not say so: what only those commits named would pass for left over.
 *
 * A process looks once, and where something is missing it tells so once.
 *
 * @throws where storage or index do not answer, or do not belong together any more: the next call looks again
 */
export async function isIndexWhole(context: Context): Promise<boolean> {
  const { findings } = context
  findings.isIndexWhole ??= look(context).catch((error: unknown) => {
    findings.isIndexWhole = undefined
    throw error
  })
  return findings.isIndexWhole
}

async function look(context: Context): Promise<boolean> {
  // Reads records as a rebuild does, and waits for nobody.
  const reader: RebuildContext = { ...context, signal: context.background.ending, exclusive: true, onProgress: () => {} }
  let count = 0
  let example: string | undefined
  for (const lost of [lostRecords(reader), lostHeals(reader)]) {
    for await (const key of lost) {
      count++
      example ??= key
    }
  }
  if (example === undefined) return true
  await requireOwnStorage(context)
  const error = new RegistryError(
    'CORRUPT',
    `the index lacks ${count} of what storage has recorded, for example ${example}: it is damaged, or an older copy of it was put back; ` +
      '`registry rebuild` makes it anew, and until then nothing is swept that only the missing part may name',
    { key: example },
  )
  context.background.run(() => Promise.reject(error))
  return false
}

/**
 * Whoever took the storage over has recorded what this index need not know. The fence may see that later than this.
 *
 * @throws `UNAVAILABLE` where the storage does not say that it belongs to this index
 */
export async function requireOwnStorage({ driver, index, confirmIndex }: Context): Promise<void> {
  await confirmIndex()
  const [storage, own] = await Promise.all([readOwner(driver), readRow(index, rowKeys.owner())])
  if (storage?.index !== own?.value.id) throw new RegistryError('UNAVAILABLE', 'the storage does not belong to this index any more', { retryable: false })
}

import { type Index, RegistryError } from '@registry/core'
import { confirmIndex } from './confirm-index.js'
import type { Context } from './context.js'
import type { Fence } from './fence.js'
import { ownerObjectKey, recordFolder, rowKeys } from './keyspace.js'
import { type OwnerRecord, otherOwner, putOwner, readOwner } from './owner-record.js'
import { conflictWhereUnknown } from './retry.js'
import { checkRow, putRow, readRow, readRows, type Row } from './row-store.js'
import type { Owner, Rebuild } from './rows.js'

/** What a claim needs: nothing fences the driver and the index yet. */
export type ClaimContext = Pick<Context, 'driver' | 'index' | 'now' | 'randomId'>

/** How often a start looks who owns the storage. More are only needed where tables go away again and again. */
const mostAttempts = 10

/** That a storage belongs to an index. */
export interface Claim {
  /** Id of the index. */
  readonly id: string
  /** The index does not have yet what the storage has: it is to be filled from it. */
  readonly rebuild: boolean
}

/**
 * Makes sure that this index and this storage belong together: two indexes never work on one storage.
 * New ones are bound to each other, the index first. A new index takes over a storage that is in use, to be rebuilt from it.
 *
 * @throws `CONFIG` where they do not belong together, or the storage has a layout of a later version
 */
export async function claimStorage(context: ClaimContext): Promise<Claim> {
  for (let attempt = 1; ; attempt++) {
    const [owner, rebuild] = await readRows(context.index, [rowKeys.owner(), rowKeys.rebuild()])
    if (owner) return rebuild?.value.state === 'running' ? resume(context, owner.value, rebuild) : claimAgain(context, owner.value)
    try {
      return await claimFirst(context)
    } catch (error) {
      if (!RegistryError.is(error, 'CONFLICT')) throw error
      // Another process was faster, or nobody knows who was: what is there now says it.
      if (attempt === mostAttempts) throw new RegistryError('UNAVAILABLE', 'nobody could say who owns the storage; try again', { cause: error })
    }
  }
}

/** Whether an index belongs to a storage: a new one does not, and opening a registry on it takes the storage over. */
export async function ownsStorage(index: Index): Promise<boolean> {
  return (await readRow(index, rowKeys.owner())) !== undefined
}

/** Whether a rebuild of this index was begun and is not complete: the next start goes on with it. */
export async function isBeingRebuilt(index: Index): Promise<boolean> {
  return (await readRow(index, rowKeys.rebuild()))?.value.state === 'running'
}

/**
 * Makes sure that index and storage answer, and still belong together, and that the index takes commits.
 *
 * @throws `CONFIG` or `UNAVAILABLE` where they do not belong together; whatever keeps them from answering
 */
export async function checkStorage(index: Context['index'], id: string, fence: Fence): Promise<void> {
  await Promise.all([confirmIndex(index, id), fence.compare()])
  // One that has met damage can still be read where it is whole, and is not written any more.
  await index.commit([checkRow(rowKeys.owner(), 'present')], { durable: false })
}

/** An index that owns a storage already, or was about to. */
async function claimAgain(context: ClaimContext, { id }: Owner): Promise<Claim> {
  const found = await readOwner(context.driver)
  if (found === undefined) {
    await requireBothEmpty(context)
    await putOwner(context.driver, id)
  }
  // Whether it is this index that owns the storage is the fence's to see.
  return { id, rebuild: false }
}

/**
 * An index that is new.
 *
 * @throws `CONFLICT` where another process was faster, or nobody knows which was
 */
async function claimFirst({ driver, index, now, randomId }: ClaimContext): Promise<Claim> {
  const found = await readOwnerOrDamaged(driver)
  const isNew = found === undefined && !(await holdsRecords(driver))
  const id = randomId()
  const rebuild: Rebuild = {
    state: 'running',
    phase: 'waiting',
    started: now(),
    ...(typeof found === 'object' && { replaces: found.index }),
    done: 0,
    total: 0,
    counts: { repositories: 0, manifests: 0, tags: 0, blobs: 0 },
    problems: 0,
  }
  const changes = [putRow(rowKeys.owner(), { id }, 'absent'), ...(isNew ? [] : [putRow(rowKeys.rebuild(), rebuild, 'absent')])]
  await index.commit(changes).catch((error: unknown) => {
    throw conflictWhereUnknown(error)
  })
  await putOwner(driver, id)
  return { id, rebuild: !isNew }
}

/** An index that took over the storage, or was about to: it must not do so once more where another one came after it. */
async function resume({ driver }: ClaimContext, { id }: Owner, { value }: Row<Rebuild>): Promise<Claim> {
  const found = await readOwnerOrDamaged(driver)
  if (typeof found !== 'object' || found.index === value.replaces) await putOwner(driver, id)
  else if (found.index !== id) throw otherOwner(found.index, id)
  return { id, rebuild: true }
}

/** A damaged record says nothing of who owned the storage, which a rebuild need not know. */
async function readOwnerOrDamaged(driver: ClaimContext['driver']): Promise<OwnerRecord | 'damaged' | undefined> {
  try {
    return await readOwner(driver)
  } catch (error) {
    if (RegistryError.is(error, 'CORRUPT')) return 'damaged'
    throw error
  }
}

async function requireBothEmpty({ driver, index }: ClaimContext): Promise<void> {
  if (await holdsRepositories(index)) {
    throw new RegistryError('CONFIG', `the storage has no ${ownerObjectKey}, but the index has repositories: is this the right storage?`)
  }
  if (await holdsRecords(driver)) {
    throw new RegistryError(
      'CONFIG',
      `the storage has no ${ownerObjectKey}, but repositories, and the index has none: bring back the index that it was used with, ` +
        'or have a new one filled from it with `registry rebuild`',
    )
  }
}

async function holdsRepositories(index: ClaimContext['index']): Promise<boolean> {
  for (const partition of rowKeys.repositories(index.capabilities.limits.spread)) {
    if ((await index.scan(partition, { limit: 1 })).entries.length > 0) return true
  }
  return false
}

async function holdsRecords(driver: ClaimContext['driver']): Promise<boolean> {
  for await (const { key } of driver.list({ prefix: recordFolder })) return key !== ''
  return false
}

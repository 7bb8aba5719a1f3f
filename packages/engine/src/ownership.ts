import { RegistryError } from '@registry/core'
import { bodyOf, readObject } from './body.js'
import type { Context } from './context.js'
import { ownerObjectKey, rowKeys } from './keyspace.js'
import { putRow, readRow } from './row-store.js'

/** What `registry.json` says. */
interface OwnerRecord {
  /** Version of the storage layout. */
  readonly layout: number
  /** Id of the index that owns the storage. */
  readonly index: string
}

/**
 * Makes sure that this index and this storage belong together: two indexes never work on one storage.
 * New ones are bound to each other, the index first.
 *
 * @throws `CONFIG` where they do not belong together, or the storage has a layout of a later version
 */
export async function claimStorage(context: Context): Promise<void> {
  const id = await indexId(context)
  const found = await readOwner(context)
  if (found === undefined) {
    if (await holdsRepositories(context)) {
      throw new RegistryError('CONFIG', `the storage has no ${ownerObjectKey}, but the index has repositories: is this the right storage?`)
    }
    const record: OwnerRecord = { layout: 1, index: id }
    const bytes = Buffer.from(`${JSON.stringify(record)}\n`)
    await context.driver.put(ownerObjectKey, bodyOf(bytes), { size: bytes.byteLength })
    return
  }
  requireOwner(found, id)
}

/**
 * Makes sure that index and storage answer, and still belong together.
 *
 * @throws `CONFIG` where they do not; whatever keeps them from answering
 */
export async function checkStorage(context: Context): Promise<void> {
  const [row, found] = await Promise.all([readRow(context.index, rowKeys.owner()), readOwner(context)])
  if (!row || !found) throw new RegistryError('CONFIG', `the ${row ? 'storage' : 'index'} does not know any more what it belongs to`)
  requireOwner(found, row.value.id)
}

function requireOwner({ layout, index }: OwnerRecord, id: string): void {
  if (layout !== 1) throw new RegistryError('CONFIG', `the storage has layout ${layout}, and this version knows layout 1: use a later version`)
  if (index === id) return
  throw new RegistryError(
    'CONFIG',
    `the storage belongs to another index (${index}, this one is ${id}): its data was not touched; bring back the index that it was used with`,
  )
}

async function indexId({ index, randomId }: Context): Promise<string> {
  const key = rowKeys.owner()
  const row = await readRow(index, key)
  if (row) return row.value.id
  try {
    const id = randomId()
    await index.commit([putRow(key, { id }, 'absent')])
    return id
  } catch (error) {
    if (!RegistryError.is(error, 'CONFLICT')) throw error
    return (await readRow(index, key))!.value.id
  }
}

async function readOwner({ driver }: Context): Promise<OwnerRecord | undefined> {
  if ((await driver.head(ownerObjectKey)) === undefined) return undefined
  return parseOwner((await readObject(driver.open(ownerObjectKey))).toString())
}

function parseOwner(text: string): OwnerRecord {
  try {
    const { layout, index } = JSON.parse(text) as OwnerRecord
    if (typeof layout === 'number' && typeof index === 'string') return { layout, index }
  } catch {
    // Said below.
  }
  throw new RegistryError('CORRUPT', `${ownerObjectKey} in the storage is damaged: bring it back from a copy`, { key: ownerObjectKey })
}

async function holdsRepositories({ index }: Context): Promise<boolean> {
  for (const partition of rowKeys.repositories(index.capabilities.limits.spread)) {
    if ((await index.scan(partition, { limit: 1 })).entries.length > 0) return true
  }
  return false
}

import { type CallOptions, type Driver, RegistryError } from '@registry/core'
import { bodyOf, readObject } from './body.js'
import { ownerObjectKey } from './keyspace.js'

/** What `registry.json` says. */
export interface OwnerRecord {
  /** Version of the storage layout. */
  readonly layout: number
  /** Id of the index that owns the storage. */
  readonly index: string
}

/**
 * Reads which index owns the storage; `undefined` where it does not say so.
 *
 * @throws `CORRUPT` where the record is damaged, `CONFIG` where the layout is of a later version
 */
export async function readOwner(driver: Driver, options?: CallOptions): Promise<OwnerRecord | undefined> {
  let text: string
  try {
    text = (await readObject(driver.open(ownerObjectKey, options))).toString()
  } catch (error) {
    if (RegistryError.is(error, 'NOT_FOUND')) return undefined
    throw error
  }
  const owner = parseOwner(text)
  if (owner.layout === 1) return owner
  throw new RegistryError('CONFIG', `the storage has layout ${owner.layout}, and this version knows layout 1: use a later version`)
}

/** The record of a storage that an index owns. */
export function ownerRecord(index: string): Buffer {
  return Buffer.from(`${JSON.stringify({ layout: 1, index } satisfies OwnerRecord)}\n`)
}

/** Makes an index the owner of the storage. */
export async function putOwner(driver: Driver, index: string): Promise<void> {
  const bytes = ownerRecord(index)
  await driver.put(ownerObjectKey, bodyOf(bytes), { size: bytes.byteLength })
}

/** The error where the storage belongs to another index. */
export function otherOwner(owner: string, id: string): RegistryError {
  return new RegistryError(
    'CONFIG',
    `the storage belongs to another index (${owner}, this one is ${id}): its data was not touched; ` +
      'name the index that it was used with in the configuration, or bring it back, or have a new one filled from it with `registry rebuild`',
    { detail: { reason: 'TAKEN_OVER' } },
  )
}

function parseOwner(text: string): OwnerRecord {
  try {
    const { layout, index } = JSON.parse(text) as OwnerRecord
    if (typeof layout === 'number' && typeof index === 'string') return { layout, index }
  } catch {
    // Said below.
  }
  throw new RegistryError('CORRUPT', `${ownerObjectKey} in the storage is damaged: bring it back from a copy, or have a new index made with \`registry rebuild\``, {
    key: ownerObjectKey,
  })
}

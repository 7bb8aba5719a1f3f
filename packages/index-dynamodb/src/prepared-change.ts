import { type Change, type CheckChange, type DeleteChange, type EntryKey, type PutChange, RegistryError, type SizedChange } from '@registry/core'
import { type Attributes, type Item, itemOf } from './item.js'

/** A put with the item that it will be, whose revision is the same however often it is sent. */
export type PreparedPut = PutChange & { readonly item: Item }

export type PreparedChange = PreparedPut | DeleteChange | CheckChange

export function prepared({ change, json }: SizedChange): PreparedChange {
  return change.op === 'put' ? { ...change, item: itemOf(change, json) } : change
}

/** What a commit answers for a change. */
export function revisionOf(change: PreparedChange): string | undefined {
  return change.op === 'put' ? change.item.revision.S : undefined
}

/** Whether it is this put that made the item what it is. */
export function isOurs(change: PreparedChange, item: Attributes | undefined): boolean {
  return change.op === 'put' && item?.['revision']?.S === change.item.revision.S
}

export function conflict({ partition, sort }: EntryKey): RegistryError {
  return new RegistryError('CONFLICT', `${partition} ${sort} is not as expected`, { driver: 'dynamodb', operation: 'commit', key: { partition, sort } })
}

/** The error where an answer was lost, and what it was cannot be seen any more. */
export function unknownOutcome({ key }: Change): RegistryError {
  const message = `the answer to a commit of ${key.partition} ${key.sort} was lost, and the entry has changed since: it may have been applied, or not`
  return new RegistryError('UNAVAILABLE', message, { driver: 'dynamodb', operation: 'commit', key, outcome: 'unknown' })
}

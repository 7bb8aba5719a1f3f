import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { type Entry, type EntryKey, foldText, type Json, newRevision, type PutChange, RegistryError } from '@registry/core'

/** The most bytes that an item of DynamoDB has, names of attributes included. */
const itemBytes = 400 * 1024

/** An entry as DynamoDB keeps it. `value` is JSON, so that it comes back as it was put; `text` is folded. */
export interface Item {
  readonly partition: AttributeValue.SMember
  readonly sort: AttributeValue.SMember
  readonly value: AttributeValue.SMember
  readonly revision: AttributeValue.SMember
  readonly text?: AttributeValue.SMember
}

/** Attributes by name, as the SDK takes and gives them. */
export type Attributes = Record<string, AttributeValue>

/** The primary key of an entry's item. */
export function keyOf({ partition, sort }: EntryKey): Attributes {
  return { partition: { S: partition }, sort: { S: sort } }
}

/**
 * The item of a put, with a fresh revision.
 *
 * @param json - its value
 * @throws `LIMIT_EXCEEDED` where its text, folded, is so much longer that it does not fit
 */
export function itemOf({ key, text }: PutChange, json: string): Item {
  const item = {
    partition: { S: key.partition },
    sort: { S: key.sort },
    value: { S: json },
    revision: { S: newRevision() },
    ...(text !== undefined && { text: { S: foldText(text) } }),
  }
  const bytes = bytesOf(item)
  if (bytes <= itemBytes) return item
  const message = `an item of ${bytes} bytes, its text folded; the limit is ${itemBytes}`
  throw new RegistryError('LIMIT_EXCEEDED', message, { driver: 'dynamodb', operation: 'commit', key })
}

/** The bytes that DynamoDB counts. */
export function bytesOf(item: Item): number {
  return Object.entries(item).reduce((sum, [name, { S }]: [string, AttributeValue.SMember]) => sum + name.length + Buffer.byteLength(S), 0)
}

/**
 * The entry in an item.
 *
 * @throws `CORRUPT` where nobody but another program can have put it
 */
export function entryOf(attributes: Attributes): Entry {
  const { partition, sort, value, revision } = attributes
  const key = { partition: partition?.S ?? '', sort: sort?.S ?? '' }
  if (revision?.S === undefined || value?.S === undefined) throw damaged(key)
  return { key, value: parsed(key, value.S), revision: revision.S }
}

function parsed(key: EntryKey, json: string): Json {
  try {
    return JSON.parse(json) as Json
  } catch (cause) {
    throw damaged(key, cause)
  }
}

function damaged(key: EntryKey, cause?: unknown): RegistryError {
  const message = `the item ${JSON.stringify([key.partition, key.sort])} is none of this index: another program has written to its table`
  return new RegistryError('CORRUPT', message, { driver: 'dynamodb', key, cause })
}

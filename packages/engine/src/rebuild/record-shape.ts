import { isDigest, isObjectKey } from '@registry/core'
import { checksumTrouble } from '../record-checksum.js'
import type { BlobRecord } from '../records.js'
import type { StoredObject } from '../rows.js'

/** A JSON object of which nothing is known yet. */
export type Fields = Readonly<Record<string, unknown>>

/** @returns what is wrong, where something is */
export function fieldsOf(record: Buffer): Fields | string {
  let value: unknown
  try {
    value = JSON.parse(record.toString())
  } catch {
    // Said below.
  }
  return isFields(value) ? (checksumTrouble(record) ?? value) : 'it is no JSON object'
}

/** @returns `undefined` where it does not say where the bytes of a blob are */
export function blobRecord(value: unknown): BlobRecord | undefined {
  if (!isFields(value)) return undefined
  const { digest, size, objects } = value
  if (typeof digest !== 'string' || !isDigest(digest) || !isSize(size) || !Array.isArray(objects)) return undefined
  const list = objects.map(storedObject)
  if (!list.every((object) => object !== undefined)) return undefined
  return list.reduce((sum, object) => sum + object.size, 0) === size ? { digest, size, objects: list } : undefined
}

/** Whether it is a number of bytes, or milliseconds since 1970. */
export function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function storedObject(value: unknown): StoredObject | undefined {
  if (!isFields(value)) return undefined
  const { key, size } = value
  return typeof key === 'string' && isObjectKey(key) && isSize(size) ? { key, size } : undefined
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

import type { Digest } from '@registry/core'
import { digestOf } from './digester.js'

/*
 * Every record ends in a checksum of its other fields, so that one with a wrong digit in a digest or a generation is
 * told from one that says so: `{"tag":"v1","version":1}` is stored as `{"tag":"v1","version":1,"checksum":"sha256:…"}`.
 */

/** Editors end a file with a line feed: whoever mends a record with one need not know. */
const sealPattern = /,"checksum":"([^"]*)"\}\n?$/
const mostSealBytes = 100
const closingBrace = Buffer.from('}')

/** A record as it is stored. It has a field at least. */
export function sealRecord(fields: object): Buffer {
  const text = JSON.stringify(fields)
  return Buffer.from(`${text.slice(0, -1)},"checksum":"${checksumOf(Buffer.from(text))}"}`)
}

/** What is wrong with the checksum of a record, if something is. */
export function checksumTrouble(record: Buffer): string | undefined {
  const [seal, checksum] = sealPattern.exec(record.subarray(-mostSealBytes).toString('latin1')) ?? []
  if (seal === undefined) return 'it does not end in a checksum'
  const found = checksumOf(Buffer.concat([record.subarray(0, -seal.length), closingBrace]))
  return found === checksum ? undefined : `its other fields have the checksum ${found}`
}

function checksumOf(bytes: Buffer): Digest {
  return digestOf('sha256', bytes)
}

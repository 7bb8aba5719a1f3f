import type { IndexLimits } from './capabilities.js'
import { RegistryError } from './errors.js'
import type { Change, CommitOptions, EntryKey } from './index-store.js'

const partitionBytes = 2048
const sortBytes = 1024

/** A lone surrogate or a NUL. */
const unstorable = /\p{Surrogate}|\0/u

/** A change as an index stores it: its value as JSON. */
export interface SizedChange {
  /** As the caller gave it, not copied. */
  readonly change: Change
  /** `JSON.stringify(value)` of a put, otherwise empty. */
  readonly json: string
}

/**
 * Checks a commit before a backend sees it, so that every index refuses the same ones with the same words.
 *
 * @throws `LIMIT_EXCEEDED` where something is larger than `limits`
 * @throws TypeError for a caller's mistake: an unstorable key, one key twice, an expectation where `atomic` is false
 */
export function checkChanges(changes: readonly Change[], limits: IndexLimits, options: CommitOptions = {}): readonly SizedChange[] {
  if (changes.length > limits.changes) throw tooLarge('a commit', changes.length, limits.changes, 'changes')
  const seen = new Set<string>()
  let total = 0
  const sized = changes.map((change) => {
    assertEntryKey(change.key)
    const id = `${change.key.partition}\0${change.key.sort}`
    if (seen.has(id)) throw new TypeError(`one commit changes ${describe(change.key)} twice`)
    seen.add(id)
    if (options.atomic === false && (change.op === 'check' || change.expect !== undefined)) {
      throw new TypeError(`a commit that is not atomic can expect nothing, and expects something of ${describe(change.key)}`)
    }
    const json = change.op === 'put' ? JSON.stringify(change.value) : ''
    const text = change.op === 'put' ? (change.text ?? '') : ''
    const bytes = Buffer.byteLength(json) + Buffer.byteLength(text)
    if (bytes > limits.valueBytes) throw tooLarge('a value', bytes, limits.valueBytes, 'bytes', change.key)
    total += bytes + Buffer.byteLength(change.key.partition) + Buffer.byteLength(change.key.sort)
    return { change, json }
  })
  if (total > limits.commitBytes) throw tooLarge('a commit', total, limits.commitBytes, 'bytes')
  return sized
}

/**
 * Refuses a key that no index can hold.
 *
 * @throws `LIMIT_EXCEEDED` where it is too long
 * @throws TypeError where it is empty or holds a NUL or a lone surrogate
 */
export function assertEntryKey(key: EntryKey): void {
  assertPart('partition', key.partition, partitionBytes, key)
  assertPart('sort key', key.sort, sortBytes, key)
}

/** The same for a partition alone, as `scan` and `search` take it. */
export function assertPartition(partition: string): void {
  assertPart('partition', partition, partitionBytes, { partition, sort: '' })
}

function assertPart(what: string, text: string, limit: number, key: EntryKey): void {
  if (text === '') throw new TypeError(`an empty ${what}`)
  if (unstorable.test(text)) throw new TypeError(`a NUL or a lone surrogate in the ${what} ${JSON.stringify(text)}`)
  const bytes = Buffer.byteLength(text)
  if (bytes > limit) throw tooLarge(`a ${what}`, bytes, limit, 'bytes', key)
}

function tooLarge(what: string, found: number, limit: number, unit: string, key?: EntryKey): RegistryError {
  return new RegistryError('LIMIT_EXCEEDED', `${what} of ${found} ${unit}; the limit is ${limit}`, { key })
}

function describe(key: EntryKey): string {
  return JSON.stringify([key.partition, key.sort])
}

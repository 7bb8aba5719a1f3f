import type { CallOptions, Change, Entry, EntryKey, Expectation, Index, Json } from '@registry/core'
import { expect } from 'vitest'
import { freshKeys } from './through-proxy.js'

/** A call, and how to see that it did what it says, once. */
export interface Call {
  readonly name: string
  /** The request that it is made of. */
  readonly operation: string
  readonly isWrite: boolean
  /** Puts what it needs into the index. */
  prepare(index: Index): Promise<PreparedCall>
}

export interface PreparedCall {
  /** Those that it is about. */
  readonly keys: readonly EntryKey[]
  run(index: Index, signal?: AbortSignal): Promise<unknown>
  /** That it answered so, and that the index is as it has to be behind it. */
  expectDone(index: Index, answer: unknown): Promise<void> | void
}

/** What is under some keys, without revisions. */
export async function valuesOf(index: Index, keys: readonly EntryKey[]): Promise<readonly (Json | undefined)[]> {
  return (await index.get(keys)).map((entry) => entry?.value)
}

type Expecting = 'nothing' | 'absent' | 'present' | 'revision'

type Read = (index: Index, keys: readonly EntryKey[], options: CallOptions) => Promise<readonly (Entry | undefined)[]>

function read(name: string, operation: string, count: number, run: Read): Call {
  return {
    name,
    operation,
    isWrite: false,
    async prepare(index) {
      const keys = freshKeys(count)
      const values = keys.map(({ sort }) => `value of ${sort}`)
      for (let n = 0; n < count; n += 100) {
        const some = keys.slice(n, n + 100)
        await index.commit(some.map((key) => ({ op: 'put', key, value: `value of ${key.sort}`, text: 'Some Text' })), { atomic: false })
      }
      return {
        keys,
        run: async (through, signal) => (await run(through, keys, optionsWith(signal))).map((entry) => entry?.value),
        expectDone: (_, answer) => {
          expect(answer).toEqual(values)
        },
      }
    },
  }
}

interface Write {
  /** How many entries there are before it. */
  readonly before: number
  /** How many keys it is about. */
  readonly keys: number
  readonly atomic?: boolean
  /** @param revisions - of the entries that are there */
  readonly changes: (keys: readonly EntryKey[], revisions: readonly string[]) => readonly Change[]
}

function write(name: string, operation: string, { before, keys: count, atomic = true, changes: changesOf }: Write): Call {
  return {
    name,
    operation,
    isWrite: operation !== 'GetItem',
    async prepare(index) {
      const keys = freshKeys(count)
      const there = keys.slice(0, before)
      const revisions = before === 0 ? [] : await index.commit(there.map((key) => ({ op: 'put', key, value: 'before' })))
      const changes = changesOf(keys, revisions.map(String))
      const ofKey = new Map(changes.map((change) => [change.key.sort, change]))
      return {
        keys,
        run: (through, signal) => through.commit(changes, { atomic, ...optionsWith(signal) }),
        expectDone: async (other, answer) => {
          expect(answer).toEqual(changes.map(({ op }) => (op === 'put' ? expect.any(String) as string : undefined)))
          const answered = new Map(changes.map(({ key }, n) => [key.sort, (answer as readonly (string | undefined)[])[n]]))
          const found = await other.get(keys)
          expect(found.map((entry) => entry && [entry.value, entry.revision])).toEqual(
            keys.map(({ sort }, n) => {
              const change = ofKey.get(sort)
              if (change?.op === 'put') return [change.value, answered.get(sort)]
              return change?.op === 'delete' || n >= before ? undefined : ['before', revisions[n]]
            }),
          )
        },
      }
    },
  }
}

function put(expecting: Expecting): Call {
  return write(`a put that expects ${expecting}`, 'PutItem', {
    before: expecting === 'absent' ? 0 : 1,
    keys: 1,
    changes: ([key], [revision]) => [{ op: 'put', key: key!, value: 'after', ...expectOf(expecting, revision) }],
  })
}

function deletion(expecting: Expecting): Call {
  return write(`a delete that expects ${expecting}`, expecting === 'nothing' ? 'DeleteItem' : 'TransactWriteItems', {
    before: 1,
    keys: 1,
    changes: ([key], [revision]) => [{ op: 'delete', key: key!, ...expectOf(expecting, revision) }],
  })
}

function expectOf(expecting: Expecting, revision: string | undefined): { readonly expect?: Expectation } {
  if (expecting === 'nothing') return {}
  return { expect: expecting === 'revision' ? { revision: revision! } : expecting }
}

export const puts: readonly Call[] = (['nothing', 'absent', 'present', 'revision'] as const).map(put)
export const deletes: readonly Call[] = (['nothing', 'present', 'revision'] as const).map(deletion)

export const together: Call = write('several changes', 'TransactWriteItems', {
  before: 4,
  keys: 5,
  changes: (keys, revisions) => [
    { op: 'put', key: keys[4]!, value: 'new', expect: 'absent' },
    { op: 'put', key: keys[0]!, value: 'after', expect: { revision: revisions[0]! } },
    { op: 'delete', key: keys[1]!, expect: { revision: revisions[1]! } },
    { op: 'delete', key: keys[2]! },
    { op: 'check', key: keys[3]!, expect: 'present' },
  ],
})

export const apart: Call = write('60 changes that need not go together', 'BatchWriteItem', {
  before: 30,
  keys: 60,
  atomic: false,
  changes: (keys) => keys.map((key, n) => (n % 3 === 0 ? { op: 'delete', key } : { op: 'put', key, value: n })),
})

const check: Call = write('a check', 'GetItem', {
  before: 1,
  keys: 1,
  changes: ([key], [revision]) => [{ op: 'check', key: key!, expect: { revision: revision! } }],
})

const reads: readonly Call[] = [
  read('get of one key', 'GetItem', 1, (index, keys, options) => index.get(keys, options)),
  read('get of 150 keys', 'BatchGetItem', 150, (index, keys, options) => index.get(keys, options)),
  read('scan', 'Query', 5, async (index, [key], options) => (await index.scan(key!.partition, options)).entries),
  read('search', 'Query', 5, async (index, [key], options) => (await index.search({ partition: key!.partition, text: 'some' }, options)).entries),
]

export const calls: readonly Call[] = [...reads, check, ...puts, ...deletes, together, apart]
export const writes: readonly Call[] = [...puts, ...deletes, together, apart]

function optionsWith(signal: AbortSignal | undefined): CallOptions {
  return signal ? { signal } : {}
}

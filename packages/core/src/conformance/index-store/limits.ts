import type { IndexLimits } from '../../capabilities.js'
import type { RegistryError } from '../../errors.js'
import type { EntryKey, Index, PutChange } from '../../index-store.js'
import type { ConformanceCase } from '../conformance-case.js'
import { expectCode, expectEqual, expectThat } from '../expectations.js'
import { at, entryAt, expectPage, lengthOf, numbered, partition, put, sizeOf, snapshot } from './facts.js'

/** A value that has exactly `bytes` bytes as JSON. */
function valueOfBytes(bytes: number): string {
  return 'v'.repeat(bytes - 2)
}

/** As few puts as hold exactly `total` bytes, none of them with more than the limit of a value. */
function putsOfBytes(total: number, { valueBytes }: IndexLimits): readonly PutChange[] {
  const keyBytes = sizeOf(put('n000000', '')) - 2
  const count = Math.ceil(total / (valueBytes + keyBytes))
  const [each, rest] = [Math.floor(total / count), total % count]
  return numbered(count).map((sort, number) => put(sort, valueOfBytes(each + (number < rest ? 1 : 0) - keyBytes)))
}

export const limitCases: readonly ConformanceCase<Index>[] = [
  {
    id: 'limits/sensible',
    clause: 'limits are whole numbers from 1 on; a commit has room for the largest value, and changes enough to be full',
    async run({ open }) {
      const { limits } = (await open()).capabilities
      for (const [name, limit] of Object.entries(limits) as [string, unknown][]) {
        expectThat(`limits.${name}`, Number.isSafeInteger(limit) && Number(limit) >= 1, 'a whole number from 1 on', limit)
      }
      const names = ['changes', 'commitBytes', 'spread', 'valueBytes']
      expectEqual('limits that are given', Object.keys(limits).filter((name) => names.includes(name)).sort(), names)
      const { changes, commitBytes, valueBytes } = limits
      expectThat('limits.commitBytes', commitBytes >= valueBytes + 3072, 'at least limits.valueBytes and the longest key', commitBytes)
      expectThat('limits.commitBytes', commitBytes <= changes * valueBytes, 'at most limits.changes times limits.valueBytes', commitBytes)
    },
  },
  {
    id: 'limits/value',
    clause: 'a value of limits.valueBytes is taken, one byte more is LIMIT_EXCEEDED, and nothing of its commit is applied',
    async run({ open }) {
      const index = await open()
      const { valueBytes } = index.capabilities.limits
      const largest = valueOfBytes(valueBytes)
      await index.commit([put('a', largest)])
      expectEqual('length of the largest value', lengthOf((await entryAt(index, 'a')).value), largest.length)
      const before = await snapshot(index)
      for (const atomic of [true, false]) {
        const changes = [put('b'), put('a', `${largest}v`), put('c')]
        await expectCode(`a value of one byte more, atomic ${String(atomic)}`, 'LIMIT_EXCEEDED', index.commit(changes, { atomic }))
      }
      expectEqual('the partition after that', (await snapshot(index)).map(({ revision }) => revision), before.map(({ revision }) => revision))
    },
  },
  {
    id: 'limits/value-in-bytes',
    clause: 'the bytes of a value are those of its JSON in UTF-8: several for a character beyond ASCII, and for an escape',
    async run({ open }) {
      const index = await open()
      const { valueBytes } = index.capabilities.limits
      const longer = Math.ceil(valueBytes / 3)
      await expectCode('a value with too many characters of three bytes', 'LIMIT_EXCEEDED', index.commit([put('a', '€'.repeat(longer))]))
      await expectCode('a value with too many escapes', 'LIMIT_EXCEEDED', index.commit([put('a', '\n'.repeat(Math.ceil(valueBytes / 2)))]))
      const fitting = Math.floor((valueBytes - 2) / 3)
      await index.commit([put('a', '€'.repeat(fitting))])
      expectEqual('length of a value that fits', lengthOf((await entryAt(index, 'a')).value), fitting)
    },
  },
  {
    id: 'limits/value-with-text',
    clause: 'a text counts with its value',
    async run({ open }) {
      const index = await open()
      const half = Math.floor(index.capabilities.limits.valueBytes / 2)
      const rest = index.capabilities.limits.valueBytes - half
      await index.commit([put('a', valueOfBytes(half), { text: 't'.repeat(rest) })])
      const before = await snapshot(index)
      const larger = put('a', valueOfBytes(half), { text: 't'.repeat(rest + 1) })
      await expectCode('value and text of one byte more', 'LIMIT_EXCEEDED', index.commit([put('b'), larger]))
      expectEqual('the partition after that', await snapshot(index), before)
    },
  },
  {
    id: 'limits/changes',
    clause: 'a commit of limits.changes is taken whole, one change more is LIMIT_EXCEEDED and changes nothing',
    async run({ open }) {
      const index = await open()
      const sorts = numbered(index.capabilities.limits.changes + 1)
      const revisions = await index.commit(sorts.slice(1).map((sort) => put(sort, 1)))
      const found = await index.get(sorts.map((sort) => at(sort)))
      expectEqual('revisions after a commit of limits.changes', found.map((entry) => entry?.revision ?? 'none'), ['none', ...revisions])
      for (const atomic of [true, false]) {
        const changes = sorts.map((sort) => put(sort, 2))
        await expectCode(`a commit of one change more, atomic ${String(atomic)}`, 'LIMIT_EXCEEDED', index.commit(changes, { atomic }))
      }
      const [first, second] = await index.get(sorts.slice(0, 2).map((sort) => at(sort)))
      expectEqual('the first two entries after that', [first?.value ?? 'none', second?.value], ['none', 1])
    },
  },
  {
    id: 'limits/checks',
    clause: 'a commit of limits.changes checks is taken, and a failing last one is seen',
    async run({ open }) {
      const index = await open()
      const checks = numbered(index.capabilities.limits.changes).map((sort) => ({ op: 'check', key: at(sort), expect: 'absent' }) as const)
      await index.commit(checks)
      const last = checks.at(-1)!
      await index.commit([put(last.key.sort)])
      const error = await expectCode('the same commit after its last key was put', 'CONFLICT', index.commit(checks))
      expectEqual('key of the conflict', (error.key as { sort?: string } | undefined)?.sort, last.key.sort)
      await expectCode('one more check', 'LIMIT_EXCEEDED', index.commit([...checks, { ...last, key: at('another') }]))
    },
  },
  {
    id: 'limits/commit',
    clause: 'a commit of limits.commitBytes is taken, one byte more is LIMIT_EXCEEDED and changes nothing',
    async run({ open }) {
      const index = await open()
      const { limits } = index.capabilities
      const tooMuch = putsOfBytes(limits.commitBytes + 1, limits)
      await expectCode('a commit of one byte more', 'LIMIT_EXCEEDED', index.commit(tooMuch))
      await expectCode('the same, not atomic', 'LIMIT_EXCEEDED', index.commit(tooMuch, { atomic: false }))
      expectPage('the partition after that', await index.scan(partition), [], false)
      const fitting = putsOfBytes(limits.commitBytes, limits)
      await index.commit(fitting)
      const found = await index.get(fitting.map(({ key }) => key))
      expectEqual('lengths of the values', found.map((entry) => lengthOf(entry?.value)), fitting.map(({ value }) => lengthOf(value)))
    },
  },
  {
    id: 'limits/error',
    clause: 'LIMIT_EXCEEDED says in its message how large something may be, and its key names the entry that is too large',
    async run({ open }) {
      const index = await open()
      const { changes, commitBytes, valueBytes } = index.capabilities.limits
      const large = await expectCode('a value of one byte more', 'LIMIT_EXCEEDED', index.commit([put('b'), put('a', valueOfBytes(valueBytes + 1))]))
      expectError('a value of one byte more', large, valueBytes, at('a'))
      const long = at('s'.repeat(1025))
      const longKey = await expectCode('a sort key of 1,025 bytes', 'LIMIT_EXCEEDED', index.commit([put('b'), put('', 1, { key: long })]))
      expectError('a sort key of 1,025 bytes', longKey, 1024, long)
      const many = await expectCode('one change more', 'LIMIT_EXCEEDED', index.commit(numbered(changes + 1).map((sort) => put(sort, 1))))
      expectError('one change more', many, changes)
      const full = await expectCode('a commit of one byte more', 'LIMIT_EXCEEDED', index.commit(putsOfBytes(commitBytes + 1, index.capabilities.limits)))
      expectError('a commit of one byte more', full, commitBytes)
    },
  },
]

function expectError(what: string, { message, key }: RegistryError, limit: number, entry?: EntryKey): void {
  const said = message.replaceAll(/(?<=\d)[,_' ](?=\d{3})/g, '')
  expectThat(`message of the error of ${what}`, said.includes(String(limit)), `the limit, ${limit}, in it`, message)
  if (entry === undefined) return
  const named = typeof key === 'object' ? [key.partition, key.sort] : key
  expectEqual(`key of the error of ${what}`, named, [entry.partition, entry.sort])
}

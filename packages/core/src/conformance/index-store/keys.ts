import type { EntryKey, Index } from '../../index-store.js'
import type { ConformanceCase } from '../conformance-case.js'
import { expectCode, expectEqual, expectTypeError } from '../expectations.js'
import { at, expectPage, fill, lengthOf, partition, put, snapshot, valueOf } from './facts.js'

/** Texts of exactly `bytes` bytes in UTF-8, which must be a multiple of four: of one, two, three and four bytes a character. */
function texts(bytes: number): readonly string[] {
  return ['a'.repeat(bytes), 'é'.repeat(bytes / 2), `${'€'.repeat(Math.floor(bytes / 3))}${'b'.repeat(bytes % 3)}`, '\u{1f600}'.repeat(bytes / 4)]
}

/** Texts that no key may be. */
const unstorable: readonly string[] = ['', '\0', 'a\0', 'a\0b', '\ud800', 'a\udc00', '\udc00\ud800', 'a\ud800b']

async function roundTrip(index: Index, keys: readonly EntryKey[]): Promise<void> {
  await fill(index, keys.map((key, number) => put('', number, { key })))
  expectEqual('get of keys at the limit', (await index.get(keys)).map(valueOf), keys.map((_, number) => number))
}

export const keyCases: readonly ConformanceCase<Index>[] = [
  {
    id: 'key/sort-at-limit',
    clause: 'a sort key has 1 to 1,024 bytes in UTF-8',
    async run({ open }) {
      const index = await open()
      const sorts = ['x', ...texts(1024)]
      await roundTrip(index, sorts.map((sort) => at(sort)))
      expectPage('scan behind the first', await index.scan(partition, { after: sorts[1] }), ['x', ...sorts.slice(2)], false)
      const prefix = sorts[2]!.slice(0, 500)
      expectPage('scan with a prefix of 1,000 bytes', await index.scan(partition, { prefix }), [sorts[2]!], false)
      await index.commit(sorts.slice(1).map((sort) => ({ op: 'delete', key: at(sort), expect: 'present' })))
      expectPage('scan after they were deleted', await index.scan(partition), ['x'], false)
    },
  },
  {
    id: 'key/partition-at-limit',
    clause: 'a partition has 1 to 2,048 bytes in UTF-8',
    async run({ open }) {
      const index = await open()
      const names = ['x', ...texts(2048)]
      await roundTrip(index, names.map((name) => at('a', name)))
      for (const name of names) expectPage('scan of a partition whose name is at the limit', await index.scan(name), ['a'], false)
    },
  },
  {
    id: 'key/both-at-limit',
    clause: 'partition, sort key and value may be at their limits together',
    async run({ open }) {
      const index = await open()
      const key = { partition: 'é'.repeat(1024), sort: '€'.repeat(341) + 'a' }
      const value = 'v'.repeat(index.capabilities.limits.valueBytes - 2)
      await index.commit([put('', value, { key })])
      expectEqual('length of the value', lengthOf((await index.get([key]))[0]?.value), value.length)
    },
  },
  {
    id: 'key/sort-too-long',
    clause: 'a sort key of more than 1,024 bytes is refused with LIMIT_EXCEEDED, and nothing of its commit is applied',
    async run({ open }) {
      const index = await open()
      await index.commit([put('a')])
      const before = await snapshot(index)
      for (const sort of texts(1024).map((text) => `${text}a`)) {
        await expectCode('commit of a put with a sort key of 1,025 bytes', 'LIMIT_EXCEEDED', index.commit([put('b'), put(sort)]))
        await expectCode('the same, not atomic', 'LIMIT_EXCEEDED', index.commit([put('b'), put(sort)], { atomic: false }))
        await expectCode('commit of a delete of it', 'LIMIT_EXCEEDED', index.commit([put('b'), { op: 'delete', key: at(sort) }]))
        await expectCode('get of it', 'LIMIT_EXCEEDED', index.get([at('a'), at(sort)]))
      }
      expectEqual('the partition after that', await snapshot(index), before)
    },
  },
  {
    id: 'key/partition-too-long',
    clause: 'a partition of more than 2,048 bytes is refused with LIMIT_EXCEEDED by get, scan and commit',
    async run({ open }) {
      const index = await open()
      for (const name of texts(2048).map((text) => `${text}a`)) {
        await expectCode('commit', 'LIMIT_EXCEEDED', index.commit([put('b'), put('', 1, { key: at('a', name) })]))
        await expectCode('get', 'LIMIT_EXCEEDED', index.get([at('a', name)]))
        await expectCode('scan', 'LIMIT_EXCEEDED', index.scan(name))
      }
      expectPage('scan of the partition of the good change', await index.scan(partition), [], false)
    },
  },
  {
    id: 'key/sort-unstorable',
    clause: 'a sort key that is empty or has a NUL or a lone surrogate is a TypeError, and nothing of its commit is applied',
    async run({ open }) {
      const index = await open()
      for (const sort of unstorable) {
        const shown = JSON.stringify(sort)
        await expectTypeError(`get of the sort key ${shown}`, index.get([at('a'), at(sort)]))
        await expectTypeError(`put of the sort key ${shown}`, index.commit([put('a'), put(sort)]))
        await expectTypeError(`delete of the sort key ${shown}`, index.commit([put('a'), { op: 'delete', key: at(sort) }]))
        await expectTypeError(`check of the sort key ${shown}`, index.commit([put('a'), { op: 'check', key: at(sort), expect: 'absent' }]))
      }
      expectPage('scan after that', await index.scan(partition), [], false)
    },
  },
  {
    id: 'key/partition-unstorable',
    clause: 'a partition that is empty or has a NUL or a lone surrogate is a TypeError',
    async run({ open }) {
      const index = await open()
      for (const name of unstorable) {
        const shown = JSON.stringify(name)
        await expectTypeError(`get of the partition ${shown}`, index.get([at('a', name)]))
        await expectTypeError(`commit to the partition ${shown}`, index.commit([put('a'), put('', 1, { key: at('a', name) })]))
        await expectTypeError(`scan of the partition ${shown}`, index.scan(name))
      }
      expectPage('scan after that', await index.scan(partition), [], false)
    },
  },
]

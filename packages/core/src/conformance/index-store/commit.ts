import type { Change, Index } from '../../index-store.js'
import type { ConformanceCase } from '../conformance-case.js'
import { expectCode, expectEqual, expectTypeError } from '../expectations.js'
import { at, entryAt, expectPage, fill, numbered, partition, put, snapshot, valueOf, valuesAt } from './facts.js'

export const commitCases: readonly ConformanceCase<Index>[] = [
  {
    id: 'commit/answer',
    clause: 'a commit answers for each change in order: the revision of a put, undefined for a delete or a check',
    async run({ open }) {
      const index = await open()
      await index.commit([put('a'), put('b')])
      const answer = await index.commit([
        { op: 'check', key: at('a'), expect: 'present' },
        put('c'),
        { op: 'delete', key: at('b') },
        put('d'),
      ])
      const kinds = answer.map((revision) => typeof revision)
      expectEqual('types in the answer to check, put, delete, put', kinds, ['undefined', 'string', 'undefined', 'string'])
      const [c, d] = await index.get([at('c'), at('d')])
      expectEqual('the revisions in the answer against those of the entries', [answer[1], answer[3]], [c?.revision, d?.revision])
    },
  },
  {
    id: 'commit/replace',
    clause: 'a put replaces the whole value, whatever its type was',
    async run({ open }) {
      const index = await open()
      for (const value of [{ a: 1, b: 2 }, { a: 3 }, ['x'], null, 'text', 0]) {
        await index.commit([put('a', value)])
        expectEqual('the value after the latest put', await valuesAt(index, ['a']), [value])
      }
    },
  },
  {
    id: 'commit/delete',
    clause: 'a delete removes the entry, and an absent one is fine',
    async run({ open }) {
      const index = await open()
      await index.commit([put('a'), put('b'), put('c')])
      await index.commit([{ op: 'delete', key: at('b') }, { op: 'delete', key: at('absent') }, { op: 'delete', key: at('a', 'elsewhere') }])
      expectEqual('a, b and c after b was deleted', await valuesAt(index, ['a', 'b', 'c']), ['a', 'no entry', 'c'])
      expectPage('scan after b was deleted', await index.scan(partition), ['a', 'c'], false)
    },
  },
  {
    id: 'commit/check-changes-nothing',
    clause: 'a check changes nothing, not even the revision',
    async run({ open }) {
      const index = await open()
      await index.commit([put('a')])
      const before = await snapshot(index)
      await index.commit([{ op: 'check', key: at('a'), expect: 'present' }, { op: 'check', key: at('b'), expect: 'absent' }])
      expectEqual('the partition after two checks', await snapshot(index), before)
    },
  },
  {
    id: 'commit/empty',
    clause: 'a commit of no changes is fine',
    async run({ open }) {
      const index = await open()
      expectEqual('answer to a commit of no changes', await index.commit([]), [])
    },
  },
  {
    id: 'commit/several-partitions',
    clause: 'a commit may change entries of several partitions, and the same sort key in each',
    async run({ open }) {
      const index = await open()
      const names = ['one', 'two', 'three']
      await index.commit(names.map((name) => put('a', name, { key: at('a', name) })))
      expectEqual('one sort key in three partitions', (await index.get(names.map((name) => at('a', name)))).map(valueOf), names)
      await index.commit([{ op: 'delete', key: at('a', 'one') }, put('a', 'again', { key: at('a', 'two') })])
      expectEqual('after a delete and a put', (await index.get(names.map((name) => at('a', name)))).map(valueOf), ['no entry', 'again', 'three'])
    },
  },
  {
    id: 'commit/same-key-twice',
    clause: 'a key that occurs twice in a commit is a TypeError, and nothing is applied',
    async run({ open }) {
      const index = await open()
      await index.commit([put('a')])
      const before = await snapshot(index)
      await expectTypeError('two puts of b', index.commit([put('b', 1), put('b', 2)]))
      await expectTypeError('a put and a delete of b', index.commit([put('b'), put('c'), { op: 'delete', key: at('b') }]))
      await expectTypeError('a put and a check of a', index.commit([put('a', 2), { op: 'check', key: at('a'), expect: 'present' }]))
      await expectTypeError('two puts of b that need not go together', index.commit([put('b', 1), put('b', 2)], { atomic: false }))
      expectEqual('the partition after those commits', await snapshot(index), before)
    },
  },
  {
    id: 'commit/not-atomic',
    clause: 'a commit that need not be atomic puts and deletes everything when it succeeds',
    async run({ open }) {
      const index = await open()
      const sorts = numbered(Math.min(60, index.capabilities.limits.changes))
      await fill(index, sorts.slice(0, 3).map((sort) => put(sort, 'old')))
      const changes = sorts.map((sort, number) => (number === 1 ? ({ op: 'delete', key: at(sort) } as const) : put(sort)))
      const answer = await index.commit(changes, { atomic: false })
      expectEqual('the values behind it', await valuesAt(index, sorts), sorts.map((sort, number) => (number === 1 ? 'no entry' : sort)))
      const found = await index.get(sorts.map((sort) => at(sort)))
      expectEqual('the revisions behind it', found.map((entry) => entry?.revision ?? 'none'), answer.map((revision) => revision ?? 'none'))
    },
  },
  {
    id: 'commit/not-atomic-expectation',
    clause: 'a commit that need not be atomic can expect nothing: that is a TypeError, and nothing is applied',
    async run({ open }) {
      const index = await open()
      await index.commit([put('a')])
      const before = await snapshot(index)
      const { revision } = await entryAt(index, 'a')
      const hint = { atomic: false }
      await expectTypeError('a check', index.commit([put('b'), { op: 'check', key: at('a'), expect: 'present' }], hint))
      await expectTypeError('a put that expects absent', index.commit([put('c'), put('b', 1, { expect: 'absent' })], hint))
      await expectTypeError('a put that expects a revision', index.commit([put('a', 2, { expect: { revision } })], hint))
      await expectTypeError('a delete that expects present', index.commit([{ op: 'delete', key: at('a'), expect: 'present' }], hint))
      expectEqual('the partition after those commits', await snapshot(index), before)
    },
  },
  {
    id: 'commit/not-durable',
    clause: 'a commit that need not be durable keeps its expectations and is read at once, from another instance too',
    async run({ open }) {
      const [index, other] = [await open(), await open()]
      const [revision] = await index.commit([put('a', 1, { expect: 'absent' })], { durable: false })
      expectEqual('a, read from another instance', await valuesAt(other, ['a']), [1])
      await other.commit([put('a', 2, { expect: { revision: String(revision) } }), put('b')], { durable: false })
      await index.commit([put('c')])
      const failing: readonly Change[] = [
        put('a', 3, { expect: 'absent' }),
        put('a', 3, { expect: { revision: String(revision) } }),
        { op: 'check', key: at('d'), expect: 'present' },
      ]
      for (const change of failing) {
        const commit = index.commit([put('b', 3), change], { durable: false })
        await expectCode('a commit that need not be durable and is not as expected', 'CONFLICT', commit)
      }
      expectEqual('a, b and c', await valuesAt(index, ['a', 'b', 'c']), [2, 'b', 'c'])
    },
  },
]

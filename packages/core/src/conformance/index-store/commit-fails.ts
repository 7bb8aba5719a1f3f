import type { Change, EntryKey, Expectation, Index } from '../../index-store.js'
import type { ConformanceCase } from '../conformance-case.js'
import { expectCode, expectEqual } from '../expectations.js'
import { at, entryAt, partition, put, snapshot } from './facts.js'

/** A commit of three good changes, with `failing` as the change at `position`. */
function around(failing: Change, position: number): readonly Change[] {
  const good: readonly Change[] = [put('new'), put('changed', 'other'), { op: 'delete', key: at('deleted') }]
  return good.toSpliced(position, 0, failing)
}

function allOrNothing(op: Change['op'], failing: (key: EntryKey, expect: Expectation) => Change): ConformanceCase<Index> {
  return {
    id: `commit/all-or-nothing-${op}`,
    clause: `a commit changes nothing when an expectation of a ${op} fails, of whatever kind it is and whichever change`,
    async run({ open }) {
      const index = await open()
      await index.commit([put('changed'), put('deleted'), put('there')])
      const before = await snapshot(index)
      const failures = {
        absent: failing(at('there'), 'absent'),
        present: failing(at('absent'), 'present'),
        revision: failing(at('there'), { revision: 'not this one' }),
      }
      for (const [kind, change] of Object.entries(failures)) {
        for (const position of [0, 1, 2, 3]) {
          const what = `a commit whose change ${position} of 0 to 3 fails to be as expected (${kind})`
          await expectCode(what, 'CONFLICT', index.commit(around(change, position)))
          expectEqual(`the partition after ${what}`, await snapshot(index), before)
        }
      }
    },
  }
}

export const commitFailureCases: readonly ConformanceCase<Index>[] = [
  allOrNothing('put', (key, expect) => ({ op: 'put', key, value: 'other', expect })),
  allOrNothing('delete', (key, expect) => ({ op: 'delete', key, expect })),
  allOrNothing('check', (key, expect) => ({ op: 'check', key, expect })),
  {
    id: 'commit/all-or-nothing-partitions',
    clause: 'a commit over several partitions changes none of them when it fails',
    async run({ open }) {
      const index = await open()
      await index.commit([put('a', 1, { key: at('a', 'one') }), put('a', 1, { key: at('a', 'two') })])
      const before = [await snapshot(index, 'one'), await snapshot(index, 'two')]
      const failing: Change = { op: 'check', key: at('a', 'three'), expect: 'present' }
      const changes: readonly Change[] = [put('a', 2, { key: at('a', 'one') }), { op: 'delete', key: at('a', 'two') }]
      await expectCode('a commit whose last change fails', 'CONFLICT', index.commit([...changes, failing]))
      await expectCode('a commit whose first change fails', 'CONFLICT', index.commit([failing, ...changes]))
      expectEqual('both partitions after that', [await snapshot(index, 'one'), await snapshot(index, 'two')], before)
    },
  },
  {
    id: 'commit/conflict-key',
    clause: 'CONFLICT names the first entry that is not as expected',
    async run({ open }) {
      const index = await open()
      await index.commit([put('a'), put('b'), put('é', 1, { key: at('é', 'elsewhere') })])
      const conflicts: readonly (readonly [string, readonly Change[], readonly string[]])[] = [
        ['b is present, the last of three', [put('c'), put('d'), put('b', 2, { expect: 'absent' })], [partition, 'b']],
        ['c is absent, the second of three', [put('a', 2), { op: 'check', key: at('c'), expect: 'present' }, put('b', 2)], [partition, 'c']],
        ['another partition', [put('c'), { op: 'delete', key: at('é', 'elsewhere'), expect: { revision: 'x' } }], ['elsewhere', 'é']],
        ['two fail', [put('c'), put('b', 2, { expect: 'absent' }), put('a', 2, { expect: 'absent' })], [partition, 'b']],
      ]
      for (const [what, changes, key] of conflicts) {
        const error = await expectCode(`commit where ${what}`, 'CONFLICT', index.commit(changes))
        const named = typeof error.key === 'object' ? [error.key.partition, error.key.sort] : error.key
        expectEqual(`key of the conflict where ${what}`, named, key)
      }
    },
  },
  {
    id: 'commit/after-failure',
    clause: 'a commit that failed leaves the index ready for the next one',
    async run({ open }) {
      const index = await open()
      await index.commit([put('a')])
      await expectCode('a commit that fails', 'CONFLICT', index.commit([put('b'), put('a', 2, { expect: 'absent' })]))
      const { revision } = await entryAt(index, 'a')
      await index.commit([put('b', 1, { expect: 'absent' }), put('a', 3, { expect: { revision } })])
      expectEqual('a and b after the next commit', (await snapshot(index)).map((entry) => entry.value), [3, 1])
    },
  },
]

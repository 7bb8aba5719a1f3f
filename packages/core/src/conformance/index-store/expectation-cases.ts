import type { Change, Expectation, Index } from '../../index-store.js'
import type { CaseContext, ConformanceCase } from '../conformance-case.js'
import { expectCode, expectEqual } from '../expectations.js'
import { at, entryAt, put, snapshot, valuesAt } from './facts.js'

/** The three kinds of change, each of one entry and with one expectation. */
const kinds: readonly { readonly op: Change['op']; readonly change: (sort: string, expect: Expectation) => Change }[] = [
  { op: 'put', change: (sort, expect) => put(sort, 'new', { expect }) },
  { op: 'delete', change: (sort, expect) => ({ op: 'delete', key: at(sort), expect }) },
  { op: 'check', change: (sort, expect) => ({ op: 'check', key: at(sort), expect }) },
]

/** What an entry that was absent or `old` is after a change that succeeded. */
const outcome = { put: 'new', delete: 'no entry', check: undefined } as const

export const expectationCases: readonly ConformanceCase<Index>[] = kinds.flatMap(({ op, change }) => [
  {
    id: `expect/absent-${op}`,
    clause: `a ${op} that expects absent succeeds where there is no entry, and fails where there is one`,
    async run({ open }: CaseContext<Index>) {
      const index = await open()
      await index.commit([put('there', 'old')])
      const before = await snapshot(index)
      await expectCode(`${op} of an entry that is there, expecting absent`, 'CONFLICT', index.commit([change('there', 'absent')]))
      expectEqual('the partition after that', await snapshot(index), before)
      await index.commit([change('absent', 'absent')])
      expectEqual('the entry that was absent', await valuesAt(index, ['absent']), [outcome[op] ?? 'no entry'])
    },
  },
  {
    id: `expect/present-${op}`,
    clause: `a ${op} that expects present succeeds where there is an entry, and fails where there is none`,
    async run({ open }: CaseContext<Index>) {
      const index = await open()
      await index.commit([put('there', 'old')])
      const before = await snapshot(index)
      await expectCode(`${op} of an entry that is absent, expecting present`, 'CONFLICT', index.commit([change('absent', 'present')]))
      expectEqual('the partition after that', await snapshot(index), before)
      await index.commit([change('there', 'present')])
      expectEqual('the entry that was there', await valuesAt(index, ['there']), [outcome[op] ?? 'old'])
    },
  },
  {
    id: `expect/revision-${op}`,
    clause: `a ${op} that expects a revision succeeds at that revision, and fails at another one and where there is no entry`,
    async run({ open }: CaseContext<Index>) {
      const index = await open()
      await index.commit([put('there', 'older'), put('other')])
      const stale = await entryAt(index, 'there')
      await index.commit([put('there', 'old')])
      const before = await snapshot(index)
      const { revision } = await entryAt(index, 'there')
      const failing: readonly (readonly [string, Change])[] = [
        ['the revision of its value before', change('there', stale)],
        ['the revision of another entry', change('there', await entryAt(index, 'other'))],
        ['a revision that never was', change('there', { revision: 'never' })],
        ['a revision, of an entry that is absent', change('absent', { revision })],
      ]
      for (const [what, failingChange] of failing) {
        await expectCode(`${op} that expects ${what}`, 'CONFLICT', index.commit([failingChange]))
        expectEqual('the partition after that', await snapshot(index), before)
      }
      await index.commit([change('there', { revision })])
      expectEqual('the entry at that revision', await valuesAt(index, ['there']), [outcome[op] ?? 'old'])
    },
  },
])

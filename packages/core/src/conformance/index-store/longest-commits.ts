import type { Change, EntryKey, Expectation, Index } from '../../index-store.js'
import type { ConformanceCase } from '../conformance-case.js'
import { expectCode, expectEqual, expectThat, expectTypeError } from '../expectations.js'
import { at, expectPage, fill, numbered, partition, put, valueOf } from './facts.js'

const operations = ['put', 'delete', 'check'] as const
const expectations = ['absent', 'present', 'revision'] as const

/** As many sort keys as a commit may have changes. */
function longest({ capabilities: { limits } }: Index, begin: string): readonly string[] {
  return numbered(limits.changes, begin)
}

function change(op: Change['op'], key: EntryKey, expect: Expectation): Change {
  return op === 'put' ? { op, key, value: 'new', expect } : { op, key, expect }
}

/** Where batches end in some backend, as far as there is a change. */
function positions(count: number): readonly number[] {
  const all = [0, 9, 10, 24, 25, 26, 49, 50, 51, 99, 100, 999, 1000, Math.floor(count / 2), count - 1]
  return [...new Set(all.filter((position) => position < count))]
}

async function revisionsOf(index: Index, sorts: readonly string[]): Promise<readonly string[]> {
  return (await index.get(sorts.map((sort) => at(sort)))).map((entry) => entry?.revision ?? 'none')
}

export const longestCommitCases: readonly ConformanceCase<Index>[] = [
  {
    id: 'commit/longest-deletes',
    clause: 'a commit of limits.changes deletes removes every one of the entries, and no other',
    async run({ open }) {
      const index = await open()
      const sorts = longest(index, 'n')
      for (const options of [{}, { atomic: false }]) {
        await fill(index, ['a', ...sorts, 'z'].map((sort) => put(sort, 1)))
        const answer = await index.commit(sorts.map((sort) => ({ op: 'delete', key: at(sort) })), options)
        expectEqual('how many revisions the deletes have', answer.filter((revision) => revision !== undefined).length, 0)
        expectPage(`scan after ${sorts.length} deletes, ${JSON.stringify(options)}`, await index.scan(partition), ['a', 'z'], false)
        expectEqual('entries that get finds of them', (await revisionsOf(index, sorts)).filter((revision) => revision !== 'none').length, 0)
      }
    },
  },
  {
    id: 'commit/longest-mixture',
    clause: 'a commit of limits.changes puts, deletes and checks of several partitions, each with an expectation that holds, is applied whole',
    async run({ open }) {
      const index = await open()
      const keys = longest(index, 'n').map((sort, number) => at(sort, ['one', 'two', 'three'][number % 3]))
      const revisions = await fill(index, keys.map((key) => put('', 'old', { key })))
      await index.commit(keys.filter((_, number) => number % 4 === 0).map((key) => ({ op: 'delete', key })))
      const changes = keys.map((key, number) => {
        const revision = { revision: revisions[number]! }
        if (number % 4 === 0) return change('put', key, 'absent')
        return change((['put', 'delete', 'check'] as const)[(number % 4) - 1]!, key, revision)
      })
      const answer = await index.commit(changes)
      const found = await index.get(keys)
      const expected = keys.map((_, number) => ['new', 'new', 'no entry', 'old'][number % 4])
      expectEqual(`values after a commit of ${changes.length} puts, deletes and checks`, found.map(valueOf), expected)
      const answered = answer.map((revision, number) => revision ?? (number % 4 === 3 ? revisions[number] : 'none'))
      expectEqual('its answer against the revisions that are there', found.map((entry) => entry?.revision ?? 'none'), answered)
    },
  },
  {
    id: 'commit/longest-fails',
    clause: 'in a commit of limits.changes every expectation counts: of whatever kind, of a put, a delete or a check, and wherever it stands',
    async run({ open }) {
      const index = await open()
      const [there, absent] = [longest(index, 'there'), longest(index, 'absent')]
      const revisions = await fill(index, there.map((sort) => put(sort, 'old')))
      const good = (op: Change['op'], kind: (typeof expectations)[number], number: number): Change => {
        if (kind === 'absent') return change(op, at(absent[number]!), 'absent')
        return change(op, at(there[number]!), kind === 'present' ? 'present' : { revision: revisions[number]! })
      }
      const bad = (op: Change['op'], kind: (typeof expectations)[number], number: number): Change => {
        if (kind === 'present') return change(op, at(absent[number]!), 'present')
        return change(op, at(there[number]!), kind === 'absent' ? 'absent' : { revision: 'never' })
      }
      let turn = 0
      for (const op of operations) {
        for (const kind of expectations) {
          const [first, middle, last] = [0, Math.floor(there.length / 2), there.length - 1]
          const others = positions(there.length).filter((position) => position !== first && position !== middle && position !== last)
          // The ends and the middle for each kind, and one of the others in turn.
          for (const position of new Set([first, middle, last, others[turn++ % others.length] ?? last])) {
            const failing = bad(op, kind, position)
            const what = `a commit of ${there.length} times ${op}, of which number ${position} fails to be as expected (${kind})`
            const changes = there.map((_, number) => (number === position ? failing : good(op, kind, number)))
            const error = await expectCode(what, 'CONFLICT', index.commit(changes))
            expectEqual(`key of the conflict of ${what}`, (error.key as { sort?: string } | undefined)?.sort, failing.key.sort)
          }
        }
      }
      expectEqual('revisions after all those', await revisionsOf(index, there), revisions)
      expectEqual('how many entries they created', (await revisionsOf(index, absent)).filter((revision) => revision !== 'none').length, 0)
    },
  },
  {
    id: 'commit/longest-ends-with-checks',
    clause: 'a failing check at the end of limits.changes puts and deletes is seen, and nothing of them is applied',
    async run({ open }) {
      const index = await open()
      const sorts = longest(index, 'n').slice(1)
      const revisions = await fill(index, sorts.filter((_, number) => number % 2 === 0).map((sort) => put(sort, 'old')))
      const changes = sorts.map((sort, number): Change => (number % 4 === 0 ? { op: 'delete', key: at(sort) } : put(sort, 'new')))
      const key = at('a')
      await expectCode('a commit that ends with a check that fails', 'CONFLICT', index.commit([...changes, { op: 'check', key, expect: 'present' }]))
      const kept = sorts.map((_, number) => (number % 2 === 0 ? revisions[number / 2]! : 'none'))
      expectEqual('revisions after that', await revisionsOf(index, sorts), kept)
      await index.commit([...changes, { op: 'check', key, expect: 'absent' }])
      const expected = sorts.map((_, number) => (number % 4 === 0 ? 'no entry' : 'new'))
      expectEqual('values after the same with a check that holds', (await index.get(sorts.map((sort) => at(sort)))).map(valueOf), expected)
    },
  },
  {
    id: 'commit/longest-not-atomic',
    clause: 'a commit of limits.changes that need not be atomic puts and deletes everything, wherever it stands, or is refused whole where it expects something',
    async run({ open }) {
      const index = await open()
      const keys = longest(index, 'n').map((sort, number) => at(sort, number % 5 === 0 ? 'elsewhere' : partition))
      await fill(index, keys.map((key) => put('', 'old', { key })))
      for (const parity of [0, 1]) {
        const isPut = (number: number): boolean => number % 2 === parity
        const changes = keys.map((key, number): Change => (isPut(number) ? put('', parity, { key }) : { op: 'delete', key }))
        const answer = await index.commit(changes, { atomic: false, durable: parity === 0 })
        const found = await index.get(keys)
        expectEqual(`values after ${changes.length} changes`, found.map(valueOf), keys.map((_, number) => (isPut(number) ? parity : 'no entry')))
        const there = found.map((entry) => entry?.revision ?? 'none')
        expectEqual('its answer against the revisions that are there', answer.map((revision) => revision ?? 'none'), there)
        for (const position of [0, Math.floor(keys.length / 2), keys.length - 1]) {
          const expect = isPut(position) ? 'present' : 'absent'
          const expecting = changes.toSpliced(position, 1, { op: 'put', key: keys[position]!, value: 'new', expect })
          await expectTypeError(`the same where change ${position} expects something`, index.commit(expecting, { atomic: false }))
        }
        const after = await index.get(keys)
        const isSame = after.every((entry, number) => entry?.revision === found[number]?.revision)
        expectThat('entries after that', isSame, 'those from before', after.map(valueOf))
      }
    },
  },
]

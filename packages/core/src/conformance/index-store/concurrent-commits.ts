import { RegistryError } from '../../errors.js'
import type { Change, EntryKey, Index, PutChange } from '../../index-store.js'
import type { ConformanceCase } from '../conformance-case.js'
import { expectCode, expectEqual, expectThat } from '../expectations.js'
import { at, entryAt, expectPage, fill, numbered, partition, put, valueOf, valuesAt } from './facts.js'

/** For each commit whether it landed; one that did not has to say `CONFLICT`. */
async function landed(commits: readonly Promise<unknown>[]): Promise<readonly boolean[]> {
  const outcomes = await Promise.allSettled(commits)
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected' && !RegistryError.is(outcome.reason, 'CONFLICT')) throw outcome.reason
  }
  return outcomes.map(({ status }) => status === 'fulfilled')
}

function putAt(key: EntryKey, value: string): PutChange {
  return put('', value, { key })
}

/** Two commits that rest each on what the other changes, so that they cannot both land. */
interface Meeting {
  readonly what: string
  /** What is there before, of the two entries. */
  readonly there: (left: EntryKey, right: EntryKey) => readonly PutChange[]
  readonly commits: (left: EntryKey, right: EntryKey, revisions: readonly string[]) => readonly [readonly Change[], readonly Change[]]
}

const meetings: readonly Meeting[] = [
  {
    what: 'two commits that create an entry where that of the other is absent',
    there: () => [],
    commits: (left, right) => [
      [putAt(left, 'new'), { op: 'check', key: right, expect: 'absent' }],
      [putAt(right, 'new'), { op: 'check', key: left, expect: 'absent' }],
    ],
  },
  {
    what: 'two commits that delete an entry while that of the other is present',
    there: (left, right) => [putAt(left, 'old'), putAt(right, 'old')],
    commits: (left, right) => [
      [{ op: 'delete', key: left }, { op: 'check', key: right, expect: 'present' }],
      [{ op: 'delete', key: right }, { op: 'check', key: left, expect: 'present' }],
    ],
  },
  {
    what: 'two commits that replace an entry while that of the other is at its revision',
    there: (left, right) => [putAt(left, 'old'), putAt(right, 'old')],
    commits: (left, right, [revisionOfLeft = '', revisionOfRight = '']) => [
      [putAt(left, 'new'), { op: 'check', key: right, expect: { revision: revisionOfRight } }],
      [putAt(right, 'new'), { op: 'check', key: left, expect: { revision: revisionOfLeft } }],
    ],
  },
  {
    what: 'a commit that deletes an entry that nothing refers to, and one that begins to refer to it',
    there: (left) => [putAt(left, 'old')],
    commits: (left, right) => [
      [{ op: 'delete', key: left, expect: 'present' }, { op: 'check', key: right, expect: 'absent' }],
      [putAt(right, 'new'), { op: 'check', key: left, expect: 'present' }],
    ],
  },
]

/** What the entry that a commit changes is after it. */
function after([write]: readonly Change[]): string {
  return write?.op === 'put' ? 'new' : 'no entry'
}

/** Commits that cannot both land, whatever is done: of several, only one can be the first. */
const contests: readonly { readonly what: string; readonly there: boolean; readonly change: (revision: string, number: number) => Change }[] = [
  { what: 'puts that expect absent', there: false, change: (_, number) => put('a', number, { expect: 'absent' }) },
  { what: 'puts that expect a revision', there: true, change: (revision, number) => put('a', number, { expect: { revision } }) },
  { what: 'deletes that expect present', there: true, change: () => ({ op: 'delete', key: at('a'), expect: 'present' }) },
  { what: 'deletes that expect a revision', there: true, change: (revision) => ({ op: 'delete', key: at('a'), expect: { revision } }) },
]

export const concurrentCommitCases: readonly ConformanceCase<Index>[] = [
  {
    id: 'commit/write-skew',
    clause: 'the expectations of a commit hold when it lands, all at once: of two that check each what the other changes, in one partition or in two, at most one lands',
    async run({ open }) {
      const [one, two] = [await open(), await open()]
      for (const { what, there, commits } of meetings) {
        for (let round = 0; round < 6; round++) {
          const [left, right] = [at(`${what} ${round} left`), at(`${what} ${round} right`, round % 2 === 0 ? partition : 'elsewhere')]
          const revisions = await fill(one, there(left, right))
          const changes = commits(left, right, revisions).map((each) => (round % 3 === 0 ? each : [...each].reverse()))
          const before = (await one.get([left, right])).map(valueOf)
          const outcomes = await landed([one.commit(changes[0]!), two.commit(changes[1]!)])
          const count = outcomes.filter((outcome) => outcome).length
          expectThat(`how many land of ${what}, at the same time`, count <= 1, 'at most one', count)
          const expected = commits(left, right, revisions).map((each, number) => (outcomes[number] === true ? after(each) : before[number]))
          expectEqual(`the two entries after ${what}, of which ${count} landed`, (await two.get([left, right])).map(valueOf), expected)
        }
      }
    },
  },
  {
    id: 'commit/concurrent',
    clause: 'concurrent commits of several instances to different entries of a partition all land',
    async run({ open }) {
      const instances = [await open(), await open()]
      const old = numbered(20, 'old')
      await fill(instances[0]!, old.map((sort) => put(sort)))
      const added = numbered(40, 'new')
      const commits = added.map((sort, number) => {
        const other = old[Math.floor(number / 2)]!
        const second: Change = number % 2 === 0 ? { op: 'delete', key: at(other) } : put(other.replace('old', 'too'))
        return instances[number % 2]!.commit([put(sort), second], { atomic: number % 3 !== 0, durable: number % 5 !== 0 })
      })
      const answers = await Promise.all(commits)
      const found = await instances[0]!.get(added.map((sort) => at(sort)))
      expectEqual('revisions that they were answered with', answers.map(([revision]) => revision), found.map((entry) => entry?.revision))
      const sorts = [...added, ...old.map((sort) => sort.replace('old', 'too'))]
      for (const index of instances) expectPage(`scan after ${commits.length} commits at the same time`, await index.scan(partition), sorts, false)
    },
  },
  {
    id: 'commit/last-deleted',
    clause: 'a put into a partition lands while the last of its other entries is deleted',
    async run({ open }) {
      const [one, two] = [await open(), await open()]
      for (let round = 1; round <= 8; round++) {
        const [last, first] = [at('last', `partition ${round}`), at('first', `partition ${round}`)]
        await one.commit([put('', 'old', { key: last })])
        const deleting = (): Promise<unknown> => one.commit([{ op: 'delete', key: last }])
        const putting = (): Promise<unknown> => two.commit([put('', 'new', { key: first, expect: 'absent' })])
        await Promise.all(round % 2 === 0 ? [deleting(), putting()] : [putting(), deleting()])
        expectEqual('what was put, and what was deleted', (await one.get([first, last])).map(valueOf), ['new', 'no entry'])
        expectPage('scan of the partition', await two.scan(first.partition), ['first'], false)
      }
    },
  },
  {
    id: 'commit/failed-beside-others',
    clause: 'a commit that fails takes nothing away from those that land while it is under way',
    async run({ open }) {
      const [one, two] = [await open(), await open()]
      const sorts = numbered(Math.min(one.capabilities.limits.changes - 1, 5))
      await fill(one, sorts.map((sort) => put(sort, 'old')))
      for (let round = 1; round <= 6; round++) {
        const writes = sorts.map((sort): Change => (round % 2 === 0 ? { op: 'delete', key: at(sort) } : put(sort, 'failed')))
        const failing: readonly Change[] = [...writes, { op: 'check', key: at('absent'), expect: 'present' }]
        await Promise.all([
          expectCode('a commit whose last change fails', 'CONFLICT', one.commit(failing)),
          ...sorts.map((sort) => two.commit([put(sort, `kept ${round}`)])),
        ])
        expectEqual('entries that were put while a commit that changes them failed', await valuesAt(one, sorts), sorts.map(() => `kept ${round}`))
      }
    },
  },
  {
    id: 'revision/one-winner',
    clause: 'of concurrent commits of several instances one wins where they expect the same: puts where absent or a revision, deletes where present or a revision',
    async run({ open }) {
      const instances = [await open(), await open()]
      for (const { what, there, change } of contests) {
        for (let round = 1; round <= 4; round++) {
          await instances[0]!.commit([there ? put('a', 'old') : { op: 'delete', key: at('a') }])
          const revision = there ? (await entryAt(instances[0]!, 'a')).revision : ''
          const changes = Array.from({ length: 8 }, (_, number) => change(revision, number))
          const outcomes = await landed(changes.map((each, number) => instances[(number + round) % 2]!.commit([each])))
          const winners = changes.filter((_, number) => outcomes[number])
          expectEqual(`how many of eight ${what}, at the same time, land`, winners.length, 1)
          const [winner] = winners
          const left = winner?.op === 'put' ? winner.value : 'no entry'
          expectEqual('the entry is as the one that landed left it', await valuesAt(instances[1]!, ['a']), [left])
        }
      }
    },
  },
]

import { RegistryError } from '../../errors.js'
import type { Change, EntryKey, Index } from '../../index-store.js'
import type { ConformanceCase } from '../conformance-case.js'
import { expectEqual, expectThat } from '../expectations.js'
import { at, entryAt, numbered, put, valueOf } from './facts.js'

/** How long the commits of a race are: backends change their way with the number of changes. */
function lengths({ capabilities: { limits } }: Index): readonly number[] {
  return [...new Set([2, 3, 11, 50, limits.changes].filter((length) => length <= limits.changes))]
}

/** What the commits of a race fight for: of several, one can be the first. */
const prizes: readonly { readonly what: string; readonly there: boolean; readonly change: (revision: string) => Change }[] = [
  { what: 'a put that expects absent', there: false, change: () => put('prize', 'won', { expect: 'absent' }) },
  { what: 'a put that expects a revision', there: true, change: (revision) => put('prize', 'won', { expect: { revision } }) },
  { what: 'a delete that expects present', there: true, change: () => ({ op: 'delete', key: at('prize'), expect: 'present' }) },
  { what: 'a delete that expects a revision', there: true, change: (revision) => ({ op: 'delete', key: at('prize'), expect: { revision } }) },
]

/** Changes beside those that a race is about: puts, deletes and checks of entries of its own. */
function besides(count: number, begin: string): readonly Change[] {
  return numbered(count, begin).map((sort, number): Change => {
    const key = at(sort)
    if (number % 3 === 0) return put(sort, 1)
    return number % 3 === 1 ? { op: 'check', key, expect: 'absent' } : { op: 'delete', key }
  })
}

/** Starts all commits before any has an answer; one that does not land has to say `CONFLICT`, and name one of `keys`. */
async function race(what: string, commits: readonly Promise<unknown>[], keys: readonly EntryKey[]): Promise<readonly boolean[]> {
  const outcomes = await Promise.allSettled(commits)
  for (const outcome of outcomes) {
    if (outcome.status === 'fulfilled') continue
    if (!RegistryError.is(outcome.reason, 'CONFLICT')) throw outcome.reason
    const { key } = outcome.reason
    const isNamed = keys.some(({ partition, sort }) => typeof key === 'object' && key.partition === partition && key.sort === sort)
    expectThat(`key of the CONFLICT of ${what}`, isNamed, JSON.stringify(keys.length === 1 ? keys[0] : keys), key)
  }
  return outcomes.map(({ status }) => status === 'fulfilled')
}

/** Fails unless the puts of the commits that landed are there, and those of the others are not. */
async function expectWhole(what: string, index: Index, commits: readonly (readonly Change[])[], outcomes: readonly boolean[]): Promise<void> {
  for (const [number, changes] of commits.entries()) {
    const keys = changes.flatMap(({ op, key }) => (op === 'put' && key.sort.startsWith('beside') ? [key] : []))
    const expected = keys.map(() => (outcomes[number] === true ? 1 : 'no entry'))
    expectEqual(`puts of ${what} that ${outcomes[number] === true ? 'landed' : 'failed'}`, (await index.get(keys)).map(valueOf), expected)
  }
}

export const raceCases: readonly ConformanceCase<Index>[] = [
  {
    id: 'commit/races-of-every-length',
    clause: 'of concurrent commits that expect the same one wins, however many other changes they have; the others fail whole, and name the entry',
    async run({ open }) {
      const instances = [await open(), await open()]
      for (const length of lengths(instances[0]!)) {
        for (const [number, { what, there, change }] of prizes.entries()) {
          await instances[0]!.commit([there ? put('prize', 'old') : { op: 'delete', key: at('prize') }])
          const revision = there ? (await entryAt(instances[0]!, 'prize')).revision : ''
          const place = [0, length - 1, Math.floor(length / 2)][number % 3]!
          const commits = [0, 1, 2].map((racer) => besides(length - 1, `beside ${length} ${number} ${racer} `).toSpliced(place, 0, change(revision)))
          const words = `commits of ${length} changes with ${what}`
          const outcomes = await race(words, commits.map(async (changes, racer) => instances[racer % 2]!.commit(changes)), [at('prize')])
          expectEqual(`how many of three ${words} land at the same time`, outcomes.filter((landed) => landed).length, 1)
          await expectWhole(words, instances[1]!, commits, outcomes)
        }
      }
    },
  },
  {
    id: 'commit/write-skew-of-every-length',
    clause: 'of two concurrent commits that check each what the other changes at most one lands, however many other changes they have',
    async run({ open }) {
      const instances = [await open(), await open()]
      for (const length of lengths(instances[0]!)) {
        for (const round of [0, 1, 2]) {
          const ends = [at(`left ${length} ${round}`), at(`right ${length} ${round}`, round === 0 ? 'elsewhere' : undefined)]
          const isThere = round === 2
          if (isThere) await instances[0]!.commit(ends.map((key) => put('', 'old', { key })))
          const commits = ends.map((key, number): readonly Change[] => {
            const write: Change = isThere ? { op: 'delete', key } : put('', 'new', { key })
            const check: Change = { op: 'check', key: ends[1 - number]!, expect: isThere ? 'present' : 'absent' }
            const others = besides(length - 2, `beside ${length} ${round} ${number} `)
            return round === 1 ? [check, ...others, write] : [write, ...others, check]
          })
          const words = `commits of ${length} changes that check each what the other ${isThere ? 'deletes' : 'creates'}`
          const outcomes = await race(words, commits.map(async (changes, number) => instances[number]!.commit(changes)), ends)
          expectThat(`how many of two ${words} land at the same time`, outcomes.includes(false), 'at most one', outcomes.length)
          await expectWhole(words, instances[0]!, commits, outcomes)
        }
      }
    },
  },
]

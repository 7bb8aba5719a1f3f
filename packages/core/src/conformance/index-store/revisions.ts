import type { Index } from '../../index-store.js'
import { RegistryError } from '../../errors.js'
import type { ConformanceCase } from '../conformance-case.js'
import { expectCode, expectEqual, expectThat } from '../expectations.js'
import { at, entryAt, put, valuesAt } from './facts.js'

export const revisionCases: readonly ConformanceCase<Index>[] = [
  {
    id: 'revision/every-put',
    clause: 'a revision changes with every put, also of the same value, and with nothing else',
    async run({ open }) {
      const index = await open()
      const [first] = await index.commit([put('a', 1), put('b', 1)])
      const [second] = await index.commit([put('a', 1)])
      expectThat('revision after a put of the same value', first !== second, `another one than ${String(first)}`, second)
      const [before] = await index.get([at('b')])
      const [third, other] = await index.commit([put('a', 1), put('b', 1)])
      expectThat('revision after a put of the same value beside another', third !== second, `another one than ${String(second)}`, third)
      expectThat('revision of the other after a put of the same value', other !== before?.revision, `another one than ${before?.revision}`, other)
      await index.commit([put('b', 2), { op: 'check', key: at('a'), expect: 'present' }])
      await expectCode('a put of a that fails', 'CONFLICT', index.commit([put('a', 3, { expect: 'absent' })]))
      expectEqual('revision of a after a check, a failed put and a put of b', (await entryAt(index, 'a')).revision, third)
    },
  },
  {
    id: 'revision/never-repeats',
    clause: 'a revision never repeats for a key, not even after a delete',
    async run({ open }) {
      const index = await open()
      const seen = new Set<string>()
      for (let round = 1; round <= 20; round++) {
        const [revision] = await index.commit([put('a', 'the same')])
        expectThat(`revision of put ${round}`, !seen.has(String(revision)), 'one that was not there before', revision)
        seen.add(String(revision))
        if (round % 2 === 0) await index.commit([{ op: 'delete', key: at('a') }])
      }
    },
  },
  {
    id: 'revision/stale-after-recreate',
    clause: 'a revision from before a delete does not fit the entry that was put after it',
    async run({ open }) {
      const index = await open()
      await index.commit([put('a', 1)])
      const stale = await entryAt(index, 'a')
      await index.commit([{ op: 'delete', key: at('a') }])
      await index.commit([put('a', 1)])
      await expectCode('a put that expects the revision from before the delete', 'CONFLICT', index.commit([put('a', 2, { expect: stale })]))
      expectEqual('a after that', await valuesAt(index, ['a']), [1])
    },
  },
  {
    id: 'revision/after-restart',
    clause: 'a restart keeps revisions, and none that is given out after it was there before it',
    async run({ open }) {
      const first = await open()
      const [kept] = await first.commit([put('kept')])
      const seen = new Set<string>()
      for (let round = 0; round < 5; round++) {
        // Those of the last rounds come from commits that wait for no disk, and count all the same.
        const [revision] = await first.commit([put('a', 1)], { durable: round < 3 })
        seen.add(String(revision))
        await first.commit([{ op: 'delete', key: at('a') }], { durable: round < 3 })
      }
      await first.close()
      const second = await open()
      expectEqual('revision of an entry after a restart', (await entryAt(second, 'kept')).revision, kept)
      for (let round = 0; round < 5; round++) {
        const [revision] = await second.commit([put('a', 1)])
        expectThat('revision of a put after a restart', !seen.has(String(revision)), 'one that was not there before', revision)
        await second.commit([{ op: 'delete', key: at('a') }])
      }
    },
  },
  {
    id: 'revision/increments',
    clause: 'of two commits that expect the same revision one wins: a hundred concurrent increments end at one hundred',
    async run({ open }) {
      const index = await open()
      await index.commit([put('count', 0)])
      await increment([index], 100)
      expectEqual('the count after a hundred concurrent increments', await valuesAt(index, ['count']), [100])
    },
  },
  {
    id: 'revision/increments-of-two-instances',
    clause: 'concurrent commits of several instances are kept apart by revisions too',
    async run({ open }) {
      const [one, two] = [await open(), await open()]
      await one.commit([put('count', 0)])
      await increment([one, two], 40)
      expectEqual('the count after forty increments from two instances', await valuesAt(one, ['count']), [40])
    },
  },
  {
    id: 'revision/of-two-instances',
    clause: 'a revision never repeats for a key, whichever instances put and delete it',
    async run({ open }) {
      const instances = [await open(), await open()]
      const seen = new Set<string>()
      for (let round = 1; round <= 20; round++) {
        const [revision] = await instances[round % 2]!.commit([put('a', 'the same')])
        expectThat(`revision of put ${round}, by each of two instances in turn`, !seen.has(String(revision)), 'one that was not there before', revision)
        seen.add(String(revision))
        if (round % 6 === 0) await instances[0]!.commit([{ op: 'delete', key: at('a') }])
      }
    },
  },
  {
    id: 'revision/one-creator',
    clause: 'of several concurrent commits that expect absent one wins',
    async run({ open }) {
      const index = await open()
      const attempts = Array.from({ length: 20 }, (_, number) => index.commit([put('a', number, { expect: 'absent' })]))
      const answers = await Promise.allSettled(attempts)
      const winners = answers.flatMap((answer, number) => (answer.status === 'fulfilled' ? [number] : []))
      expectEqual('how many of twenty puts that expect absent succeed', winners.length, 1)
      expectEqual('the value is that of the one that succeeded', await valuesAt(index, ['a']), winners)
    },
  },
]

/**
 * Adds one to the count so many times, from each index in turn: all at the same time first, and then those that another
 * was faster than, five at a time. All of them every time would be thousands of conflicts, which prove no more.
 */
async function increment(indexes: readonly Index[], times: number): Promise<void> {
  for (let [left, together] = [times, times]; left > 0; together = Math.min(left, 5)) {
    const attempts = Array.from({ length: together }, (_, number) => incremented(indexes[number % indexes.length]!))
    const won = (await Promise.all(attempts)).filter((success) => success).length
    expectThat(`increments that succeed of ${together} at the same time`, won > 0, 'at least one', won)
    left -= won
  }
}

/** Whether nobody else was faster. */
async function incremented(index: Index): Promise<boolean> {
  const entry = await entryAt(index, 'count')
  try {
    await index.commit([put('count', Number(entry.value) + 1, { expect: entry })])
    return true
  } catch (error) {
    if (!RegistryError.is(error, 'CONFLICT')) throw error
    return false
  }
}

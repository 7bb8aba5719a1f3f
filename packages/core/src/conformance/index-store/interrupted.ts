import type { Index, PutChange } from '../../index-store.js'
import { RegistryError } from '../../errors.js'
import type { Json } from '../../json.js'
import type { ConformanceCase } from '../conformance-case.js'
import { expectCode, expectEqual, expectThat } from '../expectations.js'
import { at, numbered, put, valueOf } from './facts.js'

/** Puts that are told to be there all or none. */
function longCommit({ capabilities: { limits } }: Index, begin: string): readonly PutChange[] {
  return numbered(Math.min(limits.changes, 50), begin).map((sort, number) => put(sort, 1, { key: at(sort, number % 2 === 0 ? 'one' : 'two') }))
}

/**
 * Fails where some of the puts landed and others did not. By expectations, which are checked together: what is still
 * under way may show between the entries of a read.
 */
async function expectWhole(what: string, index: Index, puts: readonly PutChange[]): Promise<void> {
  const [first, last] = [puts[0]!.key, puts.at(-1)!.key]
  const halves = [
    [{ op: 'check', key: first, expect: 'present' }, { op: 'check', key: last, expect: 'absent' }],
    [{ op: 'check', key: first, expect: 'absent' }, { op: 'check', key: last, expect: 'present' }],
  ] as const
  for (const half of halves) await expectCode(`a commit that expects half of ${what}`, 'CONFLICT', index.commit(half))
}

async function outcomeOf(commit: Promise<unknown>): Promise<{ readonly answered: boolean; readonly error?: unknown }> {
  return commit.then(
    () => ({ answered: true }),
    (error: unknown) => ({ answered: false, error }),
  )
}

async function expectValues(when: string, index: Index, puts: readonly PutChange[], value: Json): Promise<void> {
  const values = (await index.get(puts.map(({ key }) => key))).map(valueOf)
  expectEqual(`values ${when}`, values, puts.map(() => value))
}

export const interruptedCases: readonly ConformanceCase<Index>[] = [
  {
    id: 'close/commit-under-way',
    clause: 'a commit that is under way when its index is closed is answered and kept, or fails; it is whole or not at all',
    async run({ open }) {
      for (const turns of [0, 1, 3]) {
        const index = await open()
        const puts = longCommit(index, `after ${turns} `)
        const commit = outcomeOf(index.commit(puts))
        for (let turn = 0; turn < turns; turn++) await Promise.resolve()
        await index.close()
        const { answered, error } = await commit
        const other = await open()
        const what = 'a commit that was under way when its index was closed'
        if (answered) await expectValues(`after ${what} was answered`, other, puts, 1)
        else if (!RegistryError.is(error)) throw error
        else if (error.outcome !== 'unknown') await expectValues(`after ${what} failed`, other, puts, 'no entry')
        await expectWhole(what, other, puts)
      }
    },
  },
  {
    id: 'abort/commit-under-way',
    clause: 'a commit that is aborted while it is under way is answered and kept, or rejects with the reason; it is whole or not at all',
    async run({ open }) {
      const [index, other] = [await open(), await open()]
      for (const turns of [0, 1, 2, 3, 5, 10]) {
        const puts = longCommit(index, `after ${turns} `)
        const abort = new AbortController()
        const reason = new Error('the reason of this case')
        const commit = outcomeOf(index.commit(puts, { signal: abort.signal }))
        for (let turn = 0; turn < turns; turn++) await Promise.resolve()
        abort.abort(reason)
        const { answered, error } = await commit
        const what = 'a commit that was aborted while it was under way'
        if (answered) await expectValues(`after ${what} was answered`, other, puts, 1)
        else expectThat(what, error === reason, 'an answer, or the reason of the abort', error)
        await expectWhole(what, other, puts)
      }
    },
  },
]

import { setImmediate } from 'node:timers/promises'
import type { Index, PutChange } from '../../index-store.js'
import { RegistryError } from '../../errors.js'
import type { Json } from '../../json.js'
import type { ConformanceCase } from '../conformance-case.js'
import { expectCode, expectEqual, expectThat } from '../expectations.js'
import { at, numbered, put, valueOf } from './facts.js'

/** Puts that are told to be there all or none, as many as the index takes: those behind a batch of hundreds, too. */
function longCommit({ capabilities: { limits } }: Index, begin: string): readonly PutChange[] {
  const count = Math.min(limits.changes, 1000, Math.floor(limits.commitBytes / 50))
  return numbered(count, begin).map((sort, number) => put(sort, 1, { key: at(sort, number % 2 === 0 ? 'one' : 'two') }))
}

/** When a commit is interrupted: before anything else happens, after so many promises, or so many turns of files and sockets. */
const moments: readonly { readonly when: string; readonly come?: () => Promise<void> }[] = [
  { when: 'at once ' },
  ...[1, 2, 3, 5, 10].map((count) => ({
    when: `after ${count} promises `,
    come: async () => {
      for (let turn = 0; turn < count; turn++) await Promise.resolve()
    },
  })),
  ...[1, 2, 4, 8].map((count) => ({
    when: `after ${count} turns `,
    come: async () => {
      for (let turn = 0; turn < count; turn++) await setImmediate()
    },
  })),
]

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
      for (const { when, come } of moments) {
        const index = await open()
        const puts = longCommit(index, when)
        const commit = outcomeOf(index.commit(puts))
        if (come !== undefined) await come()
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
      for (const { when, come } of moments) {
        const puts = longCommit(index, when)
        const abort = new AbortController()
        const reason = new Error('the reason of this case')
        const commit = outcomeOf(index.commit(puts, { signal: abort.signal }))
        if (come !== undefined) await come()
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

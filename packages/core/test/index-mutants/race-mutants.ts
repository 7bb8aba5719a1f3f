import { setImmediate } from 'node:timers/promises'
import { RegistryError } from '../../src/errors.js'
import type { Change, CommitOptions, Index } from '../../src/index-store.js'
import type { MemoryIndexStorage } from '../../src/memory/index.js'
import { commitInstead, type IndexMutant, mutant, roomy, unexpecting } from './mutant.js'

const checksOf = (changes: readonly Change[]): readonly Change[] =>
  changes.flatMap(({ key, expect }) => (expect === undefined ? [] : [{ op: 'check', key, expect }]))

/** A mutant that looks at what `early` names, and writes a moment later without looking again. */
function lookingOnce(id: string, breaks: string, when: (changes: readonly Change[]) => boolean, early: (change: Change) => boolean): IndexMutant {
  return mutant(id, breaks, (index) => ({
    commit: async (changes, options) => {
      const isRefused = changes.length > roomy.changes || options?.atomic === false
      if (isRefused || !when(changes)) return index.commit(changes, options)
      await index.commit(checksOf(changes), options)
      await setImmediate()
      return commitInstead(index, changes, changes.flatMap((change) => (early(change) ? unexpecting(change) : [change])), options)
    },
  }), roomy)
}

const underWay = new WeakMap<MemoryIndexStorage, number>()

async function counted<Answer>(storage: MemoryIndexStorage, call: (others: number) => Promise<Answer>): Promise<Answer> {
  const others = underWay.get(storage) ?? 0
  underWay.set(storage, others + 1)
  try {
    return await call(others)
  } finally {
    underWay.set(storage, underWay.get(storage)! - 1)
  }
}

const hundreds = { ...roomy, changes: 250 }

async function byHundreds(index: Index, changes: readonly Change[], options: CommitOptions | undefined): Promise<readonly (string | undefined)[]> {
  const answer: (string | undefined)[] = []
  for (let start = 0; start < changes.length; start += 100) {
    answer.push(...(await index.commit(changes.slice(start, start + 100), options)))
    await setImmediate()
  }
  return answer
}

export const raceMutants: readonly IndexMutant[] = [
  lookingOnce('once-above-ten', 'commits of more than ten changes look once, and write later', ({ length }) => length > 10, () => true),
  lookingOnce('once-above-two', 'commits of more than two changes look at checks once alone', ({ length }) => length > 2, ({ op }) => op === 'check'),
  lookingOnce('once-at-the-limit', 'a commit of limits.changes looks once, and writes later', ({ length }) => length === roomy.changes, () => true),
  mutant('race-without-key', 'a CONFLICT that is found while another commit is under way names no entry', (index, storage) => ({
    commit: async (changes, options) =>
      counted(storage, async (others) => {
        await Promise.resolve()
        try {
          return await index.commit(changes, options)
        } catch (error) {
          const isRace = others > 0 || underWay.get(storage)! > 1
          throw isRace && RegistryError.is(error, 'CONFLICT') ? new RegistryError('CONFLICT', 'cancelled', { driver: 'memory' }) : error
        }
      }),
  })),
  mutant('half-by-hundreds', 'a long commit that expects nothing is applied by hundreds, and an abort or a close may come between', (index) => ({
    commit: async (changes, options) => {
      const isPlain = changes.length <= hundreds.changes && changes.every(({ expect }) => expect === undefined)
      return isPlain && changes.length > 100 ? byHundreds(index, changes, options) : index.commit(changes, options)
    },
  }), hundreds),
]

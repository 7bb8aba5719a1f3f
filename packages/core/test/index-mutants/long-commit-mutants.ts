import type { Change } from '../../src/index-store.js'
import { commitInstead, type IndexMutant, mutant, roomy, unexpecting } from './mutant.js'

/** A mutant that does not see expectations of commits with more than fifty changes that `blind` says it does not. */
function unseenInLong(id: string, breaks: string, blind: (change: Change, number: number) => boolean): IndexMutant {
  return mutant(id, breaks, (index) => ({
    commit: async (changes, options) => {
      if (changes.length <= 50 || changes.length > roomy.changes) return index.commit(changes, options)
      return commitInstead(index, changes, changes.flatMap((change, number) => (blind(change, number) ? unexpecting(change) : [change])), options)
    },
  }), roomy)
}

/** A mutant that applies of a commit what `kept` says. */
function dropping(id: string, breaks: string, kept: (changes: readonly Change[], atomic: boolean) => readonly Change[]): IndexMutant {
  return mutant(id, breaks, (index) => ({
    commit: async (changes, options) => {
      if (changes.length > roomy.changes) return index.commit(changes, options)
      return commitInstead(index, changes, kept(changes, options?.atomic !== false), options)
    },
  }), roomy)
}

/** The first deletes, and everything else. */
function deletes(changes: readonly Change[], count: number): readonly Change[] {
  const first = changes.filter(({ op }) => op === 'delete').slice(0, count)
  return changes.filter((change) => change.op !== 'delete' || first.includes(change))
}

export const longCommitMutants: readonly IndexMutant[] = [
  dropping('deletes-of-25', 'of a commit the first 25 deletes are carried out', (changes, atomic) => (atomic ? deletes(changes, 25) : changes)),
  dropping('deletes-of-25-not-atomic', 'of a commit that need not be atomic the first 25 deletes are carried out', (changes, atomic) => (atomic ? changes : deletes(changes, 25))),
  dropping('one-delete-not-atomic', 'of a commit that need not be atomic the first delete is carried out', (changes, atomic) => (atomic ? changes : deletes(changes, 1))),
  dropping('three-partitions', 'of a long commit with checks the third partition is left out', (changes) => {
    const third = [...new Set(changes.map(({ key }) => key.partition))][2]
    return changes.length > 50 && changes.some(({ op }) => op === 'check') ? changes.filter(({ key }) => key.partition !== third) : changes
  }),
  dropping('checks-at-the-end', 'a check behind 25 puts and deletes is not looked at', (changes) =>
    changes.filter(({ op }, number) => op !== 'check' || changes.slice(0, number).filter((before) => before.op !== 'check').length < 25),
  ),
  unseenInLong('long-unseen', 'in long commits no expectation is looked at', () => true),
  unseenInLong('long-puts-unseen', 'in long commits expectations of puts are not looked at', ({ op }) => op === 'put'),
  unseenInLong('long-deletes-unseen', 'in long commits expectations of deletes are not looked at', ({ op }) => op === 'delete'),
  unseenInLong('long-revisions-unseen', 'in long commits expected revisions are not looked at', ({ expect }) => typeof expect === 'object'),
  unseenInLong('long-last-unseen', 'in long commits the last expectation is not looked at', (_, number) => number === roomy.changes - 1),
  unseenInLong('long-middle-unseen', 'in long commits the expectation in the middle is not looked at', (_, number) => number === roomy.changes / 2),
  unseenInLong('long-batch-unseen', 'in long commits the expectation that begins the second batch of 25 is not looked at', (_, number) => number === 25),
  mutant('long-not-atomic-expects', 'a long commit that need not be atomic may expect something', (index) => ({
    commit: async (changes, options) => index.commit(changes, changes.length > 50 ? { ...options, atomic: true } : options),
  }), roomy),
]

import { RegistryError } from '../../src/errors.js'
import type { Change, EntryKey, Expectation } from '../../src/index-store.js'
import type { Json } from '../../src/json.js'
import { memoryIndex, type MemoryIndexStorage } from '../../src/memory/index.js'
import { changing, commitInstead, type IndexMutant, limits, mutant, sameKey, unexpecting } from './mutant.js'

/** A mutant that does not see expectations that `blind` says it does not. */
function ignoring(id: string, breaks: string, blind: (expect: Expectation, change: Change) => boolean): IndexMutant {
  return mutant(id, breaks, (index) => ({
    commit: async (changes, options) => {
      const seen = changes.flatMap((change) => (change.expect !== undefined && blind(change.expect, change) ? unexpecting(change) : [change]))
      const answer = await index.commit(seen, options)
      return changes.map(({ key }) => answer[seen.findIndex((change) => sameKey(change.key, key))])
    },
  }))
}

function deleted(storage: MemoryIndexStorage, change: Change): boolean {
  return storage.partitions.get(change.key.partition)?.has(change.key.sort) !== true
}

const kinds = ['absent', 'present', 'revision'] as const
const operations = ['put', 'delete', 'check'] as const

/** A mutant that has applied the changes before the one that fails, where that is of this kind. */
function halfway(op: (typeof operations)[number], kind: (typeof kinds)[number]): IndexMutant {
  return mutant(`halfway-${op}-${kind}`, `a ${op} that fails because of ${kind} leaves the changes before it`, (index) => ({
    commit: async (changes, options) =>
      index.commit(changes, options).catch(async (error: unknown) => {
        const at = RegistryError.is(error, 'CONFLICT') ? changes.findIndex(({ key }) => sameKey(key, error.key as EntryKey)) : -1
        const failing = changes[at]
        const expected = typeof failing?.expect === 'object' ? 'revision' : failing?.expect
        if (failing?.op === op && expected === kind) await index.commit(changes.slice(0, at), options)
        throw error
      }),
  }))
}

export const commitMutants: readonly IndexMutant[] = [
  ...operations.flatMap((op) => kinds.map((kind) => halfway(op, kind))),
  mutant('answer-without-gaps', 'the answer to a commit has revisions alone', (index) => ({
    commit: async (changes, options) => (await index.commit(changes, options)).filter((revision) => revision !== undefined),
  })),
  mutant('merging', 'a put of an object is merged into what was there', (index) => ({
    commit: async (changes, options) => {
      const before = await index.get(changes.map(({ key }) => key)).catch(() => [])
      const merged = changes.map((change, number): Change => {
        const old = before[number]?.value
        const both = change.op === 'put' && isObject(old) && isObject(change.value)
        return both ? { ...change, value: { ...(old as object), ...(change.value as object) } as Json } : change
      })
      return index.commit(merged, options)
    },
  })),
  mutant('delete-not-found', 'a delete of an absent entry fails', (index, storage) => ({
    commit: async (changes, options) => {
      const absent = changes.find((change) => change.op === 'delete' && change.expect === undefined && deleted(storage, change))
      if (absent !== undefined) throw new RegistryError('NOT_FOUND', 'nothing to delete', { key: absent.key })
      return index.commit(changes, options)
    },
  })),
  mutant('touching', 'a check writes the entry again', (index) => ({
    commit: async (changes, options) => {
      const entries = await index.get(changes.map(({ key }) => key)).catch(() => [])
      const answer = await index.commit(changes, options)
      const checked = entries.filter((entry, number) => entry !== undefined && changes[number]?.op === 'check')
      await index.commit(checked.map((entry) => ({ op: 'put', key: entry!.key, value: entry!.value })))
      return answer
    },
  })),
  mutant('empty-refused', 'a commit of no changes fails', (index) => ({
    commit: async (changes, options) => {
      if (changes.length === 0 && options === undefined) throw new TypeError('no changes')
      return index.commit(changes, options)
    },
  })),
  mutant('one-partition', 'every change goes to the partition of the first', (index) => ({
    commit: async (changes, options) => {
      const here = changes.map((change) => ({ ...change, key: { ...change.key, partition: changes[0]!.key.partition } }))
      const distinct = here.filter((change, number) => here.findLastIndex((other) => sameKey(other.key, change.key)) === number)
      return index.commit(here.length - distinct.length > 0 ? distinct : here, options)
    },
  })),
  mutant('last-wins', 'of two changes of a key the last one counts', (index) => ({
    commit: async (changes, options) => {
      const distinct = changes.filter((change, number) => changes.findLastIndex((other) => sameKey(other.key, change.key)) === number)
      return index.commit(distinct, options)
    },
  })),
  mutant('batch-of-25', 'a commit that need not be atomic ends with its first 25 changes', (index) => ({
    commit: async (changes, options) => {
      const answer = await index.commit(changes, options)
      if (options?.atomic !== false) return answer
      await index.commit(changes.slice(15).map(({ key }) => ({ op: 'delete', key })))
      return answer
    },
  })),
  mutant('always-atomic', 'a commit that need not be atomic may expect something', (index) => ({
    commit: async (changes, options) => index.commit(changes, { ...options, atomic: true }),
  })),
  mutant('buffered', 'a commit that need not be durable waits for the next one', (index) => {
    const waiting: Change[] = []
    return {
      commit: async (changes, options) => {
        if (options?.durable === false) {
          waiting.push(...changes)
          return changes.map(() => 'later')
        }
        await index.commit(waiting.splice(0))
        return index.commit(changes, options)
      },
    }
  }),
  mutant('careless', 'a commit that need not be durable does not look at expectations', (index) => ({
    commit: async (changes, options) =>
      options?.durable === false ? commitInstead(index, changes, changes.flatMap(unexpecting), options) : index.commit(changes, options),
  })),
  mutant('careless-with-signal', 'a commit with a signal does not look at expectations', (index) => ({
    commit: async (changes, options) =>
      options?.signal?.aborted === false ? commitInstead(index, changes, changes.flatMap(unexpecting), options) : index.commit(changes, options),
  })),
  mutant('one-by-one', 'changes are applied until one fails', (index) => ({
    commit: async (changes, options) => {
      await index.commit([], options)
      const answer: (string | undefined)[] = []
      for (const change of changes) answer.push(...(await index.commit([change], options)))
      return answer
    },
  })),
  mutant('nameless-conflict', 'a conflict names no key', (index) => ({
    commit: async (changes, options) =>
      index.commit(changes, options).catch((error: unknown) => {
        throw RegistryError.is(error, 'CONFLICT') ? new RegistryError('CONFLICT', 'something is not as expected') : error
      }),
  })),
  mutant('last-conflict', 'a conflict names the last key that is not as expected', (index) => ({
    commit: async (changes, options) =>
      index.commit(changes, options).catch(async (error: unknown) => {
        if (RegistryError.is(error, 'CONFLICT')) await index.commit([...changes].reverse(), options)
        throw error
      }),
  })),
  mutant('stuck', 'a commit that fails leaves its lock behind', (index) => {
    let stuck = false
    return {
      commit: async (changes, options) => {
        if (stuck) throw new RegistryError('UNAVAILABLE', 'locked')
        try {
          return await index.commit(changes, options)
        } catch (error) {
          stuck = true
          throw error
        }
      },
    }
  }),
  ignoring('absent-unseen', 'absent is not looked at', (expect) => expect === 'absent'),
  ignoring('present-unseen', 'present is not looked at', (expect) => expect === 'present'),
  ignoring('revision-unseen', 'revisions are not looked at', (expect) => typeof expect === 'object'),
  ignoring('check-unseen', 'checks are not looked at', (_, { op }) => op === 'check'),
  ignoring('delete-unseen', 'expectations of deletes are not looked at', (_, { op }) => op === 'delete'),
  changing('revision-is-present', 'an expected revision is taken for present', (change) =>
    typeof change.expect === 'object' ? { ...change, expect: 'present' } : change,
  ),
  mutant('few-checks', 'the first ten checks of a commit are looked at', (index) => ({
    commit: async (changes, options) => {
      const looked = changes.filter(({ op }, number) => op !== 'check' || number < 10)
      return index.commit(changes.length > limits.changes ? changes : looked, options)
    },
  })),
  mutant('racing', 'another commit may come between looking and writing', (index, storage) => ({
    commit: async (changes, options) => {
      const trial = structuredClone(storage)
      const answer = await memoryIndex({ storage: trial, limits }).commit(changes, options)
      const unexpected = changes.flatMap(unexpecting)
      await index.get([], options)
      await Promise.resolve()
      const written = await index.commit(unexpected, options)
      return answer.length === written.length ? written : answer
    },
  })),
]

function isObject(value: Json | undefined): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

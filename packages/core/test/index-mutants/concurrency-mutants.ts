import { setImmediate } from 'node:timers/promises'
import type { Change, CommitOptions, Index } from '../../src/index-store.js'
import { memoryIndex, type MemoryIndexStorage } from '../../src/memory/index.js'
import { commitInstead, type IndexMutant, limits, mutant, sameKey, store, storedAt, type Stored, unexpecting } from './mutant.js'

type Commit = Index['commit']

/** Whether a commit would land as everything is, or what it would fail with. */
async function attempt(storage: MemoryIndexStorage, changes: readonly Change[], options: CommitOptions | undefined): Promise<void> {
  await memoryIndex({ storage: structuredClone(storage), limits }).commit(changes, options)
}

/** A mutant that looks at the expectations that `early` names before others can come between, and then not again. */
function lookingEarly(id: string, breaks: string, early: (change: Change, changes: readonly Change[]) => boolean): IndexMutant {
  return mutant(id, breaks, (index, storage) => ({
    commit: async (changes, options) => {
      if (!changes.some((change) => change.expect !== undefined && early(change, changes))) return index.commit(changes, options)
      await attempt(storage, changes, options)
      await setImmediate()
      return commitInstead(index, changes, changes.flatMap((change) => (early(change, changes) ? unexpecting(change) : [change])), options)
    },
  }))
}

/** The same behind a lock of its own in each instance. */
function lockedInside(id: string, breaks: string, early: (change: Change) => boolean): IndexMutant {
  return mutant(id, breaks, (index, storage) => {
    let queue: Promise<unknown> = Promise.resolve()
    const commit: Commit = async (changes, options) => {
      if (!changes.some(early)) return index.commit(changes, options)
      await attempt(storage, changes, options)
      await setImmediate()
      return commitInstead(index, changes, changes.flatMap((change) => (early(change) ? unexpecting(change) : [change])), options)
    }
    return {
      commit: async (changes, options) => {
        const done = queue.then(async () => commit(changes, options))
        queue = done.catch(() => undefined)
        return done
      },
    }
  })
}

export const concurrencyMutants: readonly IndexMutant[] = [
  lookingEarly('skew', 'checks are looked at before others can come between', ({ op }) => op === 'check'),
  lookingEarly('skew-of-partitions', 'only the partition of the first change is locked', ({ key }, changes) => key.partition !== changes[0]!.key.partition),
  lookingEarly('racing-deleters', 'another commit may come between what a delete looks at and what it does', ({ op }) => op === 'delete'),
  lockedInside('own-lock-absent', 'a lock in each process keeps those apart that create an entry', ({ expect }) => expect === 'absent'),
  lockedInside('own-lock-revision', 'a lock in each process keeps those apart that delete a revision', ({ op, expect }) => op === 'delete' && typeof expect === 'object'),
  mutant('whole-partition', 'a partition is read and written whole', (index, storage) => ({
    commit: async (changes, options) => {
      if (changes.length === 0 || changes.some(({ op }) => op === 'check')) return index.commit(changes, options)
      const read = structuredClone(storage.partitions)
      await setImmediate()
      await attempt(storage, changes, options)
      for (const name of new Set(changes.map(({ key }) => key.partition))) storage.partitions.set(name, structuredClone(read.get(name) ?? new Map<string, Stored>()))
      return commitInstead(index, changes, changes.flatMap(unexpecting), options)
    },
  })),
  mutant('swept', 'a partition is taken away a moment after its last entry, with whatever came meanwhile', (index, storage) => ({
    commit: async (changes, options) => {
      const commit = index.commit(changes, options)
      const names = changes.filter(({ op }) => op === 'delete').map(({ key }) => key.partition)
      const empty = names.filter((name) => storage.partitions.get(name)?.size === 0)
      const answer = await commit
      if (empty.length > 0) await setImmediate()
      for (const name of empty) storage.partitions.delete(name)
      return answer
    },
  })),
  mutant('undoing', 'a commit that fails puts back what was there when it began', (index, storage) => ({
    commit: async (changes, options) => {
      const old = changes.map(({ key }) => storedAt(storage, key))
      try {
        return await index.commit(changes, options)
      } catch (error) {
        await setImmediate()
        const distinct = changes.filter(({ key }, number) => changes.findIndex((other) => sameKey(other.key, key)) === number)
        if (changes.length > 3 && distinct.length === changes.length) for (const [number, { key }] of changes.entries()) store(storage, key, old[number])
        throw error
      }
    },
  })),
  mutant('close-drops', 'a commit that is under way when its index is closed is answered, and dropped', (index) => {
    let closed = false
    return {
      commit: async (changes, options) => {
        const wasOpen = !closed
        await Promise.resolve()
        return wasOpen && closed ? changes.map(() => 'dropped') : index.commit(changes, options)
      },
      close: async () => {
        closed = true
        await index.close()
      },
    }
  }),
  mutant('close-halves', 'a commit that is under way when its index is closed ends half-way', (index, storage) => {
    let closed = false
    return {
      commit: async (changes, options) => {
        const wasOpen = !closed
        await Promise.resolve()
        return index.commit(wasOpen && closed ? [] : changes, options).finally(async () => {
          if (wasOpen && closed) await memoryIndex({ storage, limits }).commit(changes.slice(0, 5))
        })
      },
      close: async () => {
        closed = true
        await index.close()
      },
    }
  }),
  mutant('abort-halves', 'a commit that is aborted while it is under way ends half-way', (index, storage) => ({
    commit: async (changes, options) => {
      const { signal } = options ?? {}
      if (signal === undefined || signal.aborted) return index.commit(changes, options)
      await attempt(storage, changes, options)
      const answer: (string | undefined)[] = []
      for (const change of changes) {
        await Promise.resolve()
        signal.throwIfAborted()
        answer.push(...(await index.commit(unexpecting(change))))
      }
      return answer
    },
  })),
  mutant('abort-answered', 'a commit that is aborted while it is under way is answered, and dropped', (index) => ({
    commit: async (changes, options) => {
      const { signal } = options ?? {}
      if (signal === undefined || signal.aborted) return index.commit(changes, options)
      const aborted = new Promise<boolean>((resolve) => {
        signal.addEventListener('abort', () => { resolve(true) })
      })
      return (await Promise.race([aborted, setImmediate(false)])) ? changes.map(() => 'dropped') : index.commit(changes)
    },
  })),
]

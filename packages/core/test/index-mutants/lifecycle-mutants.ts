import { RegistryError } from '../../src/errors.js'
import type { Index } from '../../src/index-store.js'
import { memoryIndex, MemoryIndexStorage } from '../../src/memory/index.js'
import { harnessOf, type IndexMutant, limits, mutant } from './mutant.js'

const methods = ['get', 'scan', 'commit', 'search'] as const

/** One method of another index. */
function only(method: (typeof methods)[number], index: Index): Partial<Index> {
  return { [method]: index[method].bind(index) }
}

const closedStorages = new WeakSet<MemoryIndexStorage>()

export const lifecycleMutants: readonly IndexMutant[] = [
  mutant('no-contract', 'names no contract version', () => ({ contract: undefined as unknown as 1 })),
  mutant('thawed', 'capabilities can be changed', (index) => ({ capabilities: { ...index.capabilities } })),
  mutant('endless', 'claims that it has no limits', (index) => ({ capabilities: Object.freeze({ ...index.capabilities, limits: Object.freeze({ ...limits, changes: Infinity, commitBytes: Infinity }) }) })),
  mutant('close-once', 'a second close fails', (index) => {
    let closed = false
    return {
      close: async () => {
        if (closed) throw new RegistryError('CLOSED', 'closed already')
        closed = true
        await index.close()
      },
    }
  }),
  ...methods.map((method) => mutant(`open-${method}`, `${method} works after close`, (_, storage) => only(method, memoryIndex({ storage, limits })))),
  ...methods.map((method) =>
    mutant(`deaf-${method}`, `${method} does not look at its signal`, (index) => ({
      [method]: async (subject: never, options?: object) => index[method](subject, { ...options, signal: undefined }),
    })),
  ),
  ...methods.map((method) =>
    mutant(`wrapping-${method}`, `${method} wraps the reason of an abort`, (index) => ({
      [method]: async (subject: never, options?: { signal?: AbortSignal }) => {
        if (options?.signal?.aborted === true) throw new Error('aborted', { cause: options.signal.reason })
        return index[method](subject, options)
      },
    })),
  ),
  mutant('late-abort', 'a commit is applied before its signal is looked at', (index) => ({
    commit: async (changes, options) => {
      const answer = await index.commit(changes, { ...options, signal: undefined })
      options?.signal?.throwIfAborted()
      return answer
    },
  })),
  {
    id: 'close-all',
    breaks: 'closing one instance closes the others',
    harness: harnessOf((storage) => {
      const index = memoryIndex({ storage, limits })
      closedStorages.delete(storage)
      return {
        ...index,
        commit: async (changes, options) => {
          if (closedStorages.has(storage)) throw new RegistryError('CLOSED', 'closed by another instance')
          return index.commit(changes, options)
        },
        close: async () => {
          closedStorages.add(storage)
          await index.close()
        },
      }
    }),
  },
  mutant('writes-back', 'closing an instance writes back what was there at its last commit', (index, storage) => {
    let last: MemoryIndexStorage['partitions'] | undefined
    return {
      commit: async (changes, options) => {
        const answer = await index.commit(changes, options)
        last = structuredClone(storage.partitions)
        return answer
      },
      close: async () => {
        for (const [name, entries] of last ?? []) storage.partitions.set(name, entries)
        last = undefined
        await index.close()
      },
    }
  }),
  {
    id: 'forgetful',
    breaks: 'every instance begins empty',
    harness: harnessOf(() => memoryIndex({ storage: new MemoryIndexStorage(), limits })),
  },
  {
    id: 'snapshot',
    breaks: 'an instance reads what was there when it was opened, and its own commits',
    harness: harnessOf((storage) => {
      const inner = memoryIndex({ storage: structuredClone(storage), limits })
      return {
        ...inner,
        commit: async (changes, options) => {
          const answer = await memoryIndex({ storage, limits }).commit(changes, options)
          const writes = changes.filter((change) => change.op !== 'check')
          await inner.commit(writes.map((change) => ({ ...change, expect: undefined })), options)
          return answer
        },
      }
    }),
  },
]

import type { Change, EntryKey, Index } from '../../src/index-store.js'
import type { MemoryIndexStorage } from '../../src/memory/index.js'
import { changing, type IndexMutant, mutant, storedAt } from './mutant.js'

/** A mutant that loses something after each commit that was answered. */
function losing(id: string, breaks: string, lose: (storage: MemoryIndexStorage, change: Change) => void): IndexMutant {
  return mutant(id, breaks, (index, storage) => ({
    commit: async (changes, options) => {
      const answer = await index.commit(changes, options)
      for (const change of changes) lose(storage, change)
      return answer
    },
  }))
}

/** Partition and sort key in one, and apart again at the first separator. */
function joined({ partition, sort }: EntryKey): EntryKey {
  const [head = '', ...rest] = `${partition}\u001f${sort}`.split('\u001f')
  return { partition: head, sort: rest.join('\u001f') }
}

const falsy = ['null', 'false', '0', '""', '[]', '{}']

export const keyMutants: readonly IndexMutant[] = [
  mutant('joined-keys', 'partition and sort key are kept as one, with a separator', (index): Partial<Index> => ({
    get: async (keys, options) => (await index.get(keys.map(joined), options)).map((entry, number) => entry && { ...entry, key: keys[number]! }),
    commit: async (changes, options) => index.commit(changes.map((change) => ({ ...change, key: joined(change.key) })), options),
  })),
  losing('thousand-bytes', 'two sort keys are the same when their first thousand bytes are', (storage, { op, key }) => {
    const entries = storage.partitions.get(key.partition)
    if (op !== 'put' || key.sort.length < 1000) return
    for (const sort of entries?.keys() ?? []) if (sort !== key.sort && sort.slice(0, 1000) === key.sort.slice(0, 1000)) entries?.delete(sort)
  }),
  losing('proto', 'an entry called __proto__ is lost', (storage, { key }) => {
    if (key.sort === '__proto__') storage.partitions.get(key.partition)?.delete(key.sort)
  }),
  changing('empty-is-absent', 'an entry with an empty value is taken for absent', (change, storage) => {
    const isEmpty = falsy.includes(storedAt(storage, change.key)?.json ?? '')
    return change.expect === 'absent' && isEmpty ? { ...change, expect: 'present' } : change
  }),
  changing('revision-begins', 'an expected revision has to be the beginning of the one that is there', (change, storage) => {
    const revision = storedAt(storage, change.key)?.revision
    return typeof change.expect === 'object' && revision?.startsWith(change.expect.revision) === true ? { ...change, expect: { revision } } : change
  }),
  changing('revision-contains', 'an expected revision has to begin with the one that is there', (change, storage) => {
    const revision = storedAt(storage, change.key)?.revision
    return typeof change.expect === 'object' && revision !== undefined && change.expect.revision.startsWith(revision) ? { ...change, expect: { revision } } : change
  }),
  changing('revision-of-sort', 'an expected revision may be that of the same sort key in another partition', (change, storage) => {
    const { expect, key } = change
    const revision = storedAt(storage, key)?.revision
    if (typeof expect !== 'object' || revision === undefined) return change
    const revisions = [...storage.partitions.keys()].map((partition) => storedAt(storage, { ...key, partition })?.revision)
    return revisions.includes(expect.revision) ? { ...change, expect: { revision } } : change
  }),
]

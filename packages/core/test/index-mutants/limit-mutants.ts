import { RegistryError } from '../../src/errors.js'
import type { Change, Index, PutChange } from '../../src/index-store.js'
import { memoryIndex } from '../../src/memory/index.js'
import { changing, type IndexMutant, limits, mutant } from './mutant.js'

/** A mutant that refuses some commits that it should take. */
function refusing(id: string, breaks: string, refuses: (change: Change, changes: readonly Change[]) => boolean): IndexMutant {
  return mutant(id, breaks, (index) => ({
    commit: async (changes, options) => {
      if (changes.some((change) => refuses(change, changes))) throw new RegistryError('LIMIT_EXCEEDED', 'too large')
      return index.commit(changes, options)
    },
  }))
}

/** A mutant that claims the usual limits, and takes more. */
function taking(id: string, breaks: string, more: Partial<typeof limits>): IndexMutant {
  return mutant(id, breaks, (index, storage): Partial<Index> => {
    const larger = memoryIndex({ storage, limits: { ...limits, ...more } })
    return {
      commit: larger.commit.bind(larger),
      close: async () => {
        await Promise.all([index.close(), larger.close()])
      },
    }
  })
}

/** A mutant whose refusals are others. */
function failing(id: string, breaks: string, fail: (error: RegistryError) => RegistryError): IndexMutant {
  return mutant(id, breaks, (index) => ({
    commit: async (changes, options) =>
      index.commit(changes, options).catch((error: unknown) => {
        throw RegistryError.is(error, 'LIMIT_EXCEEDED') ? fail(error) : error
      }),
  }))
}

const bytes = (text: string): number => Buffer.byteLength(text)
const puts = (changes: readonly Change[]): readonly PutChange[] => changes.filter((change) => change.op === 'put')
const characters = (change: Change): Change => (change.op === 'put' && typeof change.value === 'string' ? { ...change, value: 'x'.repeat(change.value.length) } : change)

/** Cuts what no key may have, instead of refusing it. */
function tame(text: string): string {
  return text.replace(/\p{Surrogate}|\0/gu, '') || 'x'
}

export const limitMutants: readonly IndexMutant[] = [
  refusing('short-sorts', 'sort keys have at most 1,000 bytes', ({ key }) => bytes(key.sort) > 1000),
  refusing('short-partitions', 'partitions have at most 2,000 bytes', ({ key }) => bytes(key.partition) > 2000),
  refusing('whole-item', 'the limit of a value is that of key and value', ({ key }, changes) => {
    const put = puts(changes).find((change) => change.key === key)
    return put !== undefined && bytes(key.partition) > 100 && bytes(key.partition) + bytes(key.sort) + bytes(JSON.stringify(put.value)) > limits.valueBytes
  }),
  refusing('value-less-one', 'a value has less than limits.valueBytes', (change) => change.op === 'put' && bytes(JSON.stringify(change.value)) >= limits.valueBytes),
  refusing('changes-less-one', 'a commit has less than limits.changes', (_, changes) => changes.length >= limits.changes),
  refusing('commit-less-one', 'a commit has less than limits.commitBytes', (_, changes) => puts(changes).reduce((sum, { value }) => sum + bytes(JSON.stringify(value)) + 12, 0) >= limits.commitBytes),
  failing('speechless', 'an error about a limit says nothing about it', ({ key }) => new RegistryError('LIMIT_EXCEEDED', 'too large', { key })),
  failing('keyless', 'an error about a limit does not name the entry', ({ message }) => new RegistryError('LIMIT_EXCEEDED', message)),
  taking('any-value', 'a value of any size is taken', { valueBytes: Infinity }),
  taking('any-count', 'a commit of any number of changes is taken', { changes: Infinity }),
  taking('any-commit', 'a commit of any number of bytes is taken', { commitBytes: Infinity }),
  changing('counts-characters', 'the limit of a value is in characters', characters),
  changing('text-is-free', 'a text does not count with its value', (change) => (change.op === 'put' && change.text !== undefined ? { ...change, text: change.text.slice(0, 100) } : change)),
  changing('keys-cut', 'keys that are too long are cut', (change) => ({
    ...change,
    key: { partition: change.key.partition.slice(0, 2048), sort: bytes(change.key.sort) > 1024 ? change.key.sort.slice(0, 300) : change.key.sort },
  })),
  changing('keys-tamed', 'keys that cannot be stored are changed', (change) => ({
    ...change,
    key: { partition: tame(change.key.partition), sort: tame(change.key.sort) },
  })),
]

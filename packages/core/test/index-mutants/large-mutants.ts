import type { Json } from '../../src/json.js'
import { changing, commitInstead, type IndexMutant, limits, mutant, reading } from './mutant.js'

const chunk = 2000

function isLong(value: Json | undefined): value is string {
  return typeof value === 'string' && value.length > chunk
}

export const largeMutants: readonly IndexMutant[] = [
  reading('chunks-swapped', 'the first two chunks of a long value change places', (entry) => {
    const { value } = entry
    if (!isLong(value)) return entry
    return { ...entry, value: value.slice(chunk / 2, chunk) + value.slice(0, chunk / 2) + value.slice(chunk) }
  }),
  changing('tail-stays', 'the end of a long value stays behind a shorter one', (change, storage) => {
    const old = JSON.parse(storage.partitions.get(change.key.partition)?.get(change.key.sort)?.json ?? 'null') as Json
    if (change.op !== 'put' || !isLong(old) || typeof change.value !== 'string' || old.length <= change.value.length) return change
    return { ...change, value: change.value + old.slice(change.value.length) }
  }),
  mutant('large-commit-mixed', 'in a commit that is nearly full the last value is that of the first', (index) => ({
    commit: async (changes, options) => {
      const [first, last] = [changes[0], changes.at(-1)]
      const size = changes.reduce((sum, change) => sum + (change.op === 'put' && isLong(change.value) ? Buffer.byteLength(change.value) : 0), 0)
      if (first?.op !== 'put' || last?.op !== 'put' || size < limits.commitBytes * 0.7 || size > limits.commitBytes) return index.commit(changes, options)
      return index.commit(changes.with(-1, { ...last, value: first.value }), options)
    },
  })),
  mutant('unprocessed', 'what does not fit into one request of a commit that need not be atomic is left out', (index) => ({
    commit: async (changes, options) => {
      let bytes = 0
      if (options?.atomic !== false) return index.commit(changes, options)
      const fitting = changes.filter((change) => change.op !== 'put' || (bytes += JSON.stringify(change.value).length) < limits.commitBytes / 2)
      return commitInstead(index, changes, fitting.length < changes.length && bytes <= limits.commitBytes * 0.95 ? fitting : changes, options)
    },
  })),
  mutant('range-of-bytes', 'a page of a range ends where ten large values are full', (index) => ({
    scan: async (partition, options = {}) => {
      let bytes = 0
      const { entries, more } = await index.scan(partition, options)
      if (options.prefix === undefined && options.before === undefined) return { entries, more }
      const fitting = entries.filter(({ value }) => (bytes += JSON.stringify(value).length) < 10 * limits.valueBytes)
      return { entries: fitting, more: more || fitting.length < entries.length }
    },
  })),
]

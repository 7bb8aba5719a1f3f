import type { Index, ScanOptions } from '../../index-store.js'
import type { ConformanceCase } from '../conformance-case.js'
import { expectEqual, expectTypeError } from '../expectations.js'
import { at, expectPage, fill, numbered, partition, put } from './facts.js'

export const scanPageCases: readonly ConformanceCase<Index>[] = [
  {
    id: 'scan/limit',
    clause: 'a page has at most limit entries, and says more where there are more',
    async run({ open }) {
      const index = await open()
      await fill(index, ['a', 'b', 'c', 'd', 'e'].map((sort) => put(sort)))
      expectPage('scan of a to e with limit 1', await index.scan(partition, { limit: 1 }), ['a'], true)
      expectPage('scan of a to e with limit 4', await index.scan(partition, { limit: 4 }), ['a', 'b', 'c', 'd'], true)
      expectPage('scan of a to e with limit 2 in reverse', await index.scan(partition, { limit: 2, reverse: true }), ['e', 'd'], true)
    },
  },
  {
    id: 'scan/more-exact',
    clause: 'a page that ends with the last entry that matches says that there are no more',
    async run({ open }) {
      const index = await open()
      await fill(index, ['a1', 'a2', 'b1', 'b2', 'c1'].map((sort) => put(sort)))
      const ends: readonly (readonly [ScanOptions, readonly string[]])[] = [
        [{ limit: 5 }, ['a1', 'a2', 'b1', 'b2', 'c1']],
        [{ limit: 5, reverse: true }, ['c1', 'b2', 'b1', 'a2', 'a1']],
        [{ limit: 2, prefix: 'a' }, ['a1', 'a2']],
        [{ limit: 2, prefix: 'b', reverse: true }, ['b2', 'b1']],
        [{ limit: 1, after: 'b2' }, ['c1']],
        [{ limit: 2, before: 'b1' }, ['a1', 'a2']],
        [{ limit: 1, after: 'b2', reverse: true }, ['c1']],
        [{ limit: 2, before: 'b1', reverse: true }, ['a2', 'a1']],
      ]
      for (const [options, sorts] of ends) expectPage(`scan(${JSON.stringify(options)})`, await index.scan(partition, options), sorts, false)
    },
  },
  {
    id: 'scan/more-after-deletes',
    clause: 'deleted entries are neither in a page nor counted as more',
    async run({ open }) {
      const index = await open()
      await fill(index, ['a', 'b', 'c', 'd'].map((sort) => put(sort)))
      await index.commit([{ op: 'delete', key: at('b') }, { op: 'delete', key: at('d') }])
      expectPage('scan with limit 2 when b and d of a to d are deleted', await index.scan(partition, { limit: 2 }), ['a', 'c'], false)
    },
  },
  {
    id: 'scan/walk',
    clause: 'page after page, each beginning after the last entry of the one before, gives every entry once',
    async run({ open }) {
      const index = await open()
      const sorts = [...numbered(20), 'é', '\uffff', '\u{1f600}']
      await fill(index, sorts.map((sort) => put(sort)))
      for (const limit of [1, 7, 23]) {
        expectEqual(`a walk in pages of ${limit}`, await walk(index, limit, false), sorts)
        expectEqual(`a walk in reverse in pages of ${limit}`, await walk(index, limit, true), [...sorts].reverse())
      }
    },
  },
  {
    id: 'scan/default-limit',
    clause: 'without a limit a page has 1,000 entries, and so has one with the limit 1,000',
    async run({ open }) {
      const index = await open()
      const sorts = numbered(1001)
      await fill(index, sorts.map((sort) => put(sort, 1)))
      expectPage('scan of 1,001 entries', await index.scan(partition), sorts.slice(0, 1000), true)
      expectPage('scan of 1,001 entries with limit 1,000', await index.scan(partition, { limit: 1000 }), sorts.slice(0, 1000), true)
      expectPage('scan behind the first of 1,001', await index.scan(partition, { after: sorts[0] }), sorts.slice(1), false)
    },
  },
  {
    id: 'scan/limit-invalid',
    clause: 'a limit that is no whole number from 1 to 1,000 is a TypeError',
    async run({ open }) {
      const index = await open()
      await index.commit([put('a')])
      for (const limit of [0, -1, 1.5, 1001, NaN, Infinity]) await expectTypeError(`scan with limit ${limit}`, index.scan(partition, { limit }))
    },
  },
]

async function walk(index: Index, limit: number, reverse: boolean): Promise<readonly string[]> {
  const sorts: string[] = []
  // Bounded, for an index whose pages never come to an end.
  for (let pages = 0; pages < 50; pages++) {
    const from = sorts.at(-1)
    const page = await index.scan(partition, { limit, reverse, ...(reverse ? { before: from } : { after: from }) })
    sorts.push(...page.entries.map((entry) => entry.key.sort))
    if (!page.more) break
  }
  return sorts
}

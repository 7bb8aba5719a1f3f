import type { Index } from '../../index-store.js'
import type { ConformanceCase } from '../conformance-case.js'
import { expectCode, expectEqual, expectTypeError } from '../expectations.js'
import { expectPage, fill, numbered, partition, put } from './facts.js'
import { inByteOrder } from './scan.js'
import { aboutSearch } from './search-case.js'
import { fillTexts } from './texts.js'

/** A long and a short term and none, which backends may look up in different ways. */
const queries = ['apple', 'ap', '']

export const searchPageCases: readonly ConformanceCase<Index>[] = aboutSearch([
  {
    id: 'search/byte-order',
    clause: 'search answers in the order of the UTF-8 bytes of the sort keys, whenever their texts were put',
    async run({ open }) {
      const index = await open()
      await fill(index, [...inByteOrder].reverse().map((sort) => put(sort, 1, { text: 'apple' })))
      await index.commit([put(inByteOrder[3]!, 1, { text: 'an apple' })])
      for (const text of queries) expectPage(`search(${text})`, await index.search({ partition, text }), inByteOrder, false)
    },
  },
  {
    id: 'search/limit',
    clause: 'a page of matches has at most limit entries, and says more exactly where there are more',
    async run({ open }) {
      const index = await open()
      await fillTexts(index, { a: 'apple', b: 'pear', c: 'apple', d: 'apple' })
      for (const text of ['apple', 'ap']) {
        const query = { partition, text }
        expectPage(`search(${text}) with limit 1`, await index.search(query, { limit: 1 }), ['a'], true)
        expectPage(`search(${text}) with limit 2`, await index.search(query, { limit: 2 }), ['a', 'c'], true)
        expectPage(`search(${text}) with limit 3, as many as match`, await index.search(query, { limit: 3 }), ['a', 'c', 'd'], false)
      }
      expectPage('search() with limit 4, as many as there are', await index.search({ partition, text: '' }, { limit: 4 }), ['a', 'b', 'c', 'd'], false)
    },
  },
  {
    id: 'search/after',
    clause: 'after is exclusive, and need not exist or match',
    async run({ open }) {
      const index = await open()
      await fillTexts(index, { a: 'apple', b: 'pear', c: 'apple', 'é': 'apple', '\uffff': 'apple', '\u{1f600}': 'apple' })
      const after: readonly (readonly [string, readonly string[]])[] = [
        ['a', ['c', 'é', '\uffff', '\u{1f600}']],
        ['b', ['c', 'é', '\uffff', '\u{1f600}']],
        ['bb', ['c', 'é', '\uffff', '\u{1f600}']],
        ['é', ['\uffff', '\u{1f600}']],
        ['\uffff', ['\u{1f600}']],
        ['\u{10000}', ['\u{1f600}']],
        ['\u{1f600}', []],
      ]
      for (const [cursor, sorts] of after) {
        for (const text of ['apple', 'ap']) {
          const what = `search(${text}) after ${JSON.stringify(cursor)}`
          expectPage(what, await index.search({ partition, text }, { after: cursor }), sorts, false)
          if (sorts.length > 1) expectPage(`${what} with limit 1`, await index.search({ partition, text }, { after: cursor, limit: 1 }), sorts.slice(0, 1), true)
        }
      }
    },
  },
  {
    id: 'search/walk',
    clause: 'page after page, each beginning after the last entry of the one before, gives every match once',
    async run({ open }) {
      const index = await open()
      const sorts = numbered(30)
      await fill(index, sorts.map((sort, number) => put(sort, 1, { text: number % 2 === 0 ? 'apple' : 'pear' })))
      const matches = sorts.filter((_, number) => number % 2 === 0)
      for (const text of ['apple', 'ap']) {
        for (const limit of [1, 4, 15]) expectEqual(`a walk through search(${text}) in pages of ${limit}`, await walk(index, text, limit), matches)
      }
    },
  },
  {
    id: 'search/default-limit',
    clause: 'without a limit a page of matches has 1,000 entries, and so has one with the limit 1,000',
    async run({ open }) {
      const index = await open()
      const sorts = numbered(1001)
      await fill(index, sorts.map((sort) => put(sort, 1, { text: 'apple' })))
      for (const text of queries) {
        expectPage(`search(${text}) among 1,001`, await index.search({ partition, text }), sorts.slice(0, 1000), true)
        expectPage(`search(${text}) with limit 1,000`, await index.search({ partition, text }, { limit: 1000 }), sorts.slice(0, 1000), true)
      }
    },
  },
  {
    id: 'search/limit-invalid',
    clause: 'a limit of search that is no whole number from 1 to 1,000 is a TypeError',
    async run({ open }) {
      const index = await open()
      await fillTexts(index, { a: 'apple' })
      for (const limit of [0, -1, 1.5, 1001, NaN]) await expectTypeError(`search with limit ${limit}`, index.search({ partition, text: 'apple' }, { limit }))
    },
  },
  {
    id: 'search/partition-invalid',
    clause: 'search refuses a partition that no entry can be in: LIMIT_EXCEEDED where it is too long, else a TypeError',
    async run({ open }) {
      const index = await open()
      for (const name of ['', 'a\0', '\ud800']) {
        await expectTypeError(`search in the partition ${JSON.stringify(name)}`, index.search({ partition: name, text: 'apple' }))
      }
      await expectCode('search in a partition of 2,049 bytes', 'LIMIT_EXCEEDED', index.search({ partition: `a${'é'.repeat(1024)}`, text: 'apple' }))
    },
  },
])

async function walk(index: Index, text: string, limit: number): Promise<readonly string[]> {
  const sorts: string[] = []
  // Bounded, for an index whose pages never come to an end.
  for (let pages = 0; pages < 50; pages++) {
    const page = await index.search({ partition, text }, { limit, after: sorts.at(-1) })
    sorts.push(...page.entries.map((entry) => entry.key.sort))
    if (!page.more) break
  }
  return sorts
}

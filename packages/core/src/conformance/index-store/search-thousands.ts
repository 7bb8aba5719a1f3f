import type { Index } from '../../index-store.js'
import type { ConformanceCase } from '../conformance-case.js'
import { expectEqual } from '../expectations.js'
import { expectPage, fill, numbered, partition, put } from './facts.js'
import { large } from './large.js'
import { aboutSearch } from './search-case.js'

const sorts = numbered(2200)
const late = sorts.slice(2150)

/** All have an `apple`; the first thousand are `early`, and the last fifty `late`. */
async function fillThousands(index: Index): Promise<readonly string[]> {
  return fill(index, sorts.map((sort, number) => put(sort, number, { text: `${number < 1000 ? 'early' : number < 2150 ? 'later' : 'last xy'} apple ${sort}` })))
}

async function expectSearch(index: Index, text: string, matches: readonly string[], options: { after?: string | undefined; limit?: number } = {}): Promise<void> {
  const { limit = 1000 } = options
  const what = `search(${text}) with ${JSON.stringify(options)} among ${sorts.length} texts`
  expectPage(what, await index.search({ partition, text }, options), matches.slice(0, limit), matches.length > limit)
}

export const searchThousandsCases: readonly ConformanceCase<Index>[] = aboutSearch([
  {
    id: 'search/thousands',
    clause: 'search finds every match among thousands of texts, each with its own value and revision, page after page and after a restart, and says more exactly where there are more',
    async run({ open }) {
      const index = await open()
      const revisions = await fillThousands(index)
      const entries = sorts.slice(0, 1000).map((sort, number) => ({ key: { partition, sort }, value: number, revision: revisions[number]! }))
      for (const text of ['apple', 'ap', '']) {
        const found = (await index.search({ partition, text })).entries.map(({ key, value, revision }) => ({ key: { partition: key.partition, sort: key.sort }, value, revision }))
        expectEqual(`entries that search(${text}) finds`, found, entries)
        for (const start of [0, 1000, 2000]) await expectSearch(index, text, sorts.slice(start), { after: sorts[start - 1] })
        await expectSearch(index, text, sorts.slice(1200), { after: sorts[1199] })
      }
      // As many as a page has, and some behind two thousand that do not match.
      for (const text of ['early', 'ly']) await expectSearch(index, text, sorts.slice(0, 1000))
      for (const text of ['last', 'xy', 'xy last apple']) {
        for (const limit of [49, 50, 51]) await expectSearch(index, text, late, { limit })
        await expectSearch(index, text, late.slice(10), { after: late[9] })
      }
      await index.close()
      const again = await open()
      for (const start of [0, 1000, 2000]) await expectSearch(again, 'apple', sorts.slice(start), { after: sorts[start - 1] })
      await expectSearch(again, 'xy', late)
    },
  },
  {
    id: 'search/thousands-changed',
    clause: 'among thousands of texts, too, one that was changed, taken away or deleted is not found any more, and a new one is',
    async run({ open }) {
      const index = await open()
      await fillThousands(index)
      const [changed, taken, deleted] = [0, 1, 2].map((first) => [first, 999 + first, 1500 + first, 2197 + first].map((number) => sorts[number]!)) as [string[], string[], string[]]
      for (const sort of changed) await index.commit([put(sort, 2, { text: 'pear xy' })])
      for (const sort of taken) await index.commit([put(sort, 2)])
      for (const sort of deleted) await index.commit([{ op: 'delete', key: put(sort).key }])
      const left = sorts.filter((sort) => ![changed, taken, deleted].flat().includes(sort))
      for (const start of [0, 1000, 2000]) await expectSearch(index, 'apple', left.slice(start), { after: left[start - 1] })
      await expectSearch(index, 'pear', changed)
      await expectSearch(index, 'xy', [...changed, ...late].filter((sort, place, all) => (left.includes(sort) || changed.includes(sort)) && all.indexOf(sort) === place).sort())
      for (const sort of [...changed, ...taken, ...deleted]) await expectSearch(index, sort, [])
      const [again] = deleted
      await index.commit([put(again!, 3, { text: 'plum' })])
      await expectSearch(index, 'plum', [again!])
      await expectSearch(index, again!, [])
    },
  },
  {
    id: 'search/large',
    clause: 'a page of matches is full, and its more true, however large its entries are together',
    async run({ open }) {
      const index = await open()
      const entries = large(index.capabilities.limits).map((entry) => ({ ...entry, text: 'apple' }))
      await fill(index, entries)
      const found = entries.map(({ key }) => key.sort)
      for (const text of ['apple', 'ap', '']) {
        expectPage(`search(${text}) of 60 large entries`, await index.search({ partition, text }), found, false)
        expectPage(`search(${text}) of them with limit 50`, await index.search({ partition, text }, { limit: 50 }), found.slice(0, 50), true)
      }
    },
  },
])

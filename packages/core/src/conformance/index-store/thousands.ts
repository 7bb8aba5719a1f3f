import type { Entry, Index, ScanOptions } from '../../index-store.js'
import type { ConformanceCase } from '../conformance-case.js'
import { expectEqual } from '../expectations.js'
import { at, expectPage, fill, numbered, partition, put, valueOf } from './facts.js'

/** More than a page, exactly a page, and less than one, told apart by how they begin. */
const [more, exactly, less] = [numbered(1200, 'a'), numbered(1000, 'b'), numbered(150, 'c')]
const sorts: readonly string[] = [...more, ...exactly, ...less]

async function fillThousands(index: Index): Promise<readonly string[]> {
  return fill(index, sorts.map((sort, number) => put(sort, number)))
}

/** What an entry is, as one text. */
function summary({ key, value, revision }: Entry): string {
  return `${key.partition} ${key.sort} ${JSON.stringify(value)} ${revision}`
}

/** Scans, and expects a page of those of `matches` that fit, which are in order. */
async function expectScan(index: Index, options: ScanOptions, matches: readonly string[]): Promise<void> {
  const { limit = 1000, reverse = false } = options
  const directed = reverse ? [...matches].reverse() : matches
  const what = `scan(${JSON.stringify(options)}) of ${sorts.length} entries`
  expectPage(what, await index.scan(partition, options), directed.slice(0, limit), directed.length > limit)
}

/** The same in both directions. */
async function expectScans(index: Index, options: ScanOptions, matches: readonly string[]): Promise<void> {
  await expectScan(index, options, matches)
  await expectScan(index, { ...options, reverse: true }, matches)
}

/** Every entry of a partition, page after page. */
async function everything(index: Index, where: string): Promise<readonly Entry[]> {
  const entries: Entry[] = []
  // Bounded, for an index whose pages never come to an end.
  for (let pages = 0; pages < 10; pages++) {
    const page = await index.scan(where, { after: entries.at(-1)?.key.sort })
    entries.push(...page.entries)
    if (!page.more) break
  }
  return entries
}

export const thousandsCases: readonly ConformanceCase<Index>[] = [
  {
    id: 'get/thousands',
    clause: 'get of thousands of keys, of hundreds of partitions, answers all of them in their order, with gaps and repetitions',
    async run({ open }) {
      const index = await open()
      const keys = numbered(2200).map((sort, number) => at(sort, `partition ${number % 300}`))
      await fill(index, keys.flatMap((key, number) => (number % 3 === 0 ? [] : [put('', number, { key })])))
      // In no order, every fifth twice in a row, and some once more at the end.
      const numbers = keys.map((_, number) => (number * 1009) % keys.length).flatMap((number, place) => (place % 5 === 0 ? [number, number] : [number]))
      const asked = [...numbers, ...numbers.slice(0, 150)]
      const found = await index.get(asked.map((number) => keys[number]!))
      expectEqual(`get of ${asked.length} keys, a third of them absent`, found.map(valueOf), asked.map((number) => (number % 3 === 0 ? 'no entry' : number)))
      const wrong = found.filter((entry, place) => entry !== undefined && entry.key.sort !== keys[asked[place]!]!.sort)
      expectEqual('entries with another key than the one that was asked for', wrong.length, 0)
    },
  },
  {
    id: 'scan/thousands',
    clause: 'a page among thousands of entries has as many as its limit lets it, each with its own value and revision, and says more until the last, in both directions',
    async run({ open }) {
      const index = await open()
      const revisions = await fillThousands(index)
      const expected = sorts.map((sort, number) => `${partition} ${sort} ${number} ${revisions[number]}`)
      expectEqual('entries from a walk', (await everything(index, partition)).map(summary), expected)
      expectEqual('entries from a scan in reverse', (await index.scan(partition, { reverse: true })).entries.map(summary), expected.slice(-1000).reverse())
      expectEqual('entries from get', (await index.get(sorts.map((sort) => at(sort)))).map((entry) => entry && summary(entry)), expected)
      for (const start of [0, 1000, 2000]) {
        await expectScan(index, { after: sorts[start - 1] }, sorts.slice(start))
        await expectScan(index, { before: sorts[sorts.length - start], reverse: true }, sorts.slice(0, sorts.length - start))
      }
      for (const count of [999, 1000, 1001]) {
        const [after, before] = [sorts[99], sorts[100 + count]]
        await expectScans(index, { after, before }, sorts.slice(100, 100 + count))
        await expectScans(index, { after, before, limit: 999 }, sorts.slice(100, 100 + count))
      }
    },
  },
  {
    id: 'scan/thousands-prefix',
    clause: 'prefix holds among thousands of entries, whether more match than a page has, exactly as many, or hundreds',
    async run({ open }) {
      const index = await open()
      await fillThousands(index)
      for (const matches of [more, exactly, less]) {
        const prefix = matches[0]!.slice(0, 1)
        await expectScans(index, { prefix }, matches)
        await expectScans(index, { prefix, limit: 150 }, matches)
        await expectScans(index, { prefix, after: matches[9] }, matches.slice(10))
        await expectScans(index, { prefix, before: matches[140] }, matches.slice(0, 140))
      }
      await expectScan(index, { prefix: 'a', after: more[999] }, more.slice(1000))
      await expectScan(index, { prefix: 'a', before: more[200], reverse: true }, more.slice(0, 200))
    },
  },
  {
    id: 'scan/thousands-deleted',
    clause: 'a page is full, and its more true, whatever thousands of entries were deleted before, between and behind its entries',
    async run({ open }) {
      const index = await open()
      await fillThousands(index)
      const left = [5, 6, 1150, 1300, 2340, 2341].map((number) => sorts[number]!)
      const gone = sorts.filter((sort) => !left.includes(sort))
      const { changes } = index.capabilities.limits
      for (let start = 0; start < gone.length; start += changes) {
        await index.commit(gone.slice(start, start + changes).map((sort) => ({ op: 'delete', key: at(sort) })))
      }
      for (const limit of [undefined, 1, 2, 3, 5, 6]) await expectScans(index, { limit }, left)
      await expectScans(index, { after: left[1], limit: 1 }, left.slice(2))
      await expectScans(index, { prefix: 'a', limit: 3 }, left.slice(0, 3))
      await expectScans(index, { prefix: 'c' }, left.slice(4))
    },
  },
  {
    id: 'scan/walk-while-changing',
    clause: 'page after page gives every entry that stays once, whatever is put and deleted on both sides meanwhile',
    async run({ open }) {
      const [index, other] = [await open(), await open()]
      for (const reverse of [false, true]) {
        const all = numbered(60, reverse ? 'back' : 'forth')
        const stays = all.filter((_, number) => number % 3 === 0)
        await fill(index, all.map((sort) => put(sort)))
        const directed = reverse ? [...all].reverse() : all
        const found: string[] = []
        for (let [pages, last, isMore]: [number, string | undefined, boolean] = [0, undefined, true]; isMore && pages < 40; pages++) {
          const from: ScanOptions = reverse ? { before: last } : { after: last }
          const page = await index.scan(partition, { ...from, prefix: all[0]!.slice(0, 4), limit: 4, reverse })
          found.push(...page.entries.map(({ key }) => key.sort))
          ;[last, isMore] = [found.at(-1), page.more]
          // One that was passed goes, and so does one that comes; one is put before the first and one behind the last.
          const goes = [directed[pages * 3 + 1], directed[directed.length - 2 - pages * 3]].filter((sort) => sort !== undefined && !stays.includes(sort))
          await other.commit([...new Set(goes)].map((sort) => ({ op: 'delete', key: at(sort!) })))
          await other.commit([put(`${all[0]!.slice(0, -1)}-${pages}`), put(`${all.at(-1)!}+${pages}`)])
        }
        const expected = reverse ? [...stays].reverse() : stays
        expectEqual('entries that stayed, of a walk while others came and went', found.filter((sort) => stays.includes(sort)), expected)
        expectEqual('how many entries the walk gave twice', found.length - new Set(found).size, 0)
      }
    },
  },
  {
    id: 'instances/restart-thousands',
    clause: 'thousands of entries are there after a restart, as they were last put, and those that were deleted are not',
    async run({ open }) {
      const first = await open()
      await fillThousands(first)
      await fill(first, numbered(300).map((sort, number) => put('', number, { key: at(sort, `partition ${number % 50}`) })))
      await fill(first, sorts.filter((_, number) => number % 7 === 0).map((sort) => put(sort, -2)))
      const gone = sorts.filter((_, number) => number % 50 === 1)
      for (const sort of gone) await first.commit([{ op: 'delete', key: at(sort) }], { durable: sort === gone.at(-1) })
      const expected = sorts.flatMap((sort, number) => (gone.includes(sort) ? [] : [`${sort} ${number % 7 === 0 ? -2 : number}`]))
      const before = await everything(first, partition)
      expectEqual('entries before the restart', before.map(({ key, value }) => `${key.sort} ${Number(value)}`), expected)
      await first.close()
      const second = await open()
      expectEqual(`the ${before.length} entries after the restart`, await everything(second, partition), before)
      const others = await Promise.all(numbered(50).map((_, number) => everything(second, `partition ${number}`)))
      expectEqual('how many entries fifty other partitions have', others.map((entries) => entries.length), others.map(() => 6))
    },
  },
  {
    id: 'instances/restart-not-durable',
    clause: 'an orderly close and a restart lose no commit that need not be durable: only a power failure may',
    async run({ open }) {
      const first = await open()
      await first.commit([put('a', 1), put('b', 1), put('c', 1), put('d', 1)])
      await first.commit([put('a', 2), { op: 'delete', key: at('b') }], { durable: false })
      await first.commit([put('c', 2), put('e', 2), { op: 'delete', key: at('d') }], { durable: false, atomic: false })
      const before = await everything(first, partition)
      await first.close()
      const second = await open()
      expectEqual('the partition after commits that need not be durable and a restart', await everything(second, partition), before)
      expectEqual('its values', before.map(({ value }) => value), [2, 2, 2])
      await second.commit([put('f', 3, { expect: 'absent' })], { durable: false })
      await second.close()
      expectPage('scan after one more and another restart', await (await open()).scan(partition), ['a', 'c', 'e', 'f'], false)
    },
  },
]

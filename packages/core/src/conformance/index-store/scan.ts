import type { Index } from '../../index-store.js'
import type { ConformanceCase } from '../conformance-case.js'
import { expectEqual } from '../expectations.js'
import { at, expectPage, fill, partition, put } from './facts.js'
import { expectLarge, large } from './large.js'

/** Ascending by UTF-8 bytes, which differs from UTF-16 units, from every language's order and from case-insensitive order. */
export const inByteOrder: readonly string[] = [
  '\u0001', ' ', '!', '-', '/', '0', '1', '10', '2', 'A', 'B', 'Z', '_', 'a', 'a-b', 'a.b', 'a/b', 'aa', 'ab', 'b', 'z', '~', '\u007f', '\u0080',
  'Ä', 'ß', 'ä', 'é', '\u07ff', '\u0800', '€', '漢', '\ud7ff', '\ue000', 'ＡＢＣ', '\ufffd', '\uffff', '\u{10000}', '\u{1f600}', '\u{10ffff}',
]

/** The same, as they might arrive. */
const shuffled = [...inByteOrder].map((sort, number) => ({ sort, place: (number * 17) % inByteOrder.length })).sort((a, b) => a.place - b.place)

export const scanCases: readonly ConformanceCase<Index>[] = [
  {
    id: 'scan/byte-order',
    clause: 'scan answers in the order of the UTF-8 bytes of the sort keys',
    async run({ open }) {
      const index = await open()
      await fill(index, shuffled.map(({ sort }) => put(sort)))
      expectPage('scan', await index.scan(partition), inByteOrder, false)
    },
  },
  {
    id: 'scan/reverse',
    clause: 'scan in reverse answers in the opposite order',
    async run({ open }) {
      const index = await open()
      await fill(index, shuffled.map(({ sort }) => put(sort)))
      expectPage('scan in reverse', await index.scan(partition, { reverse: true }), [...inByteOrder].reverse(), false)
    },
  },
  {
    id: 'scan/entries',
    clause: 'scan answers with the same entries as get',
    async run({ open }) {
      const index = await open()
      await index.commit([put('a', { n: 1 }), put('b', ['x', null]), put('c', 'text', { text: 'text' })])
      const found = await index.get([at('a'), at('b'), at('c')])
      const scanned = (await index.scan(partition)).entries
      const facts = (entry: (typeof found)[number]): unknown => [entry?.key.partition, entry?.key.sort, entry?.value, entry?.revision]
      expectEqual('entries of scan against those of get', scanned.map(facts), found.map(facts))
    },
  },
  {
    id: 'scan/empty',
    clause: 'scan of a partition without entries answers with an empty page, and no more',
    async run({ open }) {
      const index = await open()
      expectPage('scan of a partition that never was', await index.scan(partition), [], false)
      await index.commit([put('a')])
      await index.commit([{ op: 'delete', key: at('a') }])
      expectPage('scan of a partition whose only entry was deleted', await index.scan(partition), [], false)
      expectPage('scan of it in reverse', await index.scan(partition, { reverse: true }), [], false)
    },
  },
  {
    id: 'scan/partitions',
    clause: 'scan sees one partition, whatever the others are called',
    async run({ open }) {
      const index = await open()
      const names = ['p', 'p/', 'p/q', 'P', 'pq', 'p%', 'p_', 'p ', 'é', 'e\u0301', '%', 'o', 'q', '\u{1f600}']
      await fill(index, names.map((name) => put(`in ${name}`, name, { key: at(`in ${name}`, name) })))
      for (const name of names) {
        expectPage(`scan(${JSON.stringify(name)})`, await index.scan(name), [`in ${name}`], false)
        expectPage(`scan(${JSON.stringify(name)}) in reverse`, await index.scan(name, { reverse: true }), [`in ${name}`], false)
        expectPage(`scan(${JSON.stringify(name)}) up to a limit`, await index.scan(name, { limit: 1 }), [`in ${name}`], false)
      }
    },
  },
  {
    id: 'scan/large',
    clause: 'a page is full whenever there are more, however large its entries are together',
    async run({ open }) {
      const index = await open()
      const entries = large(index.capabilities.limits)
      await fill(index, entries)
      const page = await index.scan(partition, { limit: 50 })
      expectLarge('scan of 60 large entries with limit 50', page.entries, entries.slice(0, 50))
      expectEqual('its more', page.more, true)
      const back = await index.scan(partition, { limit: 50, reverse: true })
      expectLarge('the same in reverse', back.entries, [...entries].reverse().slice(0, 50))
    },
  },
]

import type { Index } from '../../index-store.js'
import type { ConformanceCase } from '../conformance-case.js'
import { expectEqual } from '../expectations.js'
import { at, fill, numbered, put, valueOf, valuesAt } from './facts.js'
import { expectLarge, large } from './large.js'

export const getCases: readonly ConformanceCase<Index>[] = [
  {
    id: 'get/order-with-gaps',
    clause: 'get answers in the order of its keys, with undefined where there is no entry',
    async run({ open }) {
      const index = await open()
      await index.commit([put('a'), put('b'), put('d')])
      const found = await index.get(['d', 'c', 'a', 'e', 'b'].map((sort) => at(sort)))
      expectEqual('get(d, c, a, e, b) when c and e are absent', found.map(valueOf), ['d', 'no entry', 'a', 'no entry', 'b'])
      expectEqual('get(c) of an absent entry is undefined', found[1] === undefined, true)
    },
  },
  {
    id: 'get/entry',
    clause: 'an entry has the key that was asked for, the value that was put, and the revision that the commit returned',
    async run({ open }) {
      const index = await open()
      const [revision] = await index.commit([put('a', { size: 1 })])
      expectEqual('the commit of a put returns a revision, which is text', typeof revision, 'string')
      const [entry] = await index.get([at('a')])
      expectEqual('key of the entry', [entry?.key.partition, entry?.key.sort], ['facts', 'a'])
      expectEqual('value of the entry', entry?.value, { size: 1 })
      expectEqual('revision of the entry', entry?.revision, revision)
    },
  },
  {
    id: 'get/none',
    clause: 'get of no keys answers with no entries',
    async run({ open }) {
      const index = await open()
      await index.commit([put('a')])
      expectEqual('get()', await index.get([]), [])
    },
  },
  {
    id: 'get/repeated-keys',
    clause: 'a key that is asked for twice is answered twice',
    async run({ open }) {
      const index = await open()
      await index.commit([put('a'), put('b')])
      expectEqual('get(a, b, a, c, c)', await valuesAt(index, ['a', 'b', 'a', 'c', 'c']), ['a', 'b', 'a', 'no entry', 'no entry'])
    },
  },
  {
    id: 'get/many',
    clause: 'get takes any number of keys, more than a backend takes at once',
    async run({ open }) {
      const index = await open()
      const sorts = numbered(250)
      await fill(index, sorts.filter((_, number) => number % 3 > 0).map((sort) => put(sort)))
      const expected = sorts.map((sort, number) => (number % 3 > 0 ? sort : 'no entry'))
      expectEqual('get of 250 keys, every third absent', await valuesAt(index, sorts), expected)
    },
  },
  {
    id: 'get/several-partitions',
    clause: 'get takes keys of several partitions, and mixes them up with no other',
    async run({ open }) {
      const index = await open()
      await index.commit([put('a', 1), put('a', 2, { key: at('a', 'more') }), put('bc', 3, { key: at('bc', 'x') }), put('c', 4, { key: at('c', 'xb') })])
      const keys = [at('a', 'more'), at('c', 'xb'), at('a'), at('bc', 'x'), at('xbc', 'x'), at('a', 'mor'), at('bc')]
      expectEqual('get over five partitions', (await index.get(keys)).map(valueOf), [2, 4, 1, 3, 'no entry', 'no entry', 'no entry'])
    },
  },
  {
    id: 'get/exact-keys',
    clause: 'two keys are the same when their characters are: no folding of case, no normalisation, no trimming',
    async run({ open }) {
      const index = await open()
      const sorts = ['a', 'A', 'a ', ' a', 'é', 'e\u0301', 'ＡＢＣ', 'ABC', 'ß', 'ss', '1', '01', '1.0', '%', '_', '\\', '\u{1f600}', '\u{1f601}']
      await fill(index, sorts.map((sort) => put(sort)))
      expectEqual('get of keys that are alike', await valuesAt(index, sorts), sorts)
      expectEqual('get of absent keys that are alike', await valuesAt(index, ['ÉE', 'É', 'abc', '1 ', '%%']), Array(5).fill('no entry'))
    },
  },
  {
    id: 'get/large',
    clause: 'get answers with every entry, however large they are together',
    async run({ open }) {
      const index = await open()
      const entries = large(index.capabilities.limits)
      await fill(index, entries)
      expectLarge('get of many large entries', await index.get(entries.map(({ key }) => key)), entries)
    },
  },
]

import type { Index } from '../../index-store.js'
import type { ConformanceCase } from '../conformance-case.js'
import { expectEqual } from '../expectations.js'
import { at, expectPage, partition, put, snapshot, valuesAt } from './facts.js'
import { searchCase } from './search-case.js'

export const instanceCases: readonly ConformanceCase<Index>[] = [
  {
    id: 'instances/get',
    clause: 'get sees every commit that was answered before it began, from whichever instance',
    async run({ open }) {
      const [one, two] = [await open(), await open()]
      for (let round = 1; round <= 10; round++) {
        await one.commit([put('a', round)])
        expectEqual(`a, read from the other instance after put ${round}`, await valuesAt(two, ['a']), [round])
        await two.commit([{ op: 'delete', key: at('a') }])
        expectEqual(`a, read from the first instance after delete ${round}`, await valuesAt(one, ['a']), ['no entry'])
      }
    },
  },
  {
    id: 'instances/scan',
    clause: 'scan sees every commit that was answered before it began, from whichever instance',
    async run({ open }) {
      const [one, two] = [await open(), await open()]
      for (let round = 1; round <= 5; round++) {
        await one.commit([put('a', round), put('b', round)])
        expectEqual(`values, scanned from the other instance after put ${round}`, (await snapshot(two)).map(({ value }) => value), [round, round])
        await two.commit([{ op: 'delete', key: at('a') }])
        expectPage(`scan from the first instance after delete ${round}`, await one.scan(partition), ['b'], false)
      }
    },
  },
  searchCase({
    id: 'instances/search',
    clause: 'search sees every commit that was answered before it began, from whichever instance',
    async run({ open }) {
      const [one, two] = [await open(), await open()]
      await one.commit([put('a', 1, { text: 'apple' })])
      expectPage('search(apple) from the other instance', await two.search({ partition, text: 'apple' }), ['a'], false)
      await two.commit([put('a', 1, { text: 'pear' })])
      expectPage('search(apple) after the other put another text', await one.search({ partition, text: 'apple' }), [], false)
      expectPage('search(pear) after that', await one.search({ partition, text: 'pear' }), ['a'], false)
    },
  }),
  {
    id: 'instances/restart',
    clause: 'what was committed is there after a restart',
    async run({ open }) {
      const first = await open()
      await first.commit([put('a', { n: 1 }), put('b', 2), put('\u{1f600}', 3)])
      await first.commit([{ op: 'delete', key: at('b') }, put('a', { n: 4 })])
      const before = await snapshot(first)
      await first.close()
      expectEqual('the partition after a restart', await snapshot(await open()), before)
    },
  },
  searchCase({
    id: 'instances/restart-search',
    clause: 'search finds after a restart what it found before',
    async run({ open }) {
      const first = await open()
      await first.commit([put('a', 1, { text: 'Apple Pie' }), put('b', 2, { text: 'apple' }), put('c', 3)])
      await first.commit([{ op: 'delete', key: at('b') }])
      await first.close()
      const second = await open()
      expectPage('search(apple) after a restart', await second.search({ partition, text: 'apple' }), ['a'], false)
      await second.commit([put('a', 1)])
      expectPage('search(apple) after a put without text', await second.search({ partition, text: 'apple' }), [], false)
    },
  }),
  {
    id: 'instances/close-one',
    clause: 'closing an instance leaves the others open',
    async run({ open }) {
      const [one, two] = [await open(), await open()]
      await one.commit([put('a')])
      await one.close()
      await two.commit([put('b')])
      expectPage('scan after the other was closed', await two.scan(partition), ['a', 'b'], false)
    },
  },
]

import type { Index } from '../../index-store.js'
import type { ConformanceCase } from '../conformance-case.js'
import { expectEqual } from '../expectations.js'
import { at, expectPage, fill, numbered, partition, put, snapshot, valueOf, valuesAt } from './facts.js'
import { searchCase } from './search-case.js'
import { whileUnderWay } from './under-way.js'

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
    clause: 'closing an instance leaves the others open, and takes nothing back that they committed',
    async run({ open }) {
      const [one, two] = [await open(), await open()]
      await one.commit([put('a', 1), put('d', 1)])
      await two.commit([put('a', 2), put('c', 2), { op: 'delete', key: at('d') }])
      await one.close()
      await two.commit([put('b', 2)])
      for (const index of [two, await open()]) {
        expectEqual('a, b, c and d after the other was closed', await valuesAt(index, ['a', 'b', 'c', 'd']), [2, 2, 2, 'no entry'])
        expectPage('scan after the other was closed', await index.scan(partition), ['a', 'b', 'c'], false)
      }
    },
  },
  {
    id: 'instances/opened-together',
    clause: 'of instances that open an empty place at the same time none loses what another commits as soon as it is open',
    async run({ open }) {
      const sorts = numbered(4)
      const opened = await Promise.all(
        sorts.map(async (sort) => {
          const index = await open()
          await index.commit([put(sort, 1, { expect: 'absent' })])
          return index
        }),
      )
      for (const index of opened) expectPage('scan after four instances opened together and put an entry each', await index.scan(partition), sorts, false)
    },
  },
  {
    id: 'instances/opened-meanwhile',
    clause: 'instances may be opened and closed while another one commits, and nothing is lost by that',
    async run({ open }) {
      const writer = await open()
      const sorts = numbered(20)
      const commitAll = async (): Promise<void> => {
        for (const [number, sort] of sorts.entries()) await writer.commit([put(sort, number)], { durable: number % 2 === 0 })
      }
      const committing = commitAll()
      await whileUnderWay(committing, async () => {
        const index = await open()
        await index.get([at(sorts[0]!)])
        await index.close()
      })
      await committing
      expectPage('scan by the instance that committed', await writer.scan(partition), sorts, false)
      expectPage('scan by one that was opened after that', await (await open()).scan(partition), sorts, false)
    },
  },
  {
    id: 'instances/concurrent-reads',
    clause: 'reads at the same time answer each what it was asked',
    async run({ open }) {
      const index = await open()
      const keys = numbered(12).flatMap((sort) => [at(sort, 'one'), at(sort, 'two')])
      await fill(index, keys.map((key, number) => put('', number, { key, text: `number${number} ${key.sort}` })))
      const gets = keys.map(async (key, number) => {
        const [alone, among] = await Promise.all([index.get([key]), index.get([key, keys[0]!, at('absent')])])
        expectEqual('get of one key and of three beside other reads', [...alone, ...among].map(valueOf), [number, number, 0, 'no entry'])
      })
      const scans = keys.map(async ({ partition: name, sort }) => {
        expectPage(`scan of ${name} with prefix ${sort} beside other reads`, await index.scan(name, { prefix: sort }), [sort], false)
      })
      const searches = keys.map(async ({ partition: name, sort }) => {
        if (index.capabilities.search) expectPage(`search(${sort}) in ${name} beside other reads`, await index.search({ partition: name, text: sort }), [sort], false)
      })
      await Promise.all([...gets, ...scans, ...searches])
    },
  },
]

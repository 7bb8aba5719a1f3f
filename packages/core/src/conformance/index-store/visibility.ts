import type { Change, EntryKey, Index } from '../../index-store.js'
import type { ConformanceCase } from '../conformance-case.js'
import { expectCode, expectEqual, expectThat } from '../expectations.js'
import { at, expectPage, fill, numbered, partition, put, snapshot, valueOf } from './facts.js'
import { searchCase } from './search-case.js'
import { whileUnderWay } from './under-way.js'

const partitions = ['facts', 'facts/more', 'one', 'two', 'three']

/** As many keys as one commit takes, but no more than two hundred, spread over the partitions. */
function keysOf({ capabilities: { limits } }: Index): readonly EntryKey[] {
  return numbered(Math.min(limits.changes, 200)).map((sort, number) => at(sort, partitions[number % partitions.length]))
}

/** In each second round every third entry is deleted, and the others are put. */
function isDeleted(number: number, round: number): boolean {
  return round % 2 === 0 && number % 3 === 0
}

function changesOf(keys: readonly EntryKey[], round: number): readonly Change[] {
  return keys.map((key, number) => (isDeleted(number, round) ? { op: 'delete', key } : put('', round, { key, text: `round ${round}` })))
}

async function expectScans(what: string, reader: Index, name: string, sorts: readonly string[]): Promise<void> {
  const [whole, prefixed, back, behind, first] = await Promise.all([
    reader.scan(name),
    reader.scan(name, { prefix: 'n' }),
    reader.scan(name, { reverse: true }),
    reader.scan(name, { after: sorts[0] }),
    reader.scan(name, { limit: 2 }),
  ])
  expectPage(`scan of ${name} ${what}`, whole, sorts, false)
  expectPage(`scan of ${name} with a prefix ${what}`, prefixed, sorts, false)
  expectPage(`scan of ${name} in reverse ${what}`, back, [...sorts].reverse(), false)
  expectPage(`scan of ${name} behind its first entry ${what}`, behind, sorts.slice(1), false)
  expectPage(`scan of ${name} with limit 2 ${what}`, first, sorts.slice(0, 2), sorts.length > 2)
}

export const visibilityCases: readonly ConformanceCase<Index>[] = [
  {
    id: 'instances/whole-commit',
    clause: 'once a commit was answered every instance sees all of it, by get and by every scan, however many entries and partitions it changed',
    async run({ open }) {
      const instances = [await open(), await open(), await open()]
      const keys = keysOf(instances[0]!)
      for (let round = 1; round <= 4; round++) {
        await instances[round % 2]!.commit(changesOf(keys, round))
        const what = `right after commit ${round} of ${keys.length} changes was answered to another instance`
        for (const reader of instances.filter((_, number) => number !== round % 2)) {
          const values = (await reader.get(keys)).map(valueOf)
          expectEqual(`get ${what}`, values, keys.map((_, number) => (isDeleted(number, round) ? 'no entry' : round)))
          for (const name of partitions) {
            const there = keys.filter((key, number) => key.partition === name && !isDeleted(number, round))
            await expectScans(what, reader, name, there.map(({ sort }) => sort))
          }
        }
      }
    },
  },
  searchCase({
    id: 'instances/whole-commit-search',
    clause: 'once a commit was answered every instance finds all of its texts, and none that it replaced',
    async run({ open }) {
      const [one, two] = [await open(), await open()]
      const keys = keysOf(one)
      for (let round = 1; round <= 4; round++) {
        const [writer, reader] = round % 2 === 0 ? [one, two] : [two, one]
        await writer.commit(changesOf(keys, round))
        for (const name of partitions) {
          const there = keys.filter((key, number) => key.partition === name && !isDeleted(number, round)).map(({ sort }) => sort)
          const what = `in ${name} right after commit ${round} was answered to another instance`
          expectPage(`search(round ${round}) ${what}`, await reader.search({ partition: name, text: `round ${round}` }), there, false)
          expectPage(`search(round ${round - 1}) ${what}`, await reader.search({ partition: name, text: `round ${round - 1}` }), [], false)
        }
      }
    },
  }),
  {
    id: 'commit/failed-unseen',
    clause: 'nothing of a commit that fails is ever seen, not even while it is under way, by whichever instance',
    async run({ open }) {
      const [writer, reader] = [await open(), await open()]
      const sorts = numbered(Math.min(writer.capabilities.limits.changes, 100) - 1)
      const keys = sorts.map((sort) => at(sort))
      await fill(writer, sorts.filter((_, number) => number % 2 === 0).map((sort) => put(sort, 'old', { text: 'apple' })))
      const before = await snapshot(writer)
      const writes = sorts.map((sort, number): Change => (number % 4 === 2 ? { op: 'delete', key: at(sort) } : put(sort, 'new', { text: 'pear' })))
      const what = `while a commit of ${writes.length + 1} changes is under way whose last one fails`
      for (let round = 1; round <= 3; round++) {
        const commit = writer.commit([...writes, { op: 'check', key: at('absent'), expect: 'present' }])
        const failing = expectCode('a commit whose last change fails', 'CONFLICT', commit)
        await whileUnderWay(failing, async () => {
          for (const index of [reader, writer]) {
            expectEqual(`scan ${what}`, await snapshot(index), before)
            expectEqual(`get ${what}`, (await index.get(keys)).filter((entry) => entry !== undefined), before)
            if (index.capabilities.search) expectPage(`search(pear) ${what}`, await index.search({ partition, text: 'pear' }), [], false)
          }
        })
        await failing
      }
    },
  },
  {
    id: 'commit/replaced-whole',
    clause: 'while an entry is replaced each read finds the one before or the one after, with value and revision of one put, and none finds an older one than a read before it',
    async run({ open }) {
      const [writer, reader] = [await open(), await open()]
      const values = new Map<string | undefined, number>()
      const replace = async (value: number): Promise<void> => {
        const [revision] = await writer.commit([put('a', value, { text: 'apple' })])
        values.set(revision, value)
      }
      await replace(0)
      const replaceAll = async (): Promise<void> => {
        for (let value = 1; value <= 30; value++) await replace(value)
      }
      const found: { readonly by: string; readonly revision: string | undefined; readonly value: unknown }[] = []
      const replacing = replaceAll()
      await whileUnderWay(replacing, async () => {
        const [got] = await reader.get([at('a')])
        const [scanned] = await snapshot(reader)
        const searched = reader.capabilities.search ? (await reader.search({ partition, text: 'apple' })).entries[0] : scanned
        const [again] = await reader.get([at('a')])
        const finds = { 'get': got, 'scan': scanned, 'search': searched, 'another get': again }
        for (const [by, entry] of Object.entries(finds)) found.push({ by, revision: entry?.revision, value: entry?.value })
      })
      await replacing
      let last = 0
      for (const { by, revision, value } of found) {
        expectThat(`what ${by} finds while an entry is replaced`, value !== undefined, 'an entry', 'no entry')
        expectEqual(`value that ${by} finds with the revision ${revision}`, value, values.get(revision))
        expectThat(`value that ${by} finds after another read found ${last}`, Number(value) >= last, `${last} or a later one`, value)
        last = Number(value)
      }
    },
  },
]

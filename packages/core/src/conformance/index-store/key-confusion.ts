import type { EntryKey, Index } from '../../index-store.js'
import type { ConformanceCase } from '../conformance-case.js'
import { expectEqual } from '../expectations.js'
import { at, expectPage, fill, partition, put, valueOf } from './facts.js'

/** What somebody might put between a partition and a sort key to make one key of both. */
const separators = ['/', ':', '::', '#', '|', '!', ' ', ',', ';', '-', '.', '_', '~', '%', '=', '\\', '"', "'", '\t', '\n', '\r\n', '\u0001', '\u001f', '\u007f', '\u00a0', '\ufeff', '\uffff']

/** Names that mean something to a language, a file system or a database; in the order of their bytes. */
const names = ['*', '..', '.', '../a', '//', '0', '00', '1e3', '10', '9', '-1', 'NaN', '__proto__', 'con', 'constructor', 'false', 'hasOwnProperty', 'length', 'null', 'toString', 'undefined', '%2F', '\ufeff', '\u{1f600}']
  .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))

/** Fails unless each key keeps a value of its own, until it is deleted. */
async function expectApart(index: Index, keys: readonly EntryKey[]): Promise<void> {
  await fill(index, keys.map((key, number) => put('', number, { key, expect: 'absent' })))
  expectEqual('values under keys that are alike', (await index.get(keys)).map(valueOf), keys.map((_, number) => number))
  const even = keys.filter((_, number) => number % 2 === 0)
  for (const key of even) await index.commit([{ op: 'delete', key, expect: 'present' }])
  expectEqual('values after every second was deleted', (await index.get(keys)).map(valueOf), keys.map((_, number) => (number % 2 === 0 ? 'no entry' : number)))
}

export const keyConfusionCases: readonly ConformanceCase<Index>[] = [
  {
    id: 'key/separators',
    clause: 'partition and sort key are two things: no character between them makes one key of both',
    async run({ open }) {
      const index = await open()
      await expectApart(index, separators.flatMap((separator) => [at(`b${separator}c`, 'a'), at('c', `a${separator}b`)]))
      for (const separator of separators) expectPage(`scan of a${separator}b`, await index.scan(`a${separator}b`), ['c'], false)
    },
  },
  {
    id: 'key/last-byte',
    clause: 'keys at the limit that differ in their last byte alone are different, and in order',
    async run({ open }) {
      const index = await open()
      const [sorts, partitions] = [['a', 'b', 'c', 'd'].map((end) => 's'.repeat(1023) + end), ['a', 'b', 'c', 'd'].map((end) => 'p'.repeat(2047) + end)]
      await expectApart(index, [...sorts.map((sort) => at(sort)), ...partitions.map((name) => at('x', name))])
      await fill(index, [...sorts].reverse().map((sort) => put(sort)))
      expectPage('scan behind the second', await index.scan(partition, { after: sorts[1] }), sorts.slice(2), false)
      expectPage('scan in reverse before the second', await index.scan(partition, { before: sorts[1], reverse: true }), [sorts[0]!], false)
      expectPage('scan with the third as prefix', await index.scan(partition, { prefix: sorts[2] }), [sorts[2]!], false)
      expectPage('scan of the second partition', await index.scan(partitions[1]!), ['x'], false)
      expectPage('scan of the first partition', await index.scan(partitions[0]!), [], false)
    },
  },
  {
    id: 'key/names',
    clause: 'names that mean something to a language or a file system are keys like any other',
    async run({ open }) {
      const index = await open()
      await expectApart(index, names.flatMap((name) => [at('x', name), at(name), at(name, name)]))
      await fill(index, names.map((name) => put(name)))
      expectPage('scan of such names', await index.scan(partition), names, false)
    },
  },
]

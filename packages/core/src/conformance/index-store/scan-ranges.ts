import type { Index, ScanOptions } from '../../index-store.js'
import type { ConformanceCase } from '../conformance-case.js'
import { expectPage, fill, partition, put } from './facts.js'

const sorts = ['a', 'a-b', 'a/b', 'aa', 'b', 'b/1', 'b/2', 'b0', 'c', 'é', '\uffff', '\u{1f600}']

/** What a scan of `sorts` has to answer with, worked out on their bytes. */
function expected({ after, before, prefix = '', reverse, limit = 1000 }: ScanOptions): { readonly sorts: readonly string[]; readonly more: boolean } {
  const order = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))
  const matches = sorts.filter(
    (sort) =>
      sort.startsWith(prefix) && (after === undefined || order(sort, after) > 0) && (before === undefined || order(sort, before) < 0),
  )
  const directed = reverse === true ? matches.reverse() : matches
  return { sorts: directed.slice(0, limit), more: directed.length > limit }
}

function rangeCase(id: string, clause: string, scans: readonly ScanOptions[]): ConformanceCase<Index> {
  return {
    id,
    clause,
    async run({ open }) {
      const index = await open()
      await fill(index, sorts.map((sort) => put(sort)))
      for (const options of scans) {
        const { sorts: answer, more } = expected(options)
        expectPage(`scan(${JSON.stringify(options)}) of ${sorts.join(' ')}`, await index.scan(partition, options), answer, more)
      }
    },
  }
}

const cursors = ['a', 'a-', 'a/b', 'b', 'b/1', 'b/9', '\uffff', '\u{10000}', '\u{1f600}', '\u{10ffff}', ' ']
const both = cursors.slice(0, 8).flatMap((after) => ['a', 'aa', 'b/2', 'c', '\u{1f600}'].map((before) => ({ after, before })))
/** A prefix and an after that change places in the order of UTF-16 units. */
const beyond = ['\uffff', '\u{1f600}'].flatMap((prefix) => ['\uffff', '\u{10000}', '\u{1f600}'].map((after) => ({ prefix, after })))
const combined: readonly ScanOptions[] = [undefined, 'b', 'b/'].flatMap((prefix): readonly ScanOptions[] =>
  [undefined, 'a', 'b', 'b/1', 'b/15', 'c'].flatMap((after) =>
    [undefined, 'a', 'b/2', 'b0', 'zz'].flatMap((before) => [undefined, 1, 2].map((limit) => ({ prefix, after, before, limit }))),
  ),
).concat(beyond)

export const scanRangeCases: readonly ConformanceCase<Index>[] = [
  rangeCase('scan/after', 'after is exclusive, and need not exist', cursors.map((after) => ({ after }))),
  rangeCase('scan/after-reverse', 'after bounds a scan in reverse at its end', cursors.map((after) => ({ after, reverse: true }))),
  rangeCase('scan/before', 'before is exclusive, and need not exist', cursors.map((before) => ({ before }))),
  rangeCase('scan/before-reverse', 'a scan in reverse begins before before', cursors.map((before) => ({ before, reverse: true }))),
  rangeCase('scan/after-and-before', 'after and before bound a scan together, to nothing where they cross', [
    ...both,
    ...both.map((options) => ({ ...options, reverse: true })),
  ]),
  rangeCase('scan/combined', 'prefix, after, before and limit hold together', combined),
  rangeCase('scan/combined-reverse', 'prefix, after, before and limit hold together in reverse', combined.map((options) => ({ ...options, reverse: true }))),
]

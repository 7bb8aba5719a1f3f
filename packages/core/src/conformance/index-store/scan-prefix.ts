import type { Index } from '../../index-store.js'
import type { ConformanceCase } from '../conformance-case.js'
import { expectPage, fill, partition, put } from './facts.js'

function prefixCase(id: string, clause: string, sorts: readonly string[], prefixes: readonly string[]): ConformanceCase<Index> {
  return {
    id,
    clause,
    async run({ open }) {
      const index = await open()
      await fill(index, sorts.map((sort) => put(sort)))
      for (const prefix of prefixes) {
        const matches = sorts.filter((sort) => sort.startsWith(prefix))
        const what = `scan with the prefix ${JSON.stringify(prefix)}`
        expectPage(what, await index.scan(partition, { prefix }), matches, false)
        expectPage(`${what} in reverse`, await index.scan(partition, { prefix, reverse: true }), [...matches].reverse(), false)
      }
    },
  }
}

export const scanPrefixCases: readonly ConformanceCase<Index>[] = [
  prefixCase(
    'scan/prefix',
    'prefix is the exact beginning of a sort key, the whole key too',
    ['A', 'Aa', 'a', 'a/', 'a/b', 'a/b/c', 'a/c', 'aa', 'b', 'ba'],
    ['', 'a', 'a/', 'a/b', 'a/b/c', 'a/b/c/d', 'A', 'b', 'c', '/'],
  ),
  prefixCase(
    'scan/prefix-special',
    'characters that mean something in a query language mean themselves in a prefix',
    ['"q', '%', '%x', "'q", '*', '*x', '?x', '[a]', '\\', '\\%', '\\x', '^x', '_', '_x', 'a', 'a%b', 'a*b', 'a\\b', 'a_b', 'axb'],
    ['%', '_', '*', '?', '[', '[a', '\\', '\\%', '^', '"', "'", 'a%', 'a_', 'a*', 'a\\', '.', '.*', 'a.'],
  ),
  prefixCase(
    'scan/prefix-last-characters',
    'a prefix may end in the last character of one, two, three or four bytes',
    ['a', 'a\u007f', 'a\u007fb', 'a\u0080', 'a\u07ff', 'a\u07ffb', 'a\u0800', 'a\ud7ff', 'a\ud7ffb', 'a\ue000', 'a\uffff', 'a\uffffb', 'a\u{10000}', 'a\u{10ffff}', 'a\u{10ffff}b', 'b', '\u{10ffff}', '\u{10ffff}\u{10ffff}', '\u{10ffff}\u{10ffff}c'],
    ['a', 'a\u007f', 'a\u0080', 'a\u07ff', 'a\ud7ff', 'a\ue000', 'a\uffff', 'a\u{10000}', 'a\u{10ffff}', '\u{10ffff}', '\u{10ffff}\u{10ffff}'],
  ),
]

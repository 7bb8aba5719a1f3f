import type { Change, Index } from '../../index-store.js'
import type { ConformanceCase } from '../conformance-case.js'
import { expectCode, expectEqual } from '../expectations.js'
import { at, entryAt, expectPage, fill, numbered, partition, put } from './facts.js'
import { aboutSearch } from './search-case.js'
import { expectFound, fillTexts, found } from './texts.js'

export const searchCases: readonly ConformanceCase<Index>[] = aboutSearch([
  {
    id: 'search/every-term',
    clause: 'search finds entries whose text has every term, in any order',
    async run({ open }) {
      const index = await open()
      await fillTexts(index, { a: 'red apple pie', b: 'apple tree', c: 'red tree', d: 'pie of apples, red' })
      await expectFound(index, 'apple', ['a', 'b', 'd'])
      await expectFound(index, 'red apple', ['a', 'd'])
      await expectFound(index, 'apple red', ['a', 'd'])
      await expectFound(index, 'pie red apple', ['a', 'd'])
      await expectFound(index, 'red apple tree', [])
      await expectFound(index, ' \t tree\n ', ['b', 'c'])
      await expectFound(index, 'tree tree red', ['c'])
    },
  },
  {
    id: 'search/inside-words',
    clause: 'a term is found anywhere in a text: at its beginning, at its end, inside a word, across punctuation',
    async run({ open }) {
      const index = await open()
      await fillTexts(index, { a: 'library/ubuntu-server', b: 'ubuntu', c: 'ubun tu' })
      for (const term of ['ubuntu', 'bunt', 'untu']) await expectFound(index, term, ['a', 'b'])
      for (const term of ['library', 'server', 'lib', 'ver', 'y/u', 'ry/ubuntu-ser']) await expectFound(index, term, ['a'])
      await expectFound(index, 'ubun', ['a', 'b', 'c'])
      await expectFound(index, 'ubuntus', [])
    },
  },
  {
    id: 'search/short-terms',
    clause: 'terms of one and two characters work, alone and beside longer ones',
    async run({ open }) {
      const index = await open()
      await fillTexts(index, { a: 'go', b: 'golang', c: 'é', d: '漢字', e: 'x\u{1f600}y', f: 'g o', g: 'ergo x' })
      await expectFound(index, 'g', ['a', 'b', 'f', 'g'])
      await expectFound(index, 'go', ['a', 'b', 'g'])
      await expectFound(index, 'g x', ['g'])
      await expectFound(index, 'go lan', ['b'])
      await expectFound(index, 'go lan x', [])
      await expectFound(index, 'é', ['c'])
      await expectFound(index, '漢', ['d'])
      await expectFound(index, '漢字', ['d'])
      await expectFound(index, '\u{1f600}', ['e'])
      await expectFound(index, '\u{1f600}y', ['e'])
      await expectFound(index, 'x\u{1f600}y', ['e'])
      await expectFound(index, 'z', [])
    },
  },
  {
    id: 'search/updated',
    clause: 'search finds the text of the latest put, and no earlier one',
    async run({ open }) {
      const index = await open()
      await fillTexts(index, { a: 'apple', b: 'apple' })
      await index.commit([put('a', 2, { text: 'cherry' })])
      await expectFound(index, 'apple', ['b'])
      await expectFound(index, 'ap', ['b'])
      await expectFound(index, 'cherry', ['a'])
      await index.commit([put('a', 3, { text: 'cherry pie' })])
      await expectFound(index, 'cherry', ['a'])
      await expectFound(index, 'pie', ['a'])
    },
  },
  {
    id: 'search/deleted',
    clause: 'search does not find a deleted entry, nor its old text when it is put again',
    async run({ open }) {
      const index = await open()
      await fillTexts(index, { a: 'apple', b: 'apple' })
      await index.commit([{ op: 'delete', key: at('a') }])
      await expectFound(index, 'apple', ['b'])
      await expectFound(index, 'a', ['b'])
      await expectFound(index, '', ['b'])
      await index.commit([put('a', 1, { text: 'pear' })])
      await expectFound(index, 'apple', ['b'])
      await index.commit([{ op: 'delete', key: at('a') }])
      await index.commit([put('a', 1)])
      await expectFound(index, 'pear', [])
    },
  },
  {
    id: 'search/text-removed',
    clause: 'a put without a text takes the text away',
    async run({ open }) {
      const index = await open()
      await fillTexts(index, { a: 'apple', b: 'apple' })
      await index.commit([put('a', 'apple')])
      await expectFound(index, 'apple', ['b'])
      await expectFound(index, 'pl', ['b'])
      await expectFound(index, '', ['b'])
      await index.commit([put('a', 1, { text: 'apple' })])
      await expectFound(index, 'apple', ['a', 'b'])
    },
  },
  {
    id: 'search/text-alone',
    clause: 'search looks at texts, not at keys or values',
    async run({ open }) {
      const index = await open()
      await index.commit([put('apple', 'apple'), put('pear', { name: 'apple' }, { text: 'plum' }), put('plum', 'apple', { text: 'apple' })])
      await expectFound(index, 'apple', ['plum'])
      await expectFound(index, 'pear', [])
      await expectFound(index, 'pe', [])
      await expectFound(index, 'facts', [])
    },
  },
  {
    id: 'search/all',
    clause: 'a query without terms finds every entry that has a text, be it empty',
    async run({ open }) {
      const index = await open()
      await index.commit([put('a', 1, { text: 'apple' }), put('b'), put('c', 1, { text: 'c' }), put('d', 1, { text: '-' }), put('e', 1, { text: '' })])
      await expectFound(index, '', ['a', 'c', 'd', 'e'])
      await expectFound(index, ' \t\n ', ['a', 'c', 'd', 'e'])
    },
  },
  {
    id: 'search/partitions',
    clause: 'search sees one partition',
    async run({ open }) {
      const index = await open()
      await fill(index, [partition, 'fact', 'facts/', 'Facts'].map((name) => put('', name, { key: at(`in ${name}`, name), text: 'apple' })))
      for (const text of ['apple', 'ap', '']) {
        await expectFound(index, text, ['in facts'])
        expectPage(`search(${text}) in Facts`, await index.search({ partition: 'Facts', text }), ['in Facts'], false)
        expectPage(`search(${text}) in a partition that never was`, await index.search({ partition: 'never', text }), [], false)
      }
      await fill(index, numbered(5, 'a').map((sort) => put(sort, 1, { text: 'pear' })))
      await fill(index, numbered(5, 'a').map((sort) => put(sort, 1, { key: at(sort, 'Facts'), text: 'apple' })))
      await expectFound(index, 'apple', ['in facts'])
      expectPage('search(apple) with limit 1 beside a partition with more', await index.search({ partition, text: 'apple' }, { limit: 1 }), ['in facts'], false)
    },
  },
  {
    id: 'search/entries',
    clause: 'search answers with the same entries as get: key, latest value and revision',
    async run({ open }) {
      const index = await open()
      await index.commit([put('a', { n: 1 }, { text: 'apple' })])
      await index.commit([put('a', { n: 2 }, { text: 'apple' })])
      const entry = await entryAt(index, 'a')
      const [searched] = (await found(index, 'apple')).entries
      expectEqual('key', [searched?.key.partition, searched?.key.sort], [partition, 'a'])
      expectEqual('value and revision', [searched?.value, searched?.revision], [{ n: 2 }, entry.revision])
    },
  },
  {
    id: 'search/failed-commit',
    clause: 'a commit that fails changes nothing about what search finds',
    async run({ open }) {
      const index = await open()
      await fillTexts(index, { a: 'apple', b: 'apple', c: 'apple' })
      const failing: Change = { op: 'check', key: at('a'), expect: 'absent' }
      const changes: readonly Change[] = [put('b', 1, { text: 'pear' }), { op: 'delete', key: at('c') }, put('d', 1, { text: 'apple' })]
      await expectCode('a commit whose last change fails', 'CONFLICT', index.commit([...changes, failing]))
      await expectFound(index, 'apple', ['a', 'b', 'c'])
      await expectFound(index, 'ap', ['a', 'b', 'c'])
      await expectFound(index, 'pear', [])
    },
  },
  {
    id: 'search/concurrent',
    clause: 'after commits of several instances at the same time search finds the texts of what they left, and no others',
    async run({ open }) {
      const instances = [await open(), await open()]
      for (let round = 1; round <= 5; round++) {
        const writes = numbered(12).map((sort, number) => {
          const [key, words, hasText] = [at(['a', 'b', 'c'][number % 3]!), `${sort} round${round}`, number % 5 < 4]
          const change: Change = number % 4 === 3 ? { op: 'delete', key } : { op: 'put', key, value: words, text: hasText ? words : undefined }
          return { change, words, hasText, sort: key.sort }
        })
        await Promise.all(writes.map(({ change }, number) => instances[number % 2]!.commit([change])))
        const left = (await instances[round % 2]!.scan(partition)).entries.map(({ value }) => value)
        for (const { words, hasText, sort } of writes) await expectFound(instances[0]!, words, hasText && left.includes(words) ? [sort] : [])
      }
    },
  },
  {
    id: 'search/many-terms',
    clause: 'a query may have hundreds of terms, and each has to be in the text',
    async run({ open }) {
      const index = await open()
      const terms = [...numbered(150, 'term'), ...numbered(150, '').map((term) => term.slice(-2))]
      const short = terms.slice(150).join(' ')
      await fillTexts(index, { a: terms.join(' '), b: terms.slice(1).join(' '), c: terms.toSpliced(149, 1).join(' ') })
      await expectFound(index, terms.join(' '), ['a'])
      await expectFound(index, terms.slice(1).join(' '), ['a', 'b'])
      await expectFound(index, `${short} term000000`, ['a', 'c'])
    },
  },
  {
    id: 'search/long-text',
    clause: 'a term is found at the end of a long text, and a long term too',
    async run({ open }) {
      const index = await open()
      const length = Math.min(index.capabilities.limits.valueBytes - 100, 400_000)
      const text = Array.from({ length: length / 10 }, (_, number) => `word${String(number).padStart(5, '0')}`).join(' ')
      await fillTexts(index, { a: `${text} needle`, b: text })
      await expectFound(index, 'needle', ['a'])
      const long = 'abcdefghij'.repeat(30)
      await index.commit([put('c', 1, { text: `<${long}>` }), put('d', 1, { text: long.slice(1) })])
      await expectFound(index, long, ['c'])
    },
  },
])

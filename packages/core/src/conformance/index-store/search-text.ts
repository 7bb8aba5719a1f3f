import type { Index } from '../../index-store.js'
import type { ConformanceCase } from '../conformance-case.js'
import { aboutSearch } from './search-case.js'
import { expectFound, fillTexts } from './texts.js'

/** Words that are the same but for case or width, by script. */
const alike: Readonly<Record<string, readonly string[]>> = {
  latin: ['äpfel', 'ÄPFEL', 'Äpfel', 'a\u0308pfel', 'A\u0308PFEL'],
  german: ['straße', 'STRASSE', 'STRAẞE', 'Strasse'],
  sigma: ['οδος', 'ΟΔΟΣ', 'οδοσ'],
  greek: ['σίσυφος', 'Σίσυφος', 'ΣΊΣΥΦΟΣ'],
  cyrillic: ['москва', 'Москва', 'МОСКВА'],
  armenian: ['երևան', 'Երևան'],
  width: ['abc', 'ABC', 'ＡＢＣ', 'ａｂｃ'],
  turkish: ['i\u0307zmir', 'İzmir', 'İZMİR'.replace('İR', 'ir')],
  deseret: ['\u{10428}\u{10429}\u{1042a}', '\u{10400}\u{10401}\u{10402}'],
  ligature: ['office', 'oﬃce', 'OFFICE'],
}

const special = ['"', "'", '%', '_', '*', '?', '^', '(', ')', '[', ']', '{', '}', '-', '+', ':', ';', '\\', '/', '|', '&', '!', '~', '<', '>', '=', '@', '#', '$', ',', '.', '`']

/** Queries that mean something else in some query language. */
const operators = [
  'AND', 'OR', 'NOT', 'NEAR', 'NEAR(x', 'text:x', 'partition:facts', 'x*', '^x', '-x', '+x', '"x"', '"', '""', "'", "''", '--', '/*', ');', '%', '_', '\\%', '\\', '.*', '[x]', '(', '()', '{x}', 'x~2',
]

export const searchTextCases: readonly ConformanceCase<Index>[] = aboutSearch([
  {
    id: 'search/any-case',
    clause: 'case and width do not matter, in any script: texts and queries are folded as foldText does',
    async run({ open }) {
      const index = await open()
      for (const [script, words] of Object.entries(alike)) {
        const entries = words.map((word, number) => [`${script} ${number}`, `<${word}>`] as const)
        await fillTexts(index, Object.fromEntries(entries))
        for (const word of words) {
          await expectFound(index, word, entries.map(([sort]) => sort))
          await expectFound(index, `<${word}>`, entries.map(([sort]) => sort))
        }
      }
    },
  },
  {
    id: 'search/accents-matter',
    clause: 'folding leaves accents alone: letters that differ in more than case are different',
    async run({ open }) {
      const index = await open()
      await fillTexts(index, { a: 'cafe table', b: 'café table', c: 'CAFÉ' })
      await expectFound(index, 'cafe', ['a'])
      await expectFound(index, 'café', ['b', 'c'])
      await expectFound(index, 'caf', ['a', 'b', 'c'])
      await expectFound(index, 'é', ['b', 'c'])
    },
  },
  {
    id: 'search/special-characters',
    clause: 'characters that mean something in a query language mean themselves, alone and inside terms',
    async run({ open }) {
      const index = await open()
      const texts = Object.fromEntries(special.map((character) => [`with ${character}`, `left${character}right`]))
      await fillTexts(index, { ...texts, plain: 'left right', x: 'leftxright' })
      for (const character of special) {
        const only = [`with ${character}`]
        await expectFound(index, `left${character}right`, only)
        await expectFound(index, `t${character}r`, only)
        await expectFound(index, `${character}r`, only)
        await expectFound(index, character, only)
        await expectFound(index, `right left ${character}`, only)
        await expectFound(index, `${character}${character}${character}`, [])
      }
    },
  },
  {
    id: 'search/operators',
    clause: 'words and signs of query languages are terms like any other',
    async run({ open }) {
      const index = await open()
      await fillTexts(index, { x: 'x apple', y: 'pear' })
      for (const operator of operators) await expectFound(index, operator, [])
      for (const query of ['apple AND x', 'apple OR pear', 'apple NOT pear', 'NOT pear', '"x apple"', 'x*', 'NEAR(x apple)']) await expectFound(index, query, [])
      const texts = Object.fromEntries(operators.map((operator, number) => [`o${String(number).padStart(2, '0')}`, `${operator} pear`]))
      await fillTexts(index, texts)
      for (const operator of operators) {
        const folded = operator.toLowerCase()
        const sorts = Object.entries(texts).flatMap(([sort, text]) => (text.toLowerCase().includes(folded) ? [sort] : []))
        await expectFound(index, operator, sorts)
        await expectFound(index, `PEAR ${operator}`, sorts)
      }
    },
  },
  {
    id: 'search/control-characters',
    clause: 'a NUL or another control character in a text or a query is a character like any other',
    async run({ open }) {
      const index = await open()
      await fillTexts(index, { a: 'left\0right', b: 'left\u0001right', c: 'leftright', d: 'left' })
      await expectFound(index, 'left', ['a', 'b', 'c', 'd'])
      await expectFound(index, 'right', ['a', 'b', 'c'])
      await expectFound(index, 'left\0right', ['a'])
      await expectFound(index, 'ft\0', ['a'])
      await expectFound(index, '\0', ['a'])
      await expectFound(index, 'left\u0001right', ['b'])
      await expectFound(index, 'left\0', ['a'])
    },
  },
])

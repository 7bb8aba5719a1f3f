import path from 'node:path'
import { compareUtf8, foldText, type Index, type PutChange, searchTerms } from '@registry/core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { oddStrings } from '../../core/test/odd-strings.js'
import { connect } from '../src/connection.js'
import type { Database } from '../src/database.js'
import { defaultLimits } from '../src/options.js'
import { indexOver } from '../src/sqlite-index.js'
import { temporaryDirectory } from './temporary-directory.js'

/** Whole numbers below a bound, the same in each run with this seed. */
function numbersFrom(seed: number): (bound: number) => number {
  let state = seed
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * bound)
  }
}

const characters = [...Array.from('aaaaabbbbcccdde-_/.:@%"\'*()ÄäßẞΣςé漢字   '), '\n', '\0', '\u0301', '\ufffd', '\ufffe', '\uffff', '\u{1f600}', '\u{10ffff}', '\ud800', 'e\u0301', 'ﬃ', '\u3000']
const odd = oddStrings().filter((text) => text.length < 400)

/** A text as nobody would write it; every third has words that many have. */
function textOf(number: number, below: (bound: number) => number): string {
  if (number % 7 === 0) return odd[below(odd.length)]!
  const some = Array.from({ length: below(12) }, () => characters[below(characters.length)]!).join('')
  return number % 3 === 0 ? `common ${some} word${number % 9}` : some
}

interface Watched {
  readonly index: Index
  readonly database: Database
  /** Which ways of finding a page were taken. */
  readonly plans: Set<string>
}

async function watched(): Promise<Watched> {
  const file = path.join(await temporaryDirectory(), 'index.sqlite')
  const database = await connect(file, 20)
  const plans = new Set<string>()
  const index = indexOver(
    {
      ...database,
      prepare: <Row>(sql: string) => {
        const statement = database.prepare<Row>(sql)
        if (!sql.includes('instr(')) return statement
        const all = statement.all.bind(statement)
        return Object.assign(statement, {
          all: (...values: unknown[]): Row[] => {
            plans.add(sql.includes('MATCH') ? 'sort' : 'walk')
            return all(...values)
          },
        })
      },
    },
    file,
    defaultLimits,
  )
  onTestFinished(() => index.close())
  return { index, database, plans }
}

describe('search among odd texts', () => {
  it.each([1, 2, 3])('finds what a plain filter finds, in the same order, with seed %s', async (seed) => {
    const { index, database, plans } = await watched()
    const below = numbersFrom(seed)
    const texts = new Map<string, string>()
    const change = (number: number): PutChange => {
      const text = below(20) === 0 ? undefined : textOf(number, below)
      // Neither in the order in which they come, nor all in one place.
      const sort = `${number % 2 === 0 ? 'é' : 'a'}${(number * 7919) % 1500}`
      if (text === undefined) texts.delete(sort)
      else texts.set(sort, text)
      return { op: 'put', key: { partition: 'p', sort }, value: number, text }
    }
    await index.commit(Array.from({ length: 1500 }, (_, number) => change(number)))
    await index.commit(Array.from({ length: 200 }, () => below(1500)).filter((number, place, all) => all.indexOf(number) === place).map(change))
    // The same texts in a partition that is not searched.
    await index.commit([...texts].map(([sort, text]) => ({ op: 'put', key: { partition: 'elsewhere', sort }, value: 0, text })))
    const gone = [...texts.keys()].filter(() => below(15) === 0)
    await index.commit(gone.map((sort) => ({ op: 'delete', key: { partition: 'p', sort } })))
    for (const sort of gone) texts.delete(sort)
    const folded = [...texts].map(([sort, text]) => [sort, foldText(text)] as const).sort(([a], [b]) => compareUtf8(a, b))

    const queryOf = (number: number): string => {
      const [, text] = folded[below(folded.length)]!
      const points = Array.from(text)
      const start = below(points.length + 1)
      const piece = points.slice(start, start + 1 + below(number % 4 === 0 ? 30 : 4)).join('')
      if (number % 5 === 0) return `${piece} ${textOf(number, below).slice(0, below(6))}`
      return number % 11 === 0 ? ['common', 'word', 'word3', 'comm', 'co', 'c', 'zzz', 'zz', 'common word6 or'][below(9)]! : piece
    }
    for (let number = 0; number < 300; number++) {
      const text = queryOf(number)
      const after = number % 3 === 0 ? folded[below(folded.length)]![0] : undefined
      const limit = [1, 3, 30, 1000][number % 4]!
      const terms = searchTerms(text)
      const matches = folded.flatMap(([sort, of]) => (terms.every((term) => of.includes(term)) && (after === undefined || compareUtf8(sort, after) > 0) ? [sort] : []))
      const { entries, more } = await index.search({ partition: 'p', text }, { limit, after })
      expect([entries.map(({ key }) => key.sort), more], JSON.stringify({ text, after, limit })).toEqual([matches.slice(0, limit), matches.length > limit])
    }
    expect([...plans].sort()).toEqual(['sort', 'walk'])
    // What is kept for search is what it would be if every text were put for the first time.
    const kept = (): unknown => database.prepare('SELECT * FROM trigram_terms').all()
    const grown = kept()
    database.exec(`
      INSERT INTO trigrams (trigrams) VALUES ('delete-all');
      INSERT INTO trigrams (rowid, text) SELECT search_id, text FROM entries WHERE text IS NOT NULL;
    `)
    expect(kept()).toEqual(grown)
  })
})

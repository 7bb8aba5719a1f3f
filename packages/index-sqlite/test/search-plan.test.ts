import path from 'node:path'
import type { Index, IndexLimits, PutChange } from '@registry/core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { connect } from '../src/connection.js'
import { defaultLimits } from '../src/options.js'
import { indexOver } from '../src/sqlite-index.js'
import { manyMatches } from '../src/search.js'
import { termQuery } from '../src/search-terms.js'
import { temporaryDirectory } from './temporary-directory.js'

interface Watched {
  readonly index: Index
  /** What the database did for the last searches, as SQLite explains it. */
  readonly ran: string[]
}

async function watched(limits?: Partial<IndexLimits>): Promise<Watched> {
  const file = path.join(await temporaryDirectory(), 'index.sqlite')
  const database = await connect(file, 20)
  const ran: string[] = []
  const index = indexOver(
    {
      ...database,
      prepare: <Row>(sql: string) => {
        const statement = database.prepare<Row>(sql)
        const [all, get] = [statement.all.bind(statement), statement.get.bind(statement)]
        const explain = (values: readonly unknown[]): void => {
          if (sql.includes('PRAGMA')) return
          ran.push(...database.prepare<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(...values).map(({ detail }) => detail))
        }
        return Object.assign(statement, {
          all: (...values: unknown[]): Row[] => {
            explain(values)
            return all(...values)
          },
          get: (...values: unknown[]): Row | undefined => {
            explain(values)
            return get(...values)
          },
        })
      },
    },
    file,
    { ...defaultLimits, ...limits },
  )
  onTestFinished(() => index.close())
  return { index, ran }
}

const matching = /^SCAN trigrams VIRTUAL TABLE INDEX \d+:M/
const inOrder = /^SEARCH entries USING PRIMARY KEY \(partition=\? AND sort>\?\)/

describe('search', () => {
  it('asks the table of trigrams for terms of any length, and reads no text where it has none', async () => {
    const { index, ran } = await watched()
    const texts = ['apple', ...Array.from({ length: 30 }, () => 'fig')]
    await index.commit(texts.map((text, number) => ({ op: 'put', key: { partition: 'p', sort: `n${number}` }, value: 1, text })))
    for (const text of ['app', 'pple', 'ap', 'l', 'e', 'le']) {
      ran.length = 0
      expect((await index.search({ partition: 'p', text })).entries).toHaveLength(1)
      expect(ran, text).toContainEqual(expect.stringMatching(matching))
      expect(ran, text).toContainEqual(expect.stringMatching(/^SEARCH searchable USING INTEGER PRIMARY KEY \(rowid=\?\)/))
      expect(ran, text).not.toContainEqual(expect.stringMatching(inOrder))
    }
    ran.length = 0
    for (const text of ['zz', 'z', 'apple z']) expect((await index.search({ partition: 'p', text })).entries).toEqual([])
    expect(ran).not.toContainEqual(expect.stringMatching(matching))
    expect(ran).not.toContainEqual(expect.stringMatching(inOrder))
  })

  it('walks in order for a term that trigrams do not have, and where there is none', async () => {
    const { index, ran } = await watched()
    await index.commit([{ op: 'put', key: { partition: 'p', sort: 'a' }, value: 1, text: 'a\0pple \uffff\u{10ffff}' }])
    for (const text of ['a\0pp', '\uffff', '\u{10ffff}', '']) {
      ran.length = 0
      expect((await index.search({ partition: 'p', text })).entries).toHaveLength(1)
      expect(ran, JSON.stringify(text)).toContainEqual(expect.stringMatching(inOrder))
      expect(ran, JSON.stringify(text)).not.toContainEqual(expect.stringMatching(matching))
    }
  })

  it('takes the way that takes least, in which it finds the same', async () => {
    const { index, ran } = await watched({ changes: 30_000 })
    const sorts = Array.from({ length: 21_000 }, (_, number) => `n${String(number).padStart(5, '0')}`)
    const text = (number: number): string => `apple${number % 7 === 0 ? ' pie' : ''}${number % 1000 === 0 ? ' seed' : ''}${number >= 17_800 ? ' late' : ''}${number >= 10_500 ? ' half' : ''}`
    await index.commit(sorts.map((sort, number) => ({ op: 'put', key: { partition: 'p', sort }, value: 1, text: text(number) })), { durable: false })
    const wayOf = async (query: string, limit: number): Promise<readonly [readonly string[], string]> => {
      ran.length = 0
      const { entries } = await index.search({ partition: 'p', text: query }, { limit })
      const has = (detail: RegExp): boolean => ran.some((line) => detail.test(line))
      const way = has(inOrder) ? (has(/^SEARCH searchable USING/) ? 'walks and sorts' : 'walks') : 'sorts'
      return [entries.map(({ key }) => key.sort), has(matching) ? `counts${way === 'walks and sorts' ? ',' : ' and'} ${way}` : way]
    }
    const every = (number: number): readonly string[] => sorts.filter((_, n) => n % number === 0).slice(0, 1000)
    expect(await wayOf('apple', 3)).toEqual([sorts.slice(0, 3), 'counts and walks'])
    expect(await wayOf('e', 3)).toEqual([sorts.slice(0, 3), 'walks'])
    expect(await wayOf('pie', 1000)).toEqual([every(7), 'counts and walks'])
    expect(await wayOf('late', 1000)).toEqual([sorts.slice(-3200).slice(0, 1000), 'counts, walks and sorts'])
    expect(await wayOf('half', 1000)).toEqual([sorts.slice(-10_500).slice(0, 1000), 'counts and walks'])
    expect(await wayOf('apple seed', 1000)).toEqual([every(1000), 'counts and sorts'])
    expect(await wayOf('se', 1000)).toEqual([every(1000), 'counts and sorts'])
    const last = await index.search({ partition: 'p', text: 'apple' }, { limit: 3, after: 'n20996' })
    expect([last.entries.map(({ key }) => key.sort), last.more]).toEqual([['n20997', 'n20998', 'n20999'], false])
  })

  it('finds the few that have a term among many that have its trigrams', async () => {
    const { index } = await watched()
    const texts = Array.from({ length: 3000 }, (_, number) => (number > 190 ? 'fig' : number % 60 === 59 ? 'applepie' : 'app lep pie'))
    await index.commit(texts.map((text, number) => ({ op: 'put', key: { partition: 'p', sort: `n${String(number).padStart(4, '0')}` }, value: 1, text })))
    const page = await index.search({ partition: 'p', text: 'applepie' }, { limit: 50 })
    expect([page.entries.map(({ key }) => key.sort), page.more]).toEqual([['n0059', 'n0119', 'n0179'], false])
  })

  it('keeps nothing of a text that is gone', async () => {
    const file = path.join(await temporaryDirectory(), 'index.sqlite')
    const database = await connect(file, 20)
    const index = indexOver(database, file, defaultLimits)
    onTestFinished(() => index.close())
    const rows = (): unknown => database.prepare('SELECT searchable.sort, entries.text FROM searchable LEFT JOIN entries ON search_id = id ORDER BY 1').all()
    const trigrams = (): unknown => database.prepare<{ term: string }>('SELECT term FROM trigram_terms').all().map(({ term }) => term)
    const put = (sort: string, text?: string): PutChange => ({ op: 'put', key: { partition: 'p', sort }, value: 1, text })
    await index.commit([put('a', 'one'), put('b', 'two'), put('c')])
    await index.commit([put('a', 'three'), put('b')])
    expect([rows(), trigrams()]).toEqual([[{ sort: 'a', text: 'three  ' }], ['e  ', 'ee ', 'hre', 'ree', 'thr']])
    await index.commit([{ op: 'delete', key: { partition: 'p', sort: 'a' } }])
    expect([rows(), trigrams()]).toEqual([[], []])
    database.exec("INSERT INTO trigrams (trigrams, rank) VALUES ('integrity-check', 0)")
  })

  it('compares texts as core folded them, and folds nothing itself', async () => {
    const file = path.join(await temporaryDirectory(), 'index.sqlite')
    const database = await connect(file, 20)
    onTestFinished(() => { database.close() })
    database.exec("INSERT INTO trigrams (rowid, text) VALUES (1, 'ABC')")
    const matches = (term: string): number => database.prepare('SELECT 1 FROM trigrams WHERE trigrams MATCH ?').all(`"${term}"`).length
    expect([matches('ABC'), matches('abc')]).toEqual([1, 0])
  })
})

describe('termQuery', () => {
  it('has the trigrams that cover long terms, the short terms, and every term as it is', () => {
    expect(termQuery('Ab "quoted" ÄPFEL OR a\0bcd')).toEqual({
      first: '"quoted"',
      others: JSON.stringify(['äpfel', 'a\0bcd', 'ab', 'or']),
      trigrams: ['"qu', 'ote', 'ed"', 'äpf', 'fel'],
      beginnings: ['ab', 'or'],
    })
    expect(termQuery('\u{1f600}\u{1f600} \u{1f601}\u{1f601}\u{1f601}')).toMatchObject({ trigrams: ['\u{1f601}\u{1f601}\u{1f601}'], beginnings: ['\u{1f600}\u{1f600}'] })
    expect(termQuery(' ')).toEqual({ first: '', others: '[]', trigrams: [], beginnings: [] })
  })

  it('asks for a bounded number of trigrams and of short terms', () => {
    const { trigrams, beginnings, others } = termQuery(`${Array.from({ length: 300 }, (_, number) => `${number}`).join('')} a b c d e f g h i j k l m n o p`)
    expect([trigrams.length, beginnings.length, (JSON.parse(others) as readonly string[]).length]).toEqual([24, 8, 16])
  })
})

describe('manyMatches', () => {
  it('is where sorting the matches takes as long as walking until a page is full', () => {
    const many = (texts: number, limit = 1001): number => manyMatches({ texts, limit })
    expect([many(100_000), many(1_000_000), many(100_000, 26), many(0)]).toEqual([6328, 20_010, 1020, 1])
  })
})

import path from 'node:path'
import type { PutChange } from '@registry/core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { connect } from '../src/connection.js'
import { defaultLimits } from '../src/options.js'
import { indexOver } from '../src/sqlite-index.js'
import { termQuery } from '../src/search-terms.js'
import { temporaryDirectory } from './temporary-directory.js'

describe('search', () => {
  it('asks the search table for terms of three characters and more', async () => {
    const file = path.join(await temporaryDirectory(), 'index.sqlite')
    const database = await connect(file, 20)
    const ran: string[] = []
    const index = indexOver(
      {
        ...database,
        prepare: <Row>(sql: string) => {
          const statement = database.prepare<Row>(sql)
          const all = statement.all.bind(statement)
          return Object.assign(statement, {
            all: (...values: unknown[]): Row[] => {
              ran.push(...database.prepare<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(...values).map(({ detail }) => detail))
              return all(...values)
            },
          })
        },
      },
      file,
      defaultLimits,
    )
    onTestFinished(() => index.close())
    await index.commit([{ op: 'put', key: { partition: 'p', sort: 'a' }, value: 1, text: 'apple' }])
    await index.search({ partition: 'p', text: 'app' })
    expect(ran).toContainEqual(expect.stringMatching(/^SCAN search VIRTUAL TABLE INDEX \d+:M/))
    ran.length = 0
    await index.search({ partition: 'p', text: 'ap' })
    expect(ran).toContainEqual(expect.stringMatching(/^SEARCH entries USING PRIMARY KEY \(partition=\? AND sort>\?\)/))
    expect(ran).toContainEqual(expect.stringMatching(/^SCAN search VIRTUAL TABLE INDEX \d+:=/))
  })

  it('keeps one row of texts for each entry that has one', async () => {
    const file = path.join(await temporaryDirectory(), 'index.sqlite')
    const database = await connect(file, 20)
    const index = indexOver(database, file, defaultLimits)
    onTestFinished(() => index.close())
    const rows = (): unknown => database.prepare('SELECT sort, text FROM search ORDER BY sort').all()
    const put = (sort: string, text?: string): PutChange => ({ op: 'put', key: { partition: 'p', sort }, value: 1, text })
    await index.commit([put('a', 'one'), put('b', 'two'), put('c')])
    await index.commit([put('a', 'three'), put('b')])
    expect(rows()).toEqual([{ sort: 'a', text: 'three' }])
    await index.commit([{ op: 'delete', key: { partition: 'p', sort: 'a' } }])
    expect(rows()).toEqual([])
    expect(database.prepare("INSERT INTO search (search) VALUES ('integrity-check')").run().changes).toBeGreaterThanOrEqual(0)
  })

  it('compares texts as core folded them, and folds nothing itself', async () => {
    const file = path.join(await temporaryDirectory(), 'index.sqlite')
    const database = await connect(file, 20)
    onTestFinished(() => { database.close() })
    database.exec("INSERT INTO search (text) VALUES ('ABC')")
    const matches = (term: string): number => database.prepare('SELECT 1 FROM search WHERE search MATCH ?').all(`"${term}"`).length
    expect([matches('ABC'), matches('abc')]).toEqual([1, 0])
  })

  it('finds what is found nearly everywhere by walking, and the same things', async () => {
    const file = path.join(await temporaryDirectory(), 'index.sqlite')
    const index = indexOver(await connect(file, 20), file, { ...defaultLimits, changes: 30_000 })
    onTestFinished(() => index.close())
    const sorts = Array.from({ length: 21_000 }, (_, number) => `n${String(number).padStart(5, '0')}`)
    const text = (number: number): string => (number % 7 === 0 ? 'apple pie' : 'apple')
    await index.commit(sorts.map((sort, number) => ({ op: 'put', key: { partition: 'p', sort }, value: 1, text: text(number) })), { durable: false })
    const { entries, more } = await index.search({ partition: 'p', text: 'apple' }, { limit: 3, after: 'n20996' })
    expect([entries.map(({ key }) => key.sort), more]).toEqual([['n20997', 'n20998', 'n20999'], false])
    const both = await index.search({ partition: 'p', text: 'apple pie' }, { limit: 2 })
    expect([both.entries.map(({ key }) => key.sort), both.more]).toEqual([['n00000', 'n00007'], true])
  })
})

describe('termQuery', () => {
  it('quotes long terms, and leaves the others to the text', () => {
    expect(termQuery('Ab "quoted" ÄPFEL OR a\0bcd')).toEqual({
      match: '"""quoted""" AND "äpfel"',
      terms: JSON.stringify(['ab', '"quoted"', 'äpfel', 'or', 'a\0bcd']),
      unproven: JSON.stringify(['ab', 'or', 'a\0bcd']),
    })
    expect(termQuery('ab \u{1f600}\u{1f600}').match).toBeUndefined()
  })
})

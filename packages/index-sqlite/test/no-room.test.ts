import path from 'node:path'
import type { Change } from '@registry/core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { connect } from '../src/connection.js'
import { defaultLimits } from '../src/options.js'
import { indexOver } from '../src/sqlite-index.js'
import { expectTrouble } from './expect-trouble.js'
import { temporaryDirectory } from './temporary-directory.js'

const put = (sort: string, value: string): Change => ({ op: 'put', key: { partition: 'p', sort }, value })

describe('a database that may not grow', () => {
  it('answers NO_SPACE, changes nothing, and goes on when it may', async () => {
    const file = path.join(await temporaryDirectory(), 'index.sqlite')
    const database = await connect(file, 20)
    const index = indexOver(database, file, defaultLimits)
    onTestFinished(() => index.close())
    await index.commit([put('a', '1')])
    // The database may not grow: SQLite answers as it does for a full disk.
    const pages = Number(database.pragma('page_count'))
    database.pragma(`max_page_count = ${pages}`)
    const error = await expectTrouble(index.commit([put('a', '2'), put('b', 'x'.repeat(1_000_000))]), 'NO_SPACE', file, 'make room')
    expect(error).toMatchObject({ outcome: undefined })
    expect((await index.scan('p')).entries.map(({ value }) => value)).toEqual(['1'])
    database.pragma('max_page_count = 1000000')
    await index.commit([put('b', 'x'.repeat(1_000_000))])
    expect((await index.scan('p')).entries.map(({ key }) => key.sort)).toEqual(['a', 'b'])
  })
})

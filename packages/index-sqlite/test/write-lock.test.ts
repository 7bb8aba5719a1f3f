import path from 'node:path'
import type { PutChange } from '@registry/core'
import { expect, it, onTestFinished } from 'vitest'
import { connect } from '../src/connection.js'
import { sqliteCode } from '../src/database.js'
import { defaultLimits } from '../src/options.js'
import { indexOver } from '../src/sqlite-index.js'
import { temporaryDirectory } from './temporary-directory.js'

it('a commit lets no other process write between what it checks and what it changes', async () => {
  const file = path.join(await temporaryDirectory(), 'index.sqlite')
  const rival = await connect(file, 0)
  const database = await connect(file, 50)
  const outcomes = new Set<unknown>()
  const interfere = (): void => {
    try {
      rival.exec("UPDATE entries SET value = '3'")
      outcomes.add('written')
    } catch (error) {
      outcomes.add(sqliteCode(error))
    }
  }
  const index = indexOver(
    {
      ...database,
      // The other process tries as soon as the commit has read something.
      prepare: <Row>(sql: string) => {
        const statement = database.prepare<Row>(sql)
        const get = statement.get.bind(statement)
        return Object.assign(statement, {
          get: (...values: unknown[]) => {
            const row = get(...values)
            interfere()
            return row
          },
        })
      },
    },
    file,
    defaultLimits,
  )
  onTestFinished(async () => {
    await index.close()
    rival.close()
  })
  const put = (value: number): PutChange => ({ op: 'put', key: { partition: 'p', sort: 'a' }, value })
  const [revision] = await index.commit([put(1)])
  await index.commit([{ ...put(2), expect: { revision: revision! } }])
  expect([...outcomes]).toEqual(['SQLITE_BUSY'])
  expect((await index.scan('p')).entries.map(({ value }) => value)).toEqual([2])
})

import path from 'node:path'
import type { PutChange } from '@registry/core'
import { expect, it, onTestFinished } from 'vitest'
import { connect } from '../src/connection.js'
import { sqliteIndex } from '../src/index.js'
import { defaultLimits } from '../src/options.js'
import { indexOver } from '../src/sqlite-index.js'
import { temporaryDirectory } from './temporary-directory.js'

it('get answers with all entries as they were at one moment, whatever another process commits meanwhile', async () => {
  const file = path.join(await temporaryDirectory(), 'index.sqlite')
  const writer = await connect(file, 50)
  const meanwhile = writer.prepare("UPDATE entries SET value = '2'")
  const database = await connect(file, 50)
  const index = indexOver(
    {
      ...database,
      prepare: <Row>(sql: string) => {
        const statement = database.prepare<Row>(sql)
        const get = statement.get.bind(statement)
        return Object.assign(statement, {
          get: (...values: unknown[]) => {
            const row = get(...values)
            if (sql.startsWith('SELECT sort, value')) meanwhile.run()
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
    writer.close()
  })
  const put = (sort: string): PutChange => ({ op: 'put', key: { partition: 'p', sort }, value: 1 })
  const other = await sqliteIndex({ file })
  await other.commit([put('a'), put('b')])
  await other.close()
  const read = async (): Promise<unknown> => (await index.get([put('a').key, put('b').key])).map((entry) => entry?.value)
  expect(await read()).toEqual([1, 1])
  expect(await read()).toEqual([2, 2])
})

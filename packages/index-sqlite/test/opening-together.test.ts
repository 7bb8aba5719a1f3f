import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openDatabase, sqliteCode } from '../src/database.js'
import { prepareSchema } from '../src/prepare-schema.js'
import { applicationId, schema } from '../src/schema.js'
import { temporaryDirectory } from './temporary-directory.js'

it('of two processes that open a new file one makes the tables, and the other can write nothing between its look and that', async () => {
  const file = path.join(await temporaryDirectory(), 'index.sqlite')
  const [database, rival] = [openDatabase(file, 0), openDatabase(file, 0)]
  onTestFinished(() => {
    database.close()
    rival.close()
  })
  const outcomes: unknown[] = []
  prepareSchema(
    {
      ...database,
      // The other process wants to write as soon as this one has seen that the file is empty.
      pragma: (name) => {
        const value = database.pragma(name)
        try {
          rival.exec('BEGIN IMMEDIATE')
          outcomes.push('has the lock')
        } catch (error) {
          outcomes.push(sqliteCode(error))
        }
        return value
      },
    },
    file,
    schema,
  )
  expect(outcomes).toEqual(['SQLITE_BUSY'])
  expect([database.pragma('application_id'), database.pragma('user_version')]).toEqual([applicationId, schema.version])
  expect(prepareSchema(rival, file, schema)).toBeUndefined()
})

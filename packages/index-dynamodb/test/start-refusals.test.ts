import { CreateTableCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import type { RegistryError } from '@registry/core'
import { describeWithDynamodb } from '@registry/services/describe-with-dynamodb'
import { startDynamodb } from '@registry/services/dynamodb'
import type { DynamodbTables } from '@registry/services/dynamodb-tables'
import { expect, it } from 'vitest'
import type { DynamodbIndexOptions } from '../src/index.js'
import { startForged } from './forged-dynamodb.js'
import { client, startOn } from './start-on.js'
import { ownTables, rejection } from './through-proxy.js'

/** What a start sends that changes nothing. */
const looking = ['DescribeTable', 'GetItem']

/** A start that asks for everything is refused, and has made and changed nothing. */
async function refused(tables: DynamodbTables, options: DynamodbIndexOptions = {}): Promise<RegistryError> {
  const dynamodb = await startDynamodb()
  const before = await dynamodb.tables(tables.database)
  const forged = await startForged(tables.endpoint, () => undefined)
  const error = await rejection(startOn(tables, { endpoint: forged.endpoint, deletionProtection: true, pointInTimeRecovery: true, ...options }))
  expect(error.message).not.toContain('\n')
  expect(forged.operations.filter((operation) => !looking.includes(operation))).toEqual([])
  expect(await dynamodb.tables(tables.database)).toEqual(before)
  return error
}

describeWithDynamodb('a start refuses tables of others, and touches nothing', () => {
  async function createTable(TableName: string, keys: readonly (readonly [string, 'S' | 'N'])[]): Promise<void> {
    await (await client()).send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: keys.map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
        KeySchema: keys.map(([AttributeName], n) => ({ AttributeName, KeyType: n === 0 ? 'HASH' : 'RANGE' })),
      }),
    )
  }

  async function expectRefused(tables: DynamodbTables, message: string, options: DynamodbIndexOptions = {}): Promise<void> {
    const error = await refused(tables, options)
    expect([error.code, error.message]).toEqual(['CONFIG', expect.stringContaining(message)])
  }

  it('of a classic docker-registry', async () => {
    const tables = await ownTables()
    await createTable(`${tables.database}-repository`, [['name', 'S']])
    await createTable(`${tables.database}-version`, [['name', 'S']])
    const advice = 'is one of a classic docker-registry, and was not touched: name another one with'
    await expectRefused(tables, `repositoryTable: table ${tables.database}-repository ${advice} repository_table, or`)
    const another = { repositoryTable: `${tables.database}-x-repository` }
    await expectRefused(tables, `versionTable: table ${tables.database}-version ${advice} version_table, or`, another)
  })

  it.each<[string, readonly (readonly [string, 'S' | 'N'])[], string]>([
    ['another name', [['id', 'S'], ['sort', 'S']], 'id and sort'],
    ['one key', [['partition', 'S']], 'partition'],
    ['a key that is a number', [['partition', 'S'], ['sort', 'N']], 'partition and sort'],
  ])('of another program: %s', async (_, keys, named) => {
    const tables = await ownTables()
    await createTable(`${tables.database}-repository`, keys)
    const table = `${tables.database}-repository`
    await expectRefused(tables, `repositoryTable: table ${table} belongs to another program (its key is ${named}), and was not touched`)
  })

  it('of another program, where it is the version alone', async () => {
    const tables = await ownTables()
    await createTable(`${tables.database}-version`, [['partition', 'S'], ['sort', 'S']])
    await expectRefused(tables, `versionTable: table ${tables.database}-version belongs to another program`)
  })
})

describeWithDynamodb('a start refuses a version of the schema, and touches nothing', () => {
  it.each([
    ['newer', { N: '2' }, 'says schema version 2, and this release knows 1: use the release of @registry/index-dynamodb that made it, or a later one'],
    ['of no release', { N: '0' }, 'says schema version 0, and this release knows 1: has something else written to it?'],
    ['no number', { S: 'x' }, 'says schema version none, and this release knows 1: has something else written to it?'],
  ])('that is %s', async (_, version, message) => {
    const tables = await ownTables()
    await startOn(tables)
    const dynamodb = await startDynamodb()
    await (await client()).send(new PutItemCommand({ TableName: `${tables.database}-version`, Item: { id: { S: 'schema' }, version } }))
    await dynamodb.dropTables(`${tables.database}-repository`)
    const error = await refused(tables)
    expect([error.code, error.message]).toEqual(['UNSUPPORTED', `table ${tables.database}-version ${message}`])
  })
})

import { DeleteTableCommand } from '@aws-sdk/client-dynamodb'
import { describeWithDynamodb } from '@registry/services/describe-with-dynamodb'
import { startDynamodb } from '@registry/services/dynamodb'
import { startDynamodbProxy } from '@registry/services/dynamodb-proxy'
import { expect, it, onTestFinished } from 'vitest'
import { dynamodbIndex } from '../src/index.js'
import { optionsFor } from './dynamodb-harness.js'
import { type Forge, forgedAnswer, forgedError } from './forged-dynamodb.js'
import { client, described, startForgedOn, startOn } from './start-on.js'
import { ownTables, rejection } from './through-proxy.js'

/** The first so many descriptions of a table say this, and what is said of it afterwards is true. */
function describedAs(table: string, statuses: readonly (string | undefined)[]): Forge {
  const left = [...statuses]
  return (operation, { TableName }) => {
    if (operation !== 'DescribeTable' || TableName !== table || left.length === 0) return undefined
    const status = left.shift()
    if (status === undefined) return forgedError('ResourceNotFoundException')
    const names = table.endsWith('version') ? ['id'] : ['partition', 'sort']
    return forgedAnswer({
      Table: {
        TableName,
        TableStatus: status,
        AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
        KeySchema: names.map((AttributeName, n) => ({ AttributeName, KeyType: n === 0 ? 'HASH' : 'RANGE' })),
      },
    })
  }
}

describeWithDynamodb('a start creates tables', () => {
  it('with the keys of this index, which are paid for by request', async () => {
    const tables = await ownTables()
    await startOn(tables)
    expect(await described(`${tables.database}-repository`)).toMatchObject({
      KeySchema: [{ AttributeName: 'partition', KeyType: 'HASH' }, { AttributeName: 'sort', KeyType: 'RANGE' }],
      AttributeDefinitions: [{ AttributeName: 'partition', AttributeType: 'S' }, { AttributeName: 'sort', AttributeType: 'S' }],
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    })
    const version = await described(`${tables.database}-version`)
    expect(version).toMatchObject({ KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }], BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' } })
    expect([version.DeletionProtectionEnabled ?? false, version.GlobalSecondaryIndexes, version.StreamSpecification]).toEqual([false, undefined, undefined])
  })

  it('with the names that the options give', async () => {
    const tables = await ownTables()
    const [repositoryTable, versionTable] = [`${tables.database}-repository`, `${tables.database}-version`]
    await startOn(tables, { database: 'elsewhere', repositoryTable, versionTable })
    expect((await described(repositoryTable)).TableStatus).toBe('ACTIVE')
    expect((await described(versionTable)).TableStatus).toBe('ACTIVE')
    expect(await (await startDynamodb()).tables('elsewhere')).toEqual([])
  })

  it('with the capacity that is provisioned, of which the version needs little', async () => {
    const tables = await ownTables()
    await startOn(tables, { billing: 'provisioned', readCapacity: 7, writeCapacity: 5 })
    expect((await described(`${tables.database}-repository`)).ProvisionedThroughput).toMatchObject({ ReadCapacityUnits: 7, WriteCapacityUnits: 5 })
    expect((await described(`${tables.database}-version`)).ProvisionedThroughput).toMatchObject({ ReadCapacityUnits: 1, WriteCapacityUnits: 1 })
  })

  it('once, and asks for nothing but their state from then on', async () => {
    const tables = await ownTables()
    const first = await startForgedOn(tables, () => undefined)
    const made = first.operations.filter((operation) => operation !== 'DescribeTable')
    expect(made).toEqual(['CreateTable', 'GetItem', 'PutItem', 'GetItem', 'CreateTable'])
    const second = await startForgedOn(tables, () => undefined)
    expect(second.operations).toEqual(['DescribeTable', 'DescribeTable', 'GetItem'])
  })

  it.each(['repository', 'version'])('where one is missing, and leaves the other as it is: %s', async (missing) => {
    const tables = await ownTables()
    const key = { partition: 'p', sort: 's' }
    const index = await dynamodbIndex(optionsFor(tables))
    await index.commit([{ op: 'put', key, value: 1 }])
    await index.close()
    await (await client()).send(new DeleteTableCommand({ TableName: `${tables.database}-${missing}` }))
    const again = await dynamodbIndex(optionsFor(tables))
    onTestFinished(() => again.close())
    expect((await again.get([key])).map((entry) => entry?.value)).toEqual([missing === 'version' ? 1 : undefined])
    await again.commit([{ op: 'put', key, value: 2 }])
  })

  it('where two hundred start at once: one pair, which all of them can use', async () => {
    const tables = await ownTables()
    const keys = Array.from({ length: 200 }, (_, n) => ({ partition: 'p', sort: `s${n}` }))
    const indexes = await Promise.all(keys.map(() => dynamodbIndex({ ...optionsFor(tables), requestTimeout: 60_000, retryTimeout: 60_000 })))
    onTestFinished(async () => {
      await Promise.all(indexes.map((index) => index.close()))
    })
    await Promise.all(indexes.map((index, n) => index.commit([{ op: 'put', key: keys[n]!, value: n, expect: 'absent' }])))
    expect((await indexes[0]!.get(keys)).map((entry) => entry?.value)).toEqual(keys.map((_, n) => n))
    expect(await (await startDynamodb()).tables(tables.database)).toEqual([`${tables.database}-repository`, `${tables.database}-version`])
  }, 120_000)

  it('also where DynamoDB is at work on too many, or asks to slow down', async () => {
    const tables = await ownTables()
    const replies = ['LimitExceededException', 'ThrottlingException']
    await startForgedOn(tables, (operation) => {
      const name = operation === 'CreateTable' ? replies.shift() : undefined
      return name === undefined ? undefined : forgedError(name)
    })
    expect(replies).toEqual([])
    expect(await (await startDynamodb()).tables(tables.database)).toHaveLength(2)
  })

  it('also where each answer to what changes something is lost once', async () => {
    const tables = await ownTables()
    const proxy = await startDynamodbProxy(tables)
    onTestFinished(() => proxy.close())
    const faults = ['CreateTable', 'PutItem'].map((operation) => proxy.inject({ kind: 'lost-answer', operation }))
    await startOn(tables, { endpoint: proxy.endpoint })
    expect(faults.map(({ struck }) => struck)).toEqual([1, 1])
    await startOn(tables)
  })
})

describeWithDynamodb('a start waits', () => {
  it.each(['repository', 'version'])('for a table that is being created: %s', async (which) => {
    const tables = await ownTables()
    await startOn(tables)
    const forged = await startForgedOn(tables, describedAs(`${tables.database}-${which}`, ['CREATING', 'CREATING', 'CREATING']))
    expect(forged.operations.filter((operation) => operation === 'DescribeTable')).toHaveLength(5)
    expect(forged.operations).not.toContain('CreateTable')
  })

  it.each(['repository', 'version'])('for a table that is being deleted, and creates it anew: %s', async (which) => {
    const tables = await ownTables()
    const forged = await startForgedOn(tables, describedAs(`${tables.database}-${which}`, ['DELETING', 'DELETING', undefined]))
    expect(forged.operations.filter((operation) => operation === 'CreateTable')).toHaveLength(2)
    expect(await (await startDynamodb()).tables(tables.database)).toHaveLength(2)
  })

  it('for no table that is being changed', async () => {
    const tables = await ownTables()
    await startOn(tables)
    const forged = await startForgedOn(tables, describedAs(`${tables.database}-repository`, ['UPDATING']))
    expect(forged.operations).toEqual(['DescribeTable', 'DescribeTable', 'GetItem'])
  })

  it.each([['CREATING', 'created'], ['DELETING', 'deleted']])('no longer than tableTimeout: %s', async (status, word) => {
    const tables = await ownTables()
    const forge = describedAs(`${tables.database}-repository`, Array.from({ length: 1000 }, () => status))
    const error = await rejection(startForgedOn(tables, forge, { tableTimeout: 300 }))
    expect(error.code).toBe('UNAVAILABLE')
    const message = `repositoryTable: table ${tables.database}-repository was being ${word} for longer than 0.3 seconds: try again`
    expect(error.message.slice(0, message.length)).toBe(message)
  })

  it('for no table that will not be there by itself', async () => {
    const tables = await ownTables()
    const error = await rejection(startForgedOn(tables, describedAs(`${tables.database}-version`, ['ARCHIVED'])))
    expect([error.code, error.message]).toEqual(['CONFIG', `versionTable: table ${tables.database}-version cannot be used: it is ARCHIVED`])
  })
})

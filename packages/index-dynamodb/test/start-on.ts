import { DescribeTableCommand, type DynamoDBClient, type TableDescription } from '@aws-sdk/client-dynamodb'
import { startDynamodb } from '@registry/services/dynamodb'
import type { DynamodbTables } from '@registry/services/dynamodb-tables'
import { onTestFinished } from 'vitest'
import { dynamodbIndex, type DynamodbIndexOptions } from '../src/index.js'
import { optionsFor } from './dynamodb-harness.js'
import { type Forge, type Forged, startForged } from './forged-dynamodb.js'

/** A client of DynamoDB Local for one test. */
export async function client(): Promise<DynamoDBClient> {
  const dynamodb = await startDynamodb()
  onTestFinished(() => {
    dynamodb.close()
  })
  return dynamodb.client()
}

/** Starts an index on these tables and closes it. */
export async function startOn(tables: DynamodbTables, options: DynamodbIndexOptions = {}): Promise<void> {
  const index = await dynamodbIndex({ ...optionsFor(tables), ...options })
  await index.close()
}

/** What DynamoDB Local says of a table. */
export async function described(name: string): Promise<TableDescription> {
  const { Table } = await (await client()).send(new DescribeTableCommand({ TableName: name }))
  return Table!
}

/** Starts an index behind a forged DynamoDB, and closes it. */
export async function startForgedOn(tables: DynamodbTables, forge: Forge, options: DynamodbIndexOptions = {}): Promise<Forged> {
  const forged = await startForged(tables.endpoint, forge)
  await startOn(tables, { endpoint: forged.endpoint, ...options })
  return forged
}

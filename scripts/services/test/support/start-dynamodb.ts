import { randomUUID } from 'node:crypto'
import { CreateTableCommand, type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { onTestFinished } from 'vitest'
import { type DynamodbProxy, startDynamodbProxy } from '../../src/dynamodb-proxy/start-dynamodb-proxy.js'
import { startDynamodb } from '../../src/dynamodb.js'

export interface Started {
  readonly proxy: DynamodbProxy
  /** Asks once, through the proxy. */
  readonly client: DynamoDBClient
  /** A table of its own. */
  readonly TableName: string
  readonly put: (key: string) => Promise<void>
  /** Which of these are there, asked past the proxy. */
  readonly there: (...keys: readonly string[]) => Promise<readonly string[]>
}

/** A proxy and a table for one test. */
export async function startBehindProxy(): Promise<Started> {
  const dynamodb = await startDynamodb()
  const proxy = await startDynamodbProxy(dynamodb)
  const direct = dynamodb.client()
  const client = dynamodb.client({ endpoint: proxy.endpoint, maxAttempts: 1 })
  const TableName = `proxy-${randomUUID()}`
  await createTable(direct, TableName)
  onTestFinished(async () => {
    await proxy.close()
    await dynamodb.dropTables(TableName)
    dynamodb.close()
  })
  const put = async (key: string): Promise<void> => {
    await client.send(new PutItemCommand({ TableName, Item: { key: { S: key } } }))
  }
  const there = async (...keys: readonly string[]): Promise<readonly string[]> => {
    const found: string[] = []
    for (const key of keys) {
      const { Item } = await direct.send(new GetItemCommand({ TableName, Key: { key: { S: key } }, ConsistentRead: true }))
      if (Item) found.push(key)
    }
    return found
  }
  return { proxy, client, TableName, put, there }
}

export async function createTable(client: DynamoDBClient, TableName: string, DeletionProtectionEnabled: boolean = false): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName,
      DeletionProtectionEnabled,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'key', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'key', KeyType: 'HASH' }],
    }),
  )
}

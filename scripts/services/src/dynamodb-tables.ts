import { randomUUID } from 'node:crypto'
import { DeleteTableCommand, ResourceNotFoundException } from '@aws-sdk/client-dynamodb'
import { type Dynamodb, startDynamodb } from './dynamodb.js'
import type { ServiceAddress } from './service-process.js'

/** Two tables of their own for one test, which the index creates. */
export interface DynamodbTables extends ServiceAddress, AsyncDisposable {
  /** What the names of both begin with. */
  readonly database: string
  /** Deletes them. What has them open may create them anew. */
  drop(): Promise<void>
}

let shared: Promise<Dynamodb> | undefined

/** Names for two tables that nobody else has. */
export async function dynamodbTables(): Promise<DynamodbTables> {
  shared ??= startDynamodb()
  const dynamodb = await shared
  const client = dynamodb.client()
  const database = `test-${randomUUID()}`
  const drop = async (): Promise<void> => {
    await Promise.all(
      [`${database}-repository`, `${database}-version`].map(async (TableName) => {
        await client.send(new DeleteTableCommand({ TableName })).catch((error: unknown) => {
          if (!(error instanceof ResourceNotFoundException)) throw error
        })
      }),
    )
  }
  const { endpoint, region, accessKey, secretKey } = dynamodb
  return {
    ...{ endpoint, region, accessKey, secretKey, database, drop },
    async [Symbol.asyncDispose](): Promise<void> {
      await drop()
      client.destroy()
    },
  }
}

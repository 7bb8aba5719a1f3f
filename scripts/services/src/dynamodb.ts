import {
  DeleteTableCommand,
  DynamoDBClient,
  type DynamoDBClientConfig,
  paginateListTables,
  UpdateTableCommand,
  waitUntilTableNotExists,
} from '@aws-sdk/client-dynamodb'
import { providedService } from './provided-service.js'
import type { ServiceAddress } from './service-process.js'

export { describeWithDynamodb } from './describe-with-dynamodb.js'

export interface Dynamodb extends ServiceAddress {
  /** A client of it, which ends with `close`. */
  client(config?: DynamoDBClientConfig): DynamoDBClient
  /** The names of the tables that begin so, ascending. */
  tables(prefix: string): Promise<readonly string[]>
  /** Deletes the tables whose names begin so, protected ones too, and waits until they are gone. */
  dropTables(prefix: string): Promise<void>
  /** Ends the clients. DynamoDB Local goes on for other tests, and ends with the run. */
  close(): void
}

/** The DynamoDB Local of this run, started if it is not yet. */
export async function startDynamodb(): Promise<Dynamodb> {
  const address = await providedService('dynamodb')
  const { endpoint, region, accessKey, secretKey } = address
  const credentials = { accessKeyId: accessKey, secretAccessKey: secretKey }
  const clients: DynamoDBClient[] = []
  const client = (config: DynamoDBClientConfig = {}): DynamoDBClient => {
    const created = new DynamoDBClient({ endpoint, region, credentials, ...config })
    clients.push(created)
    return created
  }
  const own = client()
  return {
    ...address,
    client,
    tables: (prefix) => tables(own, prefix),
    async dropTables(prefix): Promise<void> {
      for (const name of await tables(own, prefix)) await dropTable(own, name)
    },
    close(): void {
      for (const created of clients) created.destroy()
    },
  }
}

async function tables(client: DynamoDBClient, prefix: string): Promise<readonly string[]> {
  const names: string[] = []
  for await (const { TableNames = [] } of paginateListTables({ client }, {})) names.push(...TableNames)
  return names.filter((name) => name.startsWith(prefix)).sort()
}

async function dropTable(client: DynamoDBClient, TableName: string): Promise<void> {
  try {
    await client.send(new DeleteTableCommand({ TableName }))
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ValidationException') throw error
    await client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }))
    await client.send(new DeleteTableCommand({ TableName }))
  }
  await waitUntilTableNotExists({ client, minDelay: 1, maxDelay: 1, maxWaitTime: 60 }, { TableName })
}

import { s3Driver } from '@registry/driver-s3'
import { createRegistry, type Policy, type Registry } from '@registry/engine'
import { dynamodbIndex } from '@registry/index-dynamodb'
import { type DynamodbProxy, startDynamodbProxy } from '@registry/services/dynamodb-proxy'
import { type DynamodbTables, dynamodbTables } from '@registry/services/dynamodb-tables'
import { startS3Server } from '@registry/services/s3-server'
import { createServer } from '../../../src/server.js'
import { type Access, accessesOf } from './capacity-units.js'
import { TableModel } from './table-model.js'

/** What something cost, also behind its answer. */
export interface Cost {
  /** To DynamoDB. */
  readonly requests: number
  readonly readUnits: number
  readonly writeUnits: number
  /** Requests to S3 at the price of a PUT: also lists. */
  readonly puts: number
  /** Requests to S3 at the price of a GET. Deletes cost nothing. */
  readonly gets: number
}

/** A registry over HTTP on S3 and DynamoDB that counts what both are asked for. */
export interface CostedRegistry extends AsyncDisposable {
  readonly tables: DynamodbTables
  /** Before DynamoDB. */
  readonly proxy: DynamodbProxy
  /** What the tables have. */
  readonly model: TableModel
  /** What the start of its process cost, on storage and tables that another process had made. */
  readonly start: Spent
  readonly registry: Registry
  /** Sends a request to a path of the server. */
  readonly send: (method: string, path: string, options?: SendOptions) => Promise<Response>
  /** Opens a further process on the same storage. Whoever opens it closes it. */
  open(policy: Partial<Policy>): Promise<Registry>
  /** What `work` cost, with what goes on behind its answers. */
  spentBy(work: () => Promise<unknown>): Promise<Spent>
}

export interface SendOptions {
  readonly headers?: Record<string, string>
  readonly body?: NonNullable<RequestInit['body']>
}

export interface Spent {
  readonly cost: Cost
  readonly accesses: readonly Access[]
}

const day = 24 * 3_600_000

export async function startCostedRegistry(): Promise<CostedRegistry> {
  const [s3, tables] = await Promise.all([startS3Server({ signatures: false }), dynamodbTables()])
  const proxy = await startDynamodbProxy(tables)
  const { endpoint, region, bucket, accessKey, secretKey } = s3
  const open = async (policy: Partial<Policy> = {}): Promise<Registry> => {
    const driver = await s3Driver({ endpoint, region, bucket, accessKey, secretKey, sweep: false })
    const options = { region: tables.region, accessKey: tables.accessKey, secretAccessKey: tables.secretKey, database: tables.database }
    const index = await dynamodbIndex({ ...options, endpoint: proxy.endpoint })
    // Looks at whose the storage is are no part of an operation.
    const unwatched = { ownershipCheckMilliseconds: day, ownershipTrustMilliseconds: 2 * day }
    return createRegistry({ driver, index, policy: { ...unwatched, ...policy } })
  }
  const model = new TableModel()
  /** Every request has to be answered by now. */
  const taken = (): Spent => {
    const requests = proxy.takeRequests()
    const accesses = requests.flatMap((request) => accessesOf(request, model))
    const operations = s3.takeRequests().map(({ operation }) => operation)
    return {
      cost: {
        requests: requests.length,
        readUnits: unitsOf(accesses, 'read'),
        writeUnits: unitsOf(accesses, 'write'),
        puts: operations.filter((operation) => !/^(?:Get|Head|Delete|Abort)/.test(operation)).length,
        gets: operations.filter((operation) => /^(?:Get|Head)/.test(operation)).length,
      },
      accesses,
    }
  }
  const first = await open()
  await first.close()
  taken()
  const registry = await open()
  await registry.settled()
  const start = taken()
  const server = await createServer(registry)
  const { url } = await server.listen({ port: 0 })
  return {
    ...{ tables, proxy, model, start, registry, open },
    send: (method, path, options = {}) => fetch(`${url}${path}`, { method, redirect: 'manual', ...options }),
    async spentBy(work): Promise<Spent> {
      await registry.settled()
      taken()
      await work()
      await registry.settled()
      return taken()
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await server.close({ graceMilliseconds: 100 })
      await registry.close()
      await proxy.close()
      await Promise.all([s3.close(), tables[Symbol.asyncDispose]()])
    },
  }
}

/** The units of one kind of all these. */
export function unitsOf(accesses: readonly Access[], kind: Access['kind']): number {
  return accesses.reduce((sum, access) => sum + (access.kind === kind ? access.units : 0), 0)
}

import type { IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'
import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { ConnectionLost } from '../s3-server/connection.js'

/** An item or a key as it is sent: bytes are text in base64. */
export type Attributes = Readonly<Record<string, AttributeValue>>

/** One operation of a transaction, under its name: `Put`, `Update`, `Delete`, `ConditionCheck` or `Get`. */
export type TransactItem = Readonly<Record<string, { readonly TableName: string; readonly Item?: Attributes; readonly Key?: Attributes }>>

/** A list of writes, or the keys to read. */
export type BatchItems = readonly unknown[] | { readonly Keys: readonly Attributes[] }

/** What a client sent, parsed. */
export interface RequestBody {
  readonly TableName?: string
  readonly TransactItems?: readonly TransactItem[]
  /** By table. */
  readonly RequestItems?: Readonly<Record<string, BatchItems>>
  readonly [member: string]: unknown
}

export interface DynamodbRequest {
  /** Such as `PutItem`. */
  readonly operation: string
  /** Those that it names, each once. */
  readonly tables: readonly string[]
  readonly body: RequestBody
}

/** A request, with the bytes that it came as. */
export interface IncomingRequest extends DynamodbRequest {
  readonly headers: readonly string[]
  readonly bytes: Buffer
}

export async function parseRequest(incoming: IncomingMessage): Promise<IncomingRequest> {
  const bytes = await buffer(incoming).catch((error: unknown) => {
    throw new ConnectionLost('the client went away', { cause: error })
  })
  const body = (bytes.length === 0 ? {} : JSON.parse(bytes.toString())) as RequestBody
  const operation = String(incoming.headers['x-amz-target'] ?? '').replace(/^.*\./, '')
  return { operation, tables: [...new Set(tablesOf(body))], body, headers: incoming.rawHeaders, bytes }
}

function tablesOf({ TableName, TransactItems = [], RequestItems = {} }: RequestBody): readonly string[] {
  const single = TableName === undefined ? [] : [TableName]
  const inTransaction = TransactItems.flatMap((item) => Object.values(item).map((operation) => operation.TableName))
  return [...single, ...inTransaction, ...Object.keys(RequestItems)]
}

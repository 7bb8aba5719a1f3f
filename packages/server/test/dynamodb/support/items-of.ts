import type { Attributes } from '@registry/services/dynamodb-proxy'
import type { DynamodbTables } from '@registry/services/dynamodb-tables'
import { bytesOfItem, type TableTotal } from './table-model.js'

interface ScanAnswer {
  readonly Items: readonly Attributes[]
  readonly LastEvaluatedKey?: Attributes
}

/** How many items a table has, and their bytes, as DynamoDB tells. */
export async function itemsOf({ endpoint, accessKey, region }: DynamodbTables, table: string): Promise<TableTotal> {
  const headers = {
    // DynamoDB Local does not look at signatures.
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKey}/20000101/${region}/dynamodb/aws4_request, SignedHeaders=host, Signature=0`,
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': 'DynamoDB_20120810.Scan',
  }
  let [items, bytes] = [0, 0]
  for (let start: Attributes | undefined, more = true; more; more = start !== undefined) {
    const body = JSON.stringify({ TableName: table, ConsistentRead: true, ...(start && { ExclusiveStartKey: start }) })
    const answer = (await (await fetch(endpoint, { method: 'POST', headers, body })).json()) as ScanAnswer
    items += answer.Items.length
    bytes += answer.Items.reduce((sum, item) => sum + bytesOfItem(item), 0)
    start = answer.LastEvaluatedKey
  }
  return { items, bytes }
}

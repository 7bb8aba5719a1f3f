import { type DynamodbProxy, type DynamodbRequest, type InjectedFault, startDynamodbProxy } from '@registry/services/dynamodb-proxy'
import { onTestFinished } from 'vitest'

/** A way to DynamoDB that shows, and can stop, what a rebuild of the index writes. */
export interface WatchedWay {
  readonly endpoint: string
  /** How often a rebuild was moved on by who goes this way. */
  steps(): number
  /** Keeps the n-th batch of records from DynamoDB until it is released. */
  holdBatch(n: number): InjectedFault
}

export async function watchedWay(dynamodb: string): Promise<WatchedWay> {
  const proxy: DynamodbProxy = await startDynamodbProxy({ endpoint: dynamodb })
  onTestFinished(() => proxy.close())
  return {
    endpoint: proxy.endpoint,
    steps: () => proxy.requests.filter((request) => request.status === 200 && says(request, '"holder":')).length,
    holdBatch: (nth) => proxy.inject({ kind: 'delay', operation: 'TransactWriteItems', matches: (request) => says(request, '"phase":"records"'), nth }),
  }
}

/** Whether a request puts the row that tells how far a rebuild is, and the row says this. */
function says({ body }: DynamodbRequest, part: string): boolean {
  const single = body['Item'] as { readonly [name: string]: { readonly S?: string } } | undefined
  const together = (body.TransactItems ?? []).map(({ Put }) => Put?.Item)
  const item = [single, ...together].find((each) => each?.['partition']?.S === 'system' && each['sort']?.S === 'rebuild')
  return item?.['value']?.S?.includes(part) === true
}

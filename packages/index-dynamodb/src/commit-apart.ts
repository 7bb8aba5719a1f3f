import { BatchWriteItemCommand, type WriteRequest } from '@aws-sdk/client-dynamodb'
import { UnprocessedError } from './failure.js'
import { inBatches } from './in-batches.js'
import { keyOf } from './item.js'
import type { PreparedChange } from './prepared-change.js'
import type { Service } from './service.js'

/** Changes that DynamoDB takes in one request. */
const batchChanges = 25

/** Applies puts and deletes that expect nothing, each for itself: half of what a transaction costs. */
export async function commitApart(service: Service, changes: readonly PreparedChange[], signal: AbortSignal): Promise<void> {
  await inBatches(changes, batchChanges, (batch) => writeBatch(service, batch, signal))
}

async function writeBatch({ client, settings, ask }: Service, batch: readonly PreparedChange[], signal: AbortSignal): Promise<void> {
  for (let left = batch.map(writeRequest); left.length > 0; ) {
    const request = new BatchWriteItemCommand({ RequestItems: { [settings.entryTable]: left } })
    left = await ask({
      operation: 'commit',
      isWrite: true,
      key: batch[0]!.key,
      signal,
      attempt: async (abortSignal) => {
        const { UnprocessedItems: rest } = await client.send(request, { abortSignal })
        const unprocessed = rest?.[settings.entryTable] ?? []
        if (unprocessed.length === left.length) throw new UnprocessedError('it wrote nothing of a batch')
        return unprocessed
      },
    })
  }
}

function writeRequest(change: PreparedChange): WriteRequest {
  return change.op === 'put' ? { PutRequest: { Item: { ...change.item } } } : { DeleteRequest: { Key: keyOf(change.key) } }
}

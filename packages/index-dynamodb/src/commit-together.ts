import { randomUUID } from 'node:crypto'
import { TransactionCanceledException, TransactWriteItemsCommand, type TransactWriteItem } from '@aws-sdk/client-dynamodb'
import { RegistryError } from '@registry/core'
import { conditionOf } from './expectation.js'
import { bytesOf, keyOf } from './item.js'
import { conflict, type PreparedChange, unknownOutcome } from './prepared-change.js'
import type { Service } from './service.js'

/** The most bytes that the items of a transaction have. */
const transactionBytes = 4 * 1024 * 1024

/**
 * Applies all changes or none. Each attempt has the same token, by which DynamoDB recognises for ten minutes what it has
 * applied: sent again it is answered, and not applied again.
 *
 * @throws `LIMIT_EXCEEDED` where its texts, folded, are so much longer that it does not fit
 */
export async function commitTogether({ client, settings, ask }: Service, changes: readonly PreparedChange[], signal: AbortSignal): Promise<void> {
  const bytes = changes.reduce((sum, change) => sum + (change.op === 'put' ? bytesOf(change.item) : 0), 0)
  if (bytes > transactionBytes) {
    const message = `a commit of ${bytes} bytes, its texts folded; the limit is ${transactionBytes}`
    throw new RegistryError('LIMIT_EXCEEDED', message, { driver: 'dynamodb', operation: 'commit' })
  }
  const request = new TransactWriteItemsCommand({
    ClientRequestToken: randomUUID(),
    TransactItems: changes.map((change) => transactItem(settings.entryTable, change)),
  })
  await ask({
    operation: 'commit',
    isWrite: true,
    key: changes[0]!.key,
    signal,
    attempt: async (abortSignal, isRepeated) => {
      try {
        await client.send(request, { abortSignal })
      } catch (error) {
        if (!(error instanceof TransactionCanceledException)) throw error
        const reasons = error.CancellationReasons ?? []
        const failed = changes.find((_, n) => reasons[n]?.Code === 'ConditionalCheckFailed')
        // A revision that has gone never comes back, and nothing that expects it can land any more. Of all else the first attempt still may.
        if (failed) throw isRepeated && typeof failed.expect !== 'object' ? unknownOutcome(failed) : conflict(failed.key)
        throw error
      }
    },
  })
}

function transactItem(TableName: string, change: PreparedChange): TransactWriteItem {
  const condition = { TableName, ...conditionOf(change.expect) }
  switch (change.op) {
    case 'put':
      return { Put: { ...condition, Item: { ...change.item } } }
    case 'delete':
      return { Delete: { ...condition, Key: keyOf(change.key) } }
    case 'check':
      return { ConditionCheck: { ...condition, ConditionExpression: condition.ConditionExpression, Key: keyOf(change.key) } }
  }
}

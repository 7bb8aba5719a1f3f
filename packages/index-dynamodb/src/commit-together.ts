import { randomUUID } from 'node:crypto'
import { TransactionCanceledException, TransactWriteItemsCommand, type TransactWriteItem } from '@aws-sdk/client-dynamodb'
import { conditionOf } from './expectation.js'
import { keyOf } from './item.js'
import { conflict, isOurs, type PreparedChange } from './prepared-change.js'
import type { Service } from './service.js'

/**
 * Applies all changes or none. Each attempt has the same token, by which DynamoDB recognises for ten minutes what it has
 * applied: sent again it is answered, and not applied again.
 */
export async function commitTogether({ client, settings, ask }: Service, changes: readonly PreparedChange[], signal: AbortSignal): Promise<void> {
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
        if (isRepeated && changes.some((change, n) => isOurs(change, reasons[n]?.Item))) return
        const failed = changes.find((_, n) => reasons[n]?.Code === 'ConditionalCheckFailed')
        if (failed) throw conflict(failed.key)
        throw error
      }
    },
  })
}

function transactItem(TableName: string, change: PreparedChange): TransactWriteItem {
  const condition = {
    TableName,
    ...conditionOf(change.expect),
    ...(change.expect === undefined ? {} : { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const }),
  }
  switch (change.op) {
    case 'put':
      return { Put: { ...condition, Item: { ...change.item } } }
    case 'delete':
      return { Delete: { ...condition, Key: keyOf(change.key) } }
    case 'check':
      return { ConditionCheck: { ...condition, ConditionExpression: condition.ConditionExpression, Key: keyOf(change.key) } }
  }
}

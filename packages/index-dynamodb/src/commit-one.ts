import { ConditionalCheckFailedException, DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { type CheckChange, type DeleteChange, isAsExpected } from '@registry/core'
import { commitTogether } from './commit-together.js'
import { conditionOf } from './expectation.js'
import { getEntry } from './get-entries.js'
import { keyOf } from './item.js'
import { conflict, isOurs, type PreparedChange, type PreparedPut, unknownOutcome } from './prepared-change.js'
import type { Service } from './service.js'

/** Applies one change by the request that costs least: half of what a transaction does. */
export async function commitOne(service: Service, change: PreparedChange, signal: AbortSignal): Promise<void> {
  switch (change.op) {
    case 'put':
      await put(service, change, signal)
      return
    case 'check':
      await check(service, change, signal)
      return
    case 'delete':
      // A delete leaves nothing by which it could be recognised, should its answer be lost: a transaction has a token.
      await (change.expect === undefined ? deleteAnyway(service, change, signal) : commitTogether(service, [change], signal))
  }
}

async function put({ client, settings, ask }: Service, change: PreparedPut, signal: AbortSignal): Promise<void> {
  const request = new PutItemCommand({
    TableName: settings.entryTable,
    Item: { ...change.item },
    ...conditionOf(change.expect),
    ...(change.expect === undefined ? {} : { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
  })
  await ask({
    operation: 'commit',
    isWrite: true,
    key: change.key,
    signal,
    attempt: async (abortSignal, isRepeated) => {
      try {
        await client.send(request, { abortSignal })
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error
        if (!isRepeated) throw conflict(change.key)
        if (!isOurs(change, error.Item)) throw unknownOutcome(change)
      }
    },
  })
}

async function deleteAnyway({ client, settings, ask }: Service, { key }: DeleteChange, signal: AbortSignal): Promise<void> {
  const request = new DeleteItemCommand({ TableName: settings.entryTable, Key: keyOf(key) })
  await ask({ operation: 'commit', isWrite: true, key, signal, attempt: (abortSignal) => client.send(request, { abortSignal }) })
}

async function check(service: Service, { key, expect }: CheckChange, signal: AbortSignal): Promise<void> {
  if (!isAsExpected(expect, await getEntry(service, key, signal))) throw conflict(key)
}

import type { FaultEffect } from '@registry/services/dynamodb-proxy'
import { describeWithDynamodb } from '@registry/services/describe-with-dynamodb'
import { describe, expect, it } from 'vitest'
import { apart, calls, type Call } from './calls.js'
import { otherIndex, startIndex } from './through-proxy.js'

const timeouts = { requestTimeout: 2000, retryTimeout: 20_000 }

const throttles = ['ProvisionedThroughputExceededException', 'ThrottlingException', 'RequestLimitExceeded'] as const

const effects: readonly (readonly [string, FaultEffect, number])[] = [
  ['a reset', { kind: 'reset' }, 2],
  ['a lost answer', { kind: 'lost-answer' }, 1],
  ['two lost answers', { kind: 'lost-answer' }, 2],
  ['a cut answer', { kind: 'cut-answer' }, 1],
  ['an answer that ends behind its headers', { kind: 'cut-answer', after: 0 }, 1],
  ['an internal error', { kind: 'error', code: 'InternalServerError' }, 2],
  ['an internal error behind the work', { kind: 'error', code: 'InternalServerError', applied: true }, 1],
  ['an overload', { kind: 'error', code: 'ServiceUnavailable' }, 2],
  ...throttles.map((code) => [code, { kind: 'error', code } as const, 3] as const),
  ['a page of a proxy', { kind: 'not-json', status: 502 }, 1],
  ['a page that says that all is well', { kind: 'not-json', status: 200 }, 1],
  ['another transaction', { kind: 'conflict' }, 3],
  ['a transaction that is slowed down', { kind: 'conflict', reason: 'ThrottlingError' }, 1],
  ['a transaction without capacity', { kind: 'conflict', reason: 'ProvisionedThroughputExceeded' }, 1],
  ['a batch of which nothing is done', { kind: 'partial-batch', done: 0 }, 2],
  ['a batch of which half is done', { kind: 'partial-batch' }, 3],
]

/** Whether this can happen to such a request. */
function canHappen({ operation }: Call, { kind }: FaultEffect): boolean {
  if (kind === 'partial-batch') return operation.startsWith('Batch')
  return kind !== 'conflict' || ['PutItem', 'DeleteItem', 'TransactWriteItems'].includes(operation)
}

describeWithDynamodb('what fails in passing', () => {
  describe.each(calls.map((call) => [call.name, call] as const))('is tried again: %s', (_, call) => {
    it.each(effects.filter(([, effect]) => canHappen(call, effect)))('behind %s', async (_, effect, times) => {
      const { proxy, index } = await startIndex(timeouts)
      const prepared = await call.prepare(index)
      const fault = proxy.inject({ ...effect, operation: call.operation, times })
      const answer = await prepared.run(index)
      expect(fault.struck).toBe(times)
      await prepared.expectDone(await otherIndex(), answer)
    })

    it('behind no answer at all', async () => {
      const { proxy, index } = await startIndex({ ...timeouts, requestTimeout: 500 })
      const prepared = await call.prepare(await otherIndex())
      const fault = proxy.inject({ kind: 'hang', operation: call.operation })
      const answer = await prepared.run(index)
      expect(fault.struck).toBe(1)
      await prepared.expectDone(await otherIndex(), answer)
    })
  })

  it('is tried again: a transaction that is still at work', async () => {
    const { proxy, index } = await startIndex(timeouts)
    const together = calls.find(({ name }) => name === 'several changes')!
    const prepared = await together.prepare(index)
    proxy.inject({ kind: 'lost-answer', operation: together.operation })
    const busy = proxy.inject({ kind: 'error', code: 'TransactionInProgressException', operation: together.operation, nth: 2, times: 2 })
    const answer = await prepared.run(index)
    expect(busy.struck).toBe(2)
    await prepared.expectDone(await otherIndex(), answer)
  })

  it('sends what a batch left undone, and nothing else again', async () => {
    const { proxy, index } = await startIndex(timeouts)
    const prepared = await apart.prepare(index)
    proxy.takeRequests()
    proxy.inject({ kind: 'partial-batch', done: 20, operation: 'BatchWriteItem', matches: ({ body }) => sizeOf(body.RequestItems) === 25, times: 2 })
    const answer = await prepared.run(index)
    expect(proxy.takeRequests().map(({ body }) => sizeOf(body.RequestItems)).sort((a, b) => b - a)).toEqual([25, 25, 10, 5, 5])
    await prepared.expectDone(await otherIndex(), answer)
  })
})

function sizeOf(batch: object = {}): number {
  return Object.values(batch).reduce<number>((sum, list: unknown) => sum + (Array.isArray(list) ? list.length : 0), 0)
}

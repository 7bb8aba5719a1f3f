import type { ErrorCode } from '@registry/core'
import type { FaultEffect } from '@registry/services/dynamodb-proxy'
import { describeWithDynamodb } from '@registry/services/describe-with-dynamodb'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { apart, calls, puts, together, writes } from './calls.js'
import { freshKey, freshKeys, otherIndex, rejection, startIndex } from './through-proxy.js'

const always = 1_000_000
const timeouts = { retryTimeout: 60 }

/** Behind these nobody knows whether a write has happened. */
const losses: readonly (readonly [string, FaultEffect])[] = [
  ['connections are reset', { kind: 'reset' }],
  ['answers are lost', { kind: 'lost-answer' }],
  ['answers are cut', { kind: 'cut-answer' }],
  ['the service is broken', { kind: 'error', code: 'InternalServerError' }],
  ['the service is overloaded', { kind: 'error', code: 'ServiceUnavailable' }],
  ['a proxy answers', { kind: 'not-json', status: 502 }],
  ['another server answers', { kind: 'not-json', status: 200 }],
]

/** Behind these nothing has happened. */
const refusals: readonly (readonly [string, FaultEffect])[] = [
  ['the table has no capacity', { kind: 'error', code: 'ProvisionedThroughputExceededException' }],
  ['it is to slow down', { kind: 'error', code: 'ThrottlingException' }],
  ['the account is to slow down', { kind: 'error', code: 'RequestLimitExceeded' }],
]

describeWithDynamodb('what goes on failing', () => {
  describe.each(calls.map((call) => [call.name, call] as const))('is UNAVAILABLE: %s', (_, call) => {
    const outcome = call.isWrite ? 'unknown' : undefined

    it.each(losses)('where %s, and says of a write that nobody knows what it did', async (_, effect) => {
      const { proxy, index } = await startIndex(timeouts)
      const prepared = await call.prepare(await otherIndex())
      const fault = proxy.inject({ ...effect, times: always })
      expect(await rejection(prepared.run(index))).toMatchObject({ code: 'UNAVAILABLE', driver: 'dynamodb', retryable: true, outcome })
      expect(fault.struck).toBeGreaterThan(0)
    })

    it.each(refusals)('where %s, and nothing has changed', async (_, effect) => {
      const { proxy, index } = await startIndex(timeouts)
      const other = await otherIndex()
      const prepared = await call.prepare(other)
      const before = await other.get(prepared.keys)
      const fault = proxy.inject({ ...effect, times: always })
      expect(await rejection(prepared.run(index))).toMatchObject({ code: 'UNAVAILABLE', retryable: true, outcome: undefined })
      expect(fault.struck).toBeGreaterThan(0)
      expect(await other.get(prepared.keys)).toEqual(before)
    })

    it('where nobody answers', async () => {
      const { proxy, index } = await startIndex({ requestTimeout: 500, retryTimeout: 600 })
      const prepared = await call.prepare(await otherIndex())
      proxy.inject({ kind: 'hang', times: always })
      const message = expect.stringContaining('did not answer in time') as string
      expect(await rejection(prepared.run(index))).toMatchObject({ code: 'UNAVAILABLE', outcome, message })
    })

    it('where nobody listens any more: nothing has changed', async () => {
      const { proxy, index } = await startIndex(timeouts)
      const prepared = await call.prepare(await otherIndex())
      await proxy.close()
      // What was open breaks, which tells nothing; from then on connections are refused.
      await rejection(index.get(prepared.keys))
      const message = expect.stringContaining('ECONNREFUSED') as string
      expect(await rejection(prepared.run(index))).toMatchObject({ code: 'UNAVAILABLE', outcome: undefined, message })
    })
  })

  it.each(writes.filter(({ name }) => name !== apart.name).map((call) => [call.name, call] as const))(
    'is CONFLICT and names the entry, where other transactions are in the way of %s',
    async (_, call) => {
      const { proxy, index } = await startIndex(timeouts)
      const other = await otherIndex()
      const prepared = await call.prepare(other)
      const before = await other.get(prepared.keys)
      const fault = proxy.inject({ kind: 'conflict', times: always })
      const { code, outcome, key } = await rejection(prepared.run(index))
      expect([code, outcome]).toEqual(['CONFLICT', undefined])
      expect(prepared.keys).toContainEqual(key)
      expect(fault.struck).toBeGreaterThan(0)
      expect(await other.get(prepared.keys)).toEqual(before)
    },
  )

  it('is CONFLICT and names an entry, where other transactions are in the way of changes that need not go together', async () => {
    const { proxy, index } = await startIndex(timeouts)
    const prepared = await apart.prepare(await otherIndex())
    proxy.inject({ kind: 'error', code: 'TransactionConflictException', times: always })
    const { code, key } = await rejection(prepared.run(index))
    expect(code).toBe('CONFLICT')
    expect(prepared.keys).toContainEqual(key)
  })

  it.each<[string, ErrorCode, FaultEffect]>([
    ['slowed down', 'UNAVAILABLE', { kind: 'conflict', reason: 'ThrottlingError' }],
    ['without capacity', 'UNAVAILABLE', { kind: 'conflict', reason: 'ProvisionedThroughputExceeded' }],
    ['still at work', 'CONFLICT', { kind: 'error', code: 'TransactionInProgressException' }],
  ])('is no unknown outcome, where a transaction is %s', async (_, expected, effect) => {
    const { proxy, index } = await startIndex(timeouts)
    const prepared = await together.prepare(await otherIndex())
    proxy.inject({ ...effect, times: always })
    expect(await rejection(prepared.run(index))).toMatchObject({ code: expected, outcome: undefined })
  })

  it('is an unknown outcome, where an answer was lost and everything behind it was slowed down', async () => {
    for (const call of [puts[3]!, together, apart]) {
      const { proxy, index } = await startIndex(timeouts)
      const prepared = await call.prepare(await otherIndex())
      proxy.inject({ kind: 'lost-answer', operation: call.operation })
      proxy.inject({ kind: 'error', code: 'ThrottlingException', operation: call.operation, nth: 2, times: always })
      expect(await rejection(prepared.run(index))).toMatchObject({ code: 'UNAVAILABLE', outcome: 'unknown' })
    }
  })

  it.each(calls.filter(({ operation }) => operation.startsWith('Batch')).map((call) => [call.name, call] as const))(
    'is UNAVAILABLE, where nothing of a batch is done: %s',
    async (_, call) => {
      const { proxy, index } = await startIndex(timeouts)
      const prepared = await call.prepare(await otherIndex())
      const fault = proxy.inject({ kind: 'partial-batch', done: 0, times: always })
      expect(await rejection(prepared.run(index))).toMatchObject({ code: 'UNAVAILABLE', outcome: undefined })
      expect(fault.struck).toBeGreaterThan(0)
    },
  )

  it('leaves the batches that follow unsent', async () => {
    const { proxy, index } = await startIndex(timeouts)
    proxy.inject({ kind: 'error', code: 'AccessDeniedException', times: always })
    await rejection(index.get(freshKeys(2000)))
    expect(proxy.requests.length).toBeLessThanOrEqual(4)
  })
})

describeWithDynamodb('what is refused', () => {
  it.each([
    ['AccessDeniedException', 'ACCESS_DENIED', 'the credentials do not allow it'],
    ['UnrecognizedClientException', 'ACCESS_DENIED', 'does not know the access key'],
    ['ExpiredTokenException', 'ACCESS_DENIED', 'have expired'],
    ['ResourceNotFoundException', 'UNAVAILABLE', 'the table is not there any more: start again'],
  ] as const)('is not sent again: %s', async (code, expected, message) => {
    const { proxy, index } = await startIndex()
    for (const call of calls) {
      const prepared = await call.prepare(await otherIndex())
      const fault = proxy.inject({ kind: 'error', code, operation: call.operation, times: always })
      proxy.takeRequests()
      const error = await rejection(prepared.run(index))
      expect([call.name, error.code, error.outcome, error.message]).toEqual([call.name, expected, undefined, expect.stringContaining(message)])
      const requests = proxy.takeRequests()
      const sent = requests.map(({ operation, body }) => JSON.stringify([operation, body]))
      expect([call.name, new Set(sent).size]).toEqual([call.name, sent.length])
      fault.remove()
    }
  })
})

describeWithDynamodb('pauses', () => {
  it('grow with each attempt', async () => {
    const { proxy, index } = await startIndex({ retryTimeout: 2000 })
    const fault = proxy.inject({ kind: 'error', code: 'ThrottlingException', times: always })
    await rejection(index.get([freshKey()]))
    // Without pauses there would be hundreds, and with pauses that do not grow more than a hundred.
    expect(fault.struck).toBeGreaterThan(3)
    expect(fault.struck).toBeLessThan(60)
  })

  it('are random', async () => {
    const { proxy, index } = await startIndex({ retryTimeout: 10_000 })
    const random = vi.spyOn(Math, 'random').mockReturnValue(0)
    onTestFinished(() => {
      random.mockRestore()
    })
    // Pauses of half their greatest length would take most of a minute.
    const fault = proxy.inject({ kind: 'error', code: 'ThrottlingException', times: 100 })
    expect(await index.get([freshKey()])).toEqual([undefined])
    expect(fault.struck).toBe(100)
  })

  it('are none where retryTimeout is 0', async () => {
    const { proxy, index } = await startIndex({ retryTimeout: 0 })
    proxy.inject({ kind: 'error', code: 'ThrottlingException', times: always })
    await rejection(index.get([freshKey()]))
    expect(proxy.counts()).toEqual({ GetItem: 1 })
  })
})

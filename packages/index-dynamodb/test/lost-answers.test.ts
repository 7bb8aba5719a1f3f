import type { Change, EntryKey, Index } from '@registry/core'
import { describeWithDynamodb } from '@registry/services/describe-with-dynamodb'
import type { DynamodbProxy } from '@registry/services/dynamodb-proxy'
import { describe, expect, it } from 'vitest'
import { apart, puts, type Call, deletes, together, valuesOf, writes } from './calls.js'
import { freshKey, freshKeys, otherIndex, rejection, startIndex } from './through-proxy.js'

/** Runs a call whose first request is done or not, its answer lost, while somebody else works before the second. */
async function betweenAttempts({ proxy, operation, kind, run, between }: {
  readonly proxy: DynamodbProxy
  readonly operation: string
  readonly kind: 'lost-answer' | 'reset'
  readonly run: () => Promise<unknown>
  readonly between: () => Promise<unknown>
}): Promise<unknown> {
  proxy.inject({ kind, operation })
  const held = proxy.inject({ kind: 'delay', operation, nth: 2 })
  const running = run().catch((error: unknown) => error)
  await expect.poll(() => held.struck).toBe(1)
  await between()
  await held.release()
  return running
}

const changes: readonly (readonly [string, (other: Index, keys: readonly EntryKey[]) => Promise<unknown>])[] = [
  ['has changed it', (other, keys) => other.commit(keys.map((key) => ({ op: 'put', key, value: 'theirs' })))],
  ['has deleted it', (other, keys) => other.commit(keys.map((key) => ({ op: 'delete', key })))],
]

const putRevision = puts[3]!
const putAbsent = puts[1]!

describeWithDynamodb('a commit whose answer was lost', () => {
  it.each(writes.map((call) => [call.name, call] as const))('is recognised behind every kind of fault: %s', async (_, call) => {
    const { proxy, index } = await startIndex({ requestTimeout: 2000, retryTimeout: 20_000 })
    const prepared = await call.prepare(await otherIndex())
    proxy.inject({ kind: 'lost-answer', operation: call.operation })
    proxy.inject({ kind: 'error', code: 'ThrottlingException', operation: call.operation, nth: 2 })
    proxy.inject({ kind: 'error', code: 'InternalServerError', operation: call.operation, nth: 3 })
    proxy.inject({ kind: 'reset', operation: call.operation, nth: 4 })
    await prepared.expectDone(await otherIndex(), await prepared.run(index))
  })

  describe.each(changes)('where somebody else %s since', (_, change) => {
    it('is UNAVAILABLE and unknown, where it was one put of a revision', async () => {
      const { proxy, index } = await startIndex()
      const other = await otherIndex()
      const prepared = await putRevision.prepare(other)
      const between = async (): Promise<unknown> => change(other, prepared.keys)
      const error = await betweenAttempts({ proxy, operation: 'PutItem', kind: 'lost-answer', run: () => prepared.run(index), between })
      expect(error).toMatchObject({ code: 'UNAVAILABLE', outcome: 'unknown', key: prepared.keys[0] })
      expect(await valuesOf(other, prepared.keys)).not.toContain('after')
    })

    it.each([deletes[2]!, together].map((call: Call) => [call.name, call] as const))('has succeeded, and is not done again: %s', async (_, call) => {
      const { proxy, index } = await startIndex()
      const other = await otherIndex()
      const prepared = await call.prepare(other)
      let theirs: unknown
      const between = async (): Promise<void> => {
        await change(other, prepared.keys)
        theirs = await other.get(prepared.keys)
      }
      const answer = await betweenAttempts({ proxy, operation: call.operation, kind: 'lost-answer', run: () => prepared.run(index), between })
      expect(Array.isArray(answer)).toBe(true)
      expect(await other.get(prepared.keys)).toEqual(theirs)
    })
  })

  it('is UNAVAILABLE and unknown, where it was one put of what was absent, and somebody else has changed it since', async () => {
    const { proxy, index } = await startIndex()
    const other = await otherIndex()
    const prepared = await putAbsent.prepare(other)
    const between = async (): Promise<unknown> => changes[0]![1](other, prepared.keys)
    const error = await betweenAttempts({ proxy, operation: 'PutItem', kind: 'lost-answer', run: () => prepared.run(index), between })
    expect(error).toMatchObject({ code: 'UNAVAILABLE', outcome: 'unknown', key: prepared.keys[0] })
    expect(await valuesOf(other, prepared.keys)).toEqual(['theirs'])
  })

  it('has the revisions that it answers, where batches are done again', async () => {
    const { proxy, index } = await startIndex()
    const other = await otherIndex()
    const prepared = await apart.prepare(other)
    proxy.inject({ kind: 'lost-answer', operation: 'BatchWriteItem', times: 2 })
    const answer = (await prepared.run(index)) as readonly (string | undefined)[]
    const revisions = (await other.get(prepared.keys)).map((entry) => entry?.revision)
    expect(revisions).toEqual(answer)
  })
})

describeWithDynamodb('a request that comes late, when it was sent again and answered', () => {
  it.each([puts[1]!, puts[3]!, deletes[2]!, together].map((call) => [call.name, call] as const))('does nothing any more: %s', async (_, call) => {
    const { proxy, index } = await startIndex()
    const other = await otherIndex()
    const prepared = await call.prepare(other)
    const late = proxy.inject({ kind: 'late', operation: call.operation })
    await prepared.expectDone(other, await prepared.run(index))
    await changes[0]![1](other, prepared.keys)
    const theirs = await other.get(prepared.keys)
    await late.release()
    expect(await other.get(prepared.keys)).toEqual(theirs)
  })
})

describeWithDynamodb('a commit that was lost on its way there', () => {
  it('is UNAVAILABLE and unknown, where it was one put, and what it expects does not hold any more', async () => {
    for (const call of [putAbsent, putRevision]) {
      const { proxy, index } = await startIndex()
      const other = await otherIndex()
      const prepared = await call.prepare(other)
      const between = async (): Promise<unknown> => changes[0]![1](other, prepared.keys)
      const error = await betweenAttempts({ proxy, operation: 'PutItem', kind: 'reset', run: () => prepared.run(index), between })
      expect(error).toMatchObject({ code: 'UNAVAILABLE', outcome: 'unknown' })
    }
  })

  it('is CONFLICT and names the entry, where it was a transaction, which DynamoDB would have recognised', async () => {
    const { proxy, index } = await startIndex()
    const other = await otherIndex()
    const prepared = await together.prepare(other)
    const between = async (): Promise<unknown> => changes[0]![1](other, [prepared.keys[1]!])
    const error = await betweenAttempts({ proxy, operation: 'TransactWriteItems', kind: 'reset', run: () => prepared.run(index), between })
    expect(error).toMatchObject({ code: 'CONFLICT', key: prepared.keys[1] })
  })
})

describeWithDynamodb('a conflict', () => {
  it.each([
    ['a put', (key, expect) => [{ op: 'put', key, value: 1, expect }]],
    ['a delete', (key, expect) => [{ op: 'delete', key, expect }]],
    ['a check', (key, expect) => [{ op: 'check', key, expect }]],
    ['several', (key, expect) => [{ op: 'put', key: freshKey(), value: 1 }, { op: 'put', key, value: 1, expect }]],
  ] satisfies readonly (readonly [string, (key: EntryKey, expect: 'present') => readonly Change[]])[])(
    'is one also behind throttling, and names the entry: %s',
    async (_, changesOf) => {
      const { proxy, index } = await startIndex()
      const key = freshKey()
      const throttled = proxy.inject({ kind: 'error', code: 'ThrottlingException', times: 2 })
      expect(await rejection(index.commit(changesOf(key, 'present')))).toMatchObject({ code: 'CONFLICT', key, outcome: undefined })
      expect(throttled.struck).toBe(2)
    },
  )

  it('names the first of several entries that are not as expected', async () => {
    const { index } = await startIndex()
    const [first, second, third] = freshKeys(3) as [EntryKey, EntryKey, EntryKey]
    const commit = index.commit([
      { op: 'put', key: first, value: 1, expect: 'absent' },
      { op: 'delete', key: second, expect: 'present' },
      { op: 'check', key: third, expect: 'present' },
    ])
    expect(await rejection(commit)).toMatchObject({ code: 'CONFLICT', key: second })
  })
})

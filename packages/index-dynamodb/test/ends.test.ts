import { describeWithDynamodb } from '@registry/services/describe-with-dynamodb'
import { describe, expect, it } from 'vitest'
import { calls, writes } from './calls.js'
import { freshKey, otherIndex, rejection, startIndex } from './through-proxy.js'

const always = 1_000_000

const states = [
  ['while nobody answers', { kind: 'hang' }],
  ['while it waits to be sent again', { kind: 'error', code: 'ThrottlingException' }],
] as const

/** So long that a test which waited for them would fail. */
const timeouts = { requestTimeout: 120_000, retryTimeout: 120_000 }

describeWithDynamodb('a call under way', () => {
  describe.each(calls.map((call) => [call.name, call] as const))('%s', (_, call) => {
    it.each(states)('rejects with the reason of its signal, %s', async (_, effect) => {
      const { proxy, index } = await startIndex(timeouts)
      const prepared = await call.prepare(await otherIndex())
      const fault = proxy.inject({ ...effect, times: always })
      const controller = new AbortController()
      const reason = { enough: true }
      const running = prepared.run(index, controller.signal).then(() => 'it resolved', (error: unknown) => error)
      await expect.poll(() => fault.struck).toBeGreaterThan(0)
      controller.abort(reason)
      expect(await running).toBe(reason)
      const sent = proxy.requests.length
      // What was still on its way would have come before this.
      await index.close()
      expect(proxy.requests.length).toBe(sent)
    })

    it.each(states)('is CLOSED by a close, %s, and nothing is sent behind it', async (_, effect) => {
      const { proxy, index } = await startIndex(timeouts)
      const prepared = await call.prepare(await otherIndex())
      const fault = proxy.inject({ ...effect, times: always })
      const running = rejection(prepared.run(index))
      await expect.poll(() => fault.struck).toBeGreaterThan(0)
      await index.close()
      const sent = proxy.requests.length
      const isCommit = call.name === 'a check' || call.isWrite
      expect(await running).toMatchObject({ code: 'CLOSED', outcome: isCommit ? 'unknown' : undefined })
      expect((await rejection(prepared.run(index))).code).toBe('CLOSED')
      expect(proxy.requests.length).toBe(sent)
    })
  })

  it.each(writes.map((call) => [call.name, call] as const))('is done wholly or not at all, where it is aborted while it is at work: %s', async (_, call) => {
    const { proxy, index } = await startIndex(timeouts)
    const other = await otherIndex()
    const prepared = await call.prepare(other)
    const before = await other.get(prepared.keys)
    const held = proxy.inject({ kind: 'delay', operation: call.operation, times: always })
    const controller = new AbortController()
    const running = prepared.run(index, controller.signal).catch((error: unknown) => error)
    await expect.poll(() => held.struck).toBeGreaterThan(0)
    controller.abort('enough')
    expect(await running).toBe('enough')
    expect(await other.get(prepared.keys)).toEqual(before)
    await held.release()
    expect(await other.get(prepared.keys)).not.toEqual(before)
  })
})

describeWithDynamodb('a call that is aborted before it begins', () => {
  it('sends nothing', async () => {
    const { proxy, index } = await startIndex()
    const signal = AbortSignal.abort('enough')
    const key = freshKey()
    const calls = [index.get([key], { signal }), index.scan(key.partition, { signal }), index.commit([{ op: 'delete', key }], { signal })]
    expect(await Promise.allSettled(calls)).toEqual(calls.map(() => ({ status: 'rejected', reason: 'enough' })))
    expect(proxy.requests).toEqual([])
  })
})

describeWithDynamodb('an index that was closed', () => {
  it('may be closed again, and its tables are there for the next', async () => {
    const { index } = await startIndex()
    const key = freshKey()
    await index.commit([{ op: 'put', key, value: 1 }])
    await Promise.all([index.close(), index.close()])
    await index.close()
    expect((await (await otherIndex()).get([key]))[0]?.value).toBe(1)
  })
})

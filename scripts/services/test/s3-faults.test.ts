import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { DeleteObjectCommand, GetObjectCommand } from '@aws-sdk/client-s3'
import { describe, expect, it } from 'vitest'
import type { Fault } from '../src/s3-server/faults.js'
import { createUpload, uploadPart, complete } from './support/uploads.js'
import { start, Bucket, mebibyte, put, get, expectBytes } from './support/start.js'

describe('faults', () => {
  const large = randomBytes(4 * mebibyte)

  it.each(['SlowDown', 'ServiceUnavailable', 'InternalError'] as const)('answer %s, and nothing is done', async (code) => {
    const { client, server } = await start()
    const fault = server.inject({ kind: 'error', code, operation: 'PutObject', nth: 2, times: 2 })
    await put(client, '1')
    await expect(put(client, '2', large)).rejects.toMatchObject({ name: code })
    await expect(put(client, '3')).rejects.toMatchObject({ name: code })
    await put(client, '4')
    expect(server.objects().map(({ key }) => key)).toEqual(['1', '4'])
    expect(fault.struck).toBe(2)
  })

  it('are ended, and choose their requests', async () => {
    const { client, server } = await start()
    const fault = server.inject({ kind: 'error', code: 'SlowDown', times: Infinity, matches: ({ key }) => key === 'a' })
    await put(client, 'b')
    await expect(put(client, 'a')).rejects.toMatchObject({ name: 'SlowDown' })
    fault.remove()
    await put(client, 'a')
  })

  it('are overcome by the retries of a client', async () => {
    const { client, server } = await start({}, { maxAttempts: 3 })
    server.inject({ kind: 'error', code: 'SlowDown' })
    server.inject({ kind: 'reset-request', nth: 2 })
    await put(client, 'k', large)
    expectBytes(await get(client, 'k'), large)
    expect(server.counts()).toEqual({ PutObject: 3, GetObject: 1 })
  })

  it('answer success with an error in it', async () => {
    const { client, server } = await start()
    const id = await createUpload(client, 'k')
    const part = await uploadPart(client, 'k', id, 1, Buffer.alloc(1))
    server.inject({ kind: 'error-in-success', code: 'InternalError', operation: 'CompleteMultipartUpload' })
    await expect(complete(client, 'k', id, [part])).rejects.toMatchObject({ name: 'InternalError' })
    expect([server.objects(), server.uploads().length]).toEqual([[], 1])
  })

  it.each([
    ['in the middle of a request', large],
    ['of a request without a body', ''],
  ])('reset the connection %s, and nothing is done', async (_, body) => {
    const { client, server } = await start()
    server.inject({ kind: 'reset-request' })
    await expect(put(client, 'k', body)).rejects.toMatchObject({ code: expect.stringMatching(/ECONNRESET|EPIPE/) as string })
    expect(server.objects()).toEqual([])
    expect(server.requests).toMatchObject([{ operation: 'PutObject', key: 'k' }])
    await put(client, 'k', body)
  })

  it('reset the connection in the middle of an answer', async () => {
    const { client, server } = await start()
    await put(client, 'k', large)
    server.inject({ kind: 'reset-response', operation: 'GetObject' })
    server.inject({ kind: 'reset-response', operation: 'GetObject', nth: 2, after: 0 })
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: 'k' }))
    let received = 0
    const read = async (): Promise<void> => {
      for await (const bytes of Body as AsyncIterable<Buffer>) received += bytes.length
    }
    await expect(read()).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(received).toBeGreaterThan(0)
    expect(received).toBeLessThanOrEqual(large.length / 2)
    await expect(get(client, 'k')).rejects.toMatchObject({ code: 'ECONNRESET' })
    expectBytes(await get(client, 'k'), large)
  })

  it.each(['lost-answer', 'reset-response'] as const)('lose the answer to what is done: %s', async (kind) => {
    const { client, server } = await start()
    const fault: Fault = { kind }
    server.inject({ ...fault, operation: 'PutObject' })
    server.inject({ ...fault, operation: 'DeleteObject' })
    await expect(put(client, 'k')).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(server.objects()).toEqual([{ key: 'k', size: 7 }])
    await expect(client.send(new DeleteObjectCommand({ Bucket, Key: 'k' }))).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(server.objects()).toEqual([])
  })

  it('make bytes slow', async () => {
    const { client, server } = await start()
    server.inject({ kind: 'slow', milliseconds: 20, bytes: mebibyte, operation: 'GetObject' })
    await put(client, 'k', large)
    const began = performance.now()
    expectBytes(await get(client, 'k'), large)
    expect(performance.now() - began).toBeGreaterThan(4 * 20)
  })

  it('never answer', async () => {
    const { client, server } = await start()
    server.inject({ kind: 'hang' })
    const answered = put(client, 'k').then(
      () => 'done',
      () => 'refused',
    )
    await expect.poll(() => server.requests).toMatchObject([{ operation: 'PutObject' }])
    expect(await Promise.race([answered, sleep(100, 'waiting')])).toBe('waiting')
    await server.close()
    expect(await answered).toBe('refused')
    expect(server.objects()).toEqual([])
  })
})

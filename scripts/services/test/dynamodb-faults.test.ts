import { setTimeout as sleep } from 'node:timers/promises'
import { BatchGetItemCommand, BatchWriteItemCommand, GetItemCommand, PutItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb'
import { expect, it } from 'vitest'
import type { ErrorCode } from '../src/dynamodb-proxy/start-dynamodb-proxy.js'
import { describeWithDynamodb } from '../src/dynamodb.js'
import { startBehindProxy } from './support/start-dynamodb.js'

const lost = { code: 'ECONNRESET' }

/** What has come of it after a moment. */
async function stateOf(promise: Promise<unknown>): Promise<'done' | 'failed' | 'waiting'> {
  const settled = promise.then(
    () => 'done' as const,
    () => 'failed' as const,
  )
  return Promise.race([settled, sleep(200, 'waiting' as const)])
}

describeWithDynamodb('a fault of the proxy', () => {
  it.each([
    ['reset', lost, false],
    ['lost-answer', lost, true],
    ['cut-answer', lost, true],
  ] as const)('%s: the connection is gone, and the write is done only where it was forwarded', async (kind, error, isDone) => {
    const { proxy, put, there } = await startBehindProxy()
    proxy.inject({ kind })
    await expect(put('a')).rejects.toMatchObject(error)
    expect(await there('a')).toEqual(isDone ? ['a'] : [])
    await put('b')
  })

  it('cut-answer: the status and a part of the body arrive', async () => {
    const { proxy } = await startBehindProxy()
    proxy.inject({ kind: 'cut-answer', after: 3 })
    const response = await fetch(proxy.endpoint, { method: 'POST', headers: { 'x-amz-target': 'DynamoDB_20120810.ListTables' }, body: '{}' })
    expect(response.status).toBe(400)
    const received: Uint8Array[] = []
    const read = async (): Promise<void> => {
      for await (const bytes of response.body!) received.push(bytes as Uint8Array)
    }
    await expect(read()).rejects.toThrow('terminated')
    expect(Buffer.concat(received)).toHaveLength(3)
  })

  it('hang: no answer comes until the proxy is closed', async () => {
    const { proxy, put, there } = await startBehindProxy()
    proxy.inject({ kind: 'hang' })
    const hanging = put('a')
    expect(await stateOf(hanging)).toBe('waiting')
    await proxy.close()
    expect(await stateOf(hanging)).toBe('failed')
    expect(await there('a')).toEqual([])
  })

  it.each(['request', 'answer'] as const)('delay: before the %s, until it is released', async (before) => {
    const { proxy, put, there } = await startBehindProxy()
    const fault = proxy.inject({ kind: 'delay', before })
    const delayed = put('a')
    expect(await stateOf(delayed)).toBe('waiting')
    expect(await there('a')).toEqual(before === 'request' ? [] : ['a'])
    await fault.release()
    await delayed
    expect(await there('a')).toEqual(['a'])
  })

  it('delay: for a time', async () => {
    const { proxy, put } = await startBehindProxy()
    proxy.inject({ kind: 'delay', milliseconds: 150 })
    const began = performance.now()
    await put('a')
    expect(performance.now() - began).toBeGreaterThan(140)
  })

  it('late: the connection is gone, and the write is done when it is released', async () => {
    const { proxy, put, there } = await startBehindProxy()
    const fault = proxy.inject({ kind: 'late' })
    await expect(put('a')).rejects.toMatchObject(lost)
    await put('b')
    expect(await there('a', 'b')).toEqual(['b'])
    expect(proxy.requests.map(({ status }) => status)).toEqual([undefined, 200])
    await fault.release()
    expect(proxy.requests.map(({ status }) => status)).toEqual([200, 200])
    expect(await there('a', 'b')).toEqual(['a', 'b'])
  })

  it('late: what is not released when the proxy is closed is never done', async () => {
    const { proxy, put, there } = await startBehindProxy()
    const fault = proxy.inject({ kind: 'late' })
    await expect(put('a')).rejects.toMatchObject(lost)
    await proxy.close()
    await fault.release()
    expect(await there('a')).toEqual([])
  })

  const statuses: Readonly<Record<ErrorCode, number>> = {
    AccessDeniedException: 400,
    ExpiredTokenException: 400,
    InternalServerError: 500,
    LimitExceededException: 400,
    ProvisionedThroughputExceededException: 400,
    RequestLimitExceeded: 400,
    ResourceInUseException: 400,
    ResourceNotFoundException: 400,
    ServiceUnavailable: 503,
    ThrottlingException: 400,
    TransactionConflictException: 400,
    TransactionInProgressException: 400,
    UnrecognizedClientException: 400,
  }

  it.each(Object.entries(statuses) as [ErrorCode, number][])('error: %s, and nothing is done', async (code, httpStatusCode) => {
    const { proxy, put, there } = await startBehindProxy()
    proxy.inject({ kind: 'error', code })
    await expect(put('a')).rejects.toMatchObject({ name: code, $metadata: { httpStatusCode, requestId: expect.any(String) as string } })
    expect(await there('a')).toEqual([])
  })

  it('error: answered to what is done all the same', async () => {
    const { proxy, put, there } = await startBehindProxy()
    proxy.inject({ kind: 'error', code: 'InternalServerError', applied: true })
    await expect(put('a')).rejects.toMatchObject({ name: 'InternalServerError' })
    expect(await there('a')).toEqual(['a'])
  })

  it.each([undefined, 'ThrottlingError'] as const)('conflict: a transaction is cancelled by one of its items: %s', async (reason) => {
    const { proxy, client, TableName, there } = await startBehindProxy()
    proxy.inject({ kind: 'conflict', item: 1, ...(reason && { reason }) })
    const TransactItems = ['a', 'b', 'c'].map((key) => ({ Put: { TableName, Item: { key: { S: key } } } }))
    const transact = client.send(new TransactWriteItemsCommand({ TransactItems }))
    await expect(transact).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'None' }, { Code: reason ?? 'TransactionConflict' }, { Code: 'None' }],
    })
    expect(await there('a', 'b', 'c')).toEqual([])
    expect(proxy.requests).toMatchObject([{ tables: [TableName] }])
  })

  it('conflict: a single write is refused, a read is not', async () => {
    const { proxy, client, TableName, put } = await startBehindProxy()
    proxy.inject({ kind: 'conflict' })
    await client.send(new GetItemCommand({ TableName, Key: { key: { S: 'a' } } }))
    await expect(put('a')).rejects.toMatchObject({ name: 'TransactionConflictException' })
  })

  it.each([
    [undefined, ['a', 'b']],
    [0, []],
    [3, ['a', 'b', 'c']],
  ] as const)('partial-batch: of four writes, %s are done, and the others unprocessed', async (done, expected) => {
    const { proxy, client, TableName, there } = await startBehindProxy()
    proxy.inject({ kind: 'partial-batch', ...(done !== undefined && { done }) })
    await client.send(new PutItemCommand({ TableName, Item: { key: { S: 'other' } } }))
    const keys = ['a', 'b', 'c', 'd']
    const writes = keys.map((key) => ({ PutRequest: { Item: { key: { S: key } } } }))
    const { UnprocessedItems } = await client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: writes } }))
    expect(UnprocessedItems).toEqual({ [TableName]: writes.slice(expected.length) })
    expect(await there(...keys)).toEqual(expected)
  })

  it.each([undefined, 0, 1])('partial-batch: of two reads from each of two tables, some are done: %s', async (done = 2) => {
    const { proxy, client, TableName, put } = await startBehindProxy()
    const other = await startBehindProxy()
    for (const key of ['a', 'b']) {
      await put(key)
      await other.put(key)
    }
    proxy.inject({ kind: 'partial-batch', done })
    const Keys = [{ key: { S: 'a' } }, { key: { S: 'b' } }]
    const RequestItems = { [TableName]: { Keys, ConsistentRead: true }, [other.TableName]: { Keys } }
    const { Responses, UnprocessedKeys } = await client.send(new BatchGetItemCommand({ RequestItems }))
    expect(Responses?.[TableName] ?? []).toHaveLength(done)
    expect(Responses?.[other.TableName]).toBeUndefined()
    expect(UnprocessedKeys).toEqual({
      ...(done < 2 && { [TableName]: { Keys: Keys.slice(done), ConsistentRead: true } }),
      [other.TableName]: { Keys },
    })
  })

  it.each([200, 502] as const)('not-json: a page with status %s, and nothing is done', async (status) => {
    const { proxy, put, there } = await startBehindProxy()
    proxy.inject({ kind: 'not-json', status })
    await expect(put('a')).rejects.toMatchObject({ $metadata: { httpStatusCode: status } })
    expect(await there('a')).toEqual([])
  })
})

import { GetItemCommand } from '@aws-sdk/client-dynamodb'
import { expect, it, onTestFinished } from 'vitest'
import { type DynamodbRequest, type FaultEffect, startDynamodbProxy } from '../src/dynamodb-proxy/start-dynamodb-proxy.js'
import { describeWithDynamodb, startDynamodb } from '../src/dynamodb.js'
import { startBehindProxy } from './support/start-dynamodb.js'

const lost = { code: 'ECONNRESET' }

/** Whether it puts an item whose key begins so. */
function putsKey(start: string): (request: DynamodbRequest) => boolean {
  return ({ body }) => (body['Item'] as { readonly key: { readonly S: string } }).key.S.startsWith(start)
}

/** Numbers from 0 up to 1 that are the same in each run. */
function numbers(): () => number {
  let state = 1
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

describeWithDynamodb('the proxy before DynamoDB', () => {
  it('passes answers on as they are', async () => {
    const { proxy, put, TableName } = await startBehindProxy()
    await put('a')
    const credential = 'Credential=AKTEST/20000101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0'
    const headers = {
      authorization: `AWS4-HMAC-SHA256 ${credential}`,
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'DynamoDB_20120810.Scan',
    }
    const answers = [proxy, await startDynamodb()].map(async ({ endpoint }) => {
      const response = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify({ TableName }) })
      const header = (name: string): string | null => response.headers.get(name)
      return { status: response.status, body: await response.text(), type: header('content-type'), checksum: header('x-amz-crc32') }
    })
    const [through, direct] = await Promise.all(answers)
    expect(through).toEqual(direct)
    expect(through).toMatchObject({ status: 200, body: expect.stringContaining('"Count":1') as string, checksum: expect.any(String) as string })
  })

  it('lets faults choose their requests, and logs and counts requests', async () => {
    const { proxy, client, TableName, put, there } = await startBehindProxy()
    const fault = proxy.inject({ kind: 'reset', operation: 'PutItem', table: TableName, nth: 2, times: 2, matches: putsKey('a') })
    proxy.inject({ kind: 'reset', table: 'another' })
    for (const key of ['b', 'a1']) await put(key)
    for (const key of ['a2', 'a3']) await expect(put(key)).rejects.toMatchObject(lost)
    await put('a4')
    await client.send(new GetItemCommand({ TableName, Key: { key: { S: 'a' } } }))
    expect(await there('b', 'a1', 'a2', 'a3', 'a4')).toEqual(['b', 'a1', 'a4'])
    expect(fault.struck).toBe(2)
    expect(proxy.counts()).toEqual({ PutItem: 5, GetItem: 1 })
    expect(proxy.requests[0]).toEqual({ operation: 'PutItem', tables: [TableName], body: { TableName, Item: { key: { S: 'b' } } }, status: 200 })
    expect(proxy.takeRequests()).toHaveLength(6)
    expect(proxy.counts()).toEqual({})
  })

  it('ends faults one by one, or all at once', async () => {
    const { proxy, put } = await startBehindProxy()
    const fault = proxy.inject({ kind: 'reset', times: Infinity })
    proxy.inject({ kind: 'error', code: 'ThrottlingException', times: Infinity })
    await expect(put('a')).rejects.toMatchObject(lost)
    fault.remove()
    await expect(put('a')).rejects.toMatchObject({ name: 'ThrottlingException' })
    proxy.reset()
    await put('a')
    expect(proxy.requests).toHaveLength(1)
  })

  it('lets the requests fail that chance chooses, in the ways that they can', async () => {
    const { proxy, put, there } = await startBehindProxy()
    const rolled = [0.5, 0.49, 0.99, 0]
    const kinds: readonly FaultEffect[] = [{ kind: 'partial-batch' }, { kind: 'error', code: 'ThrottlingException' }, { kind: 'reset' }]
    const weather = proxy.weather({ probability: 0.5, kinds, random: () => rolled.shift() ?? 0 })
    await put('a')
    await expect(put('b')).rejects.toMatchObject(lost)
    await expect(put('c')).rejects.toMatchObject({ name: 'ThrottlingException' })
    weather.remove()
    await put('d')
    proxy.weather({ probability: 1, kinds: [{ kind: 'partial-batch' }] })
    await put('e')
    expect(await there('a', 'b', 'c', 'd', 'e')).toEqual(['a', 'd', 'e'])
    expect(weather.struck).toBe(2)
  })

  it('has a usual weather that whoever asks again comes through', async () => {
    const { proxy, put, there } = await startBehindProxy()
    const weather = proxy.weather({ probability: 0.7, random: numbers() })
    const keys = Array.from({ length: 30 }, (_, index) => String(index))
    for (const key of keys) {
      for (let isDone = false; !isDone; ) {
        isDone = await put(key).then(
          () => true,
          () => false,
        )
      }
    }
    expect(await there(...keys)).toEqual(keys)
    expect(new Set(proxy.requests.map(({ fault }) => fault?.kind)).size).toBeGreaterThan(6)
    expect(weather.struck).toBeGreaterThan(30)
  })

  it('cuts the connection of whoever asks where DynamoDB does not answer', async () => {
    const { proxy: gone } = await startBehindProxy()
    await gone.close()
    const proxy = await startDynamodbProxy(gone)
    onTestFinished(() => proxy.close())
    await expect(fetch(proxy.endpoint)).rejects.toMatchObject({ cause: { code: 'UND_ERR_SOCKET' } })
    expect(proxy.requests).toEqual([{ operation: '', tables: [], body: {} }])
  })
})

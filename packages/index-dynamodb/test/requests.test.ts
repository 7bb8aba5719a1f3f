import type { Change, EntryKey } from '@registry/core'
import { describeWithDynamodb } from '@registry/services/describe-with-dynamodb'
import type { LoggedRequest } from '@registry/services/dynamodb-proxy'
import { beforeAll, expect, it } from 'vitest'
import { dynamodbIndex } from '../src/index.js'
import { calls } from './calls.js'
import { optionsFor } from './dynamodb-harness.js'
import { freshKey, freshKeys, otherIndex, sharedTables, startIndex, startProxy } from './through-proxy.js'

/** Fills a partition, a batch at a time. */
async function fill(changes: readonly Change[]): Promise<void> {
  const other = await otherIndex()
  for (let n = 0; n < changes.length; n += 100) await other.commit(changes.slice(n, n + 100), { atomic: false })
}

/** How many keys or writes each batch has. */
function sizesOf(requests: readonly LoggedRequest[]): readonly number[] {
  return requests.flatMap(({ body }) => Object.values(body.RequestItems ?? {})).map((items) => ('Keys' in items ? items.Keys : items).length)
}

describeWithDynamodb('a commit is', () => {
  const key: EntryKey = { partition: 'requests', sort: 'one' }

  it.each<[string, string, readonly Change[]]>([
    ['nothing at all', '', []],
    ['one PutItem for a put', 'PutItem', [{ op: 'put', key, value: 1 }]],
    ['one PutItem for a put that expects something', 'PutItem', [{ op: 'put', key, value: 1, expect: 'present' }]],
    ['one GetItem for a check', 'GetItem', [{ op: 'check', key, expect: 'present' }]],
    ['one TransactWriteItems for a delete that expects something', 'TransactWriteItems', [{ op: 'delete', key, expect: 'present' }]],
    ['one DeleteItem for a delete', 'DeleteItem', [{ op: 'delete', key }]],
    ['one TransactWriteItems for a hundred changes', 'TransactWriteItems', freshKeys(100).map((one) => ({ op: 'put', key: one, value: 1 }))],
  ])('%s', async (_, operation, changes) => {
    const { proxy, index } = await startIndex()
    await index.commit(changes)
    expect(proxy.counts()).toEqual(operation === '' ? {} : { [operation]: 1 })
  })

  it('a BatchWriteItem for each 25 changes that need not go together', async () => {
    const { proxy, index } = await startIndex()
    await index.commit(freshKeys(60).map((one) => ({ op: 'put', key: one, value: 1 })), { atomic: false })
    expect(proxy.counts()).toEqual({ BatchWriteItem: 3 })
    expect([...sizesOf(proxy.requests)].sort()).toEqual([10, 25, 25])
  })

  it('what one change is, where it need not go together with others', async () => {
    const { proxy, index } = await startIndex()
    await index.commit([{ op: 'put', key: freshKey(), value: 1 }], { atomic: false })
    expect(proxy.counts()).toEqual({ PutItem: 1 })
  })

  it('refused before anything is sent, where it is more than DynamoDB takes', async () => {
    const { proxy, index } = await startIndex()
    const changes = freshKeys(101).map((one) => ({ op: 'put', key: one, value: 1 }) as const)
    await expect(index.commit(changes)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' })
    // Eleven times as long when it is folded.
    const long = { op: 'put', key: freshKey(), value: 1, text: '\u{fdfa}'.repeat(13_000) } as const
    await expect(index.commit([long])).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED', key: long.key })
    const together = freshKeys(12).map((one) => ({ ...long, key: one, text: '\u{fdfa}'.repeat(11_000) }))
    await expect(index.commit(together)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' })
    expect(proxy.requests).toEqual([])
  })
})

describeWithDynamodb('a get is', () => {
  it.each<[string, number, Readonly<Record<string, number>>]>([
    ['nothing for no key', 0, {}],
    ['one GetItem for one key', 1, { GetItem: 1 }],
    ['one BatchGetItem for two keys', 2, { BatchGetItem: 1 }],
    ['one BatchGetItem for a hundred keys', 100, { BatchGetItem: 1 }],
    ['two BatchGetItem for 101 keys', 101, { BatchGetItem: 2 }],
  ])('%s', async (_, count, expected) => {
    const { proxy, index } = await startIndex()
    expect(await index.get(freshKeys(count))).toHaveLength(count)
    expect(proxy.counts()).toEqual(expected)
  })

  it('one request that names each key once, whatever is asked for twice', async () => {
    const { proxy, index } = await startIndex()
    const [one, two] = freshKeys(2) as [EntryKey, EntryKey]
    await index.commit([{ op: 'put', key: one, value: 1 }])
    proxy.takeRequests()
    expect((await index.get([one, two, one])).map((entry) => entry?.value)).toEqual([1, undefined, 1])
    expect(sizesOf(proxy.requests)).toEqual([2])
  })
})

describeWithDynamodb('a page', () => {
  const keys = freshKeys(1500)
  const { partition } = keys[0]!

  beforeAll(async () => {
    await fill(keys.map((key, n) => ({ op: 'put', key, value: { number: n } })))
  })

  it.each([
    ['of 1,000 entries', { limit: 1000 }, 1000, true],
    ['of 1,000 entries from the last one', { reverse: true }, 1000, true],
    ['of the entries behind one', { after: keys[999]!.sort }, 500, false],
    ['of a range', { after: keys[9]!.sort, before: keys[20]!.sort }, 10, false],
    ['of a beginning', { prefix: 'key-00' }, 100, false],
    ['of a beginning that is full', { prefix: 'key-00', limit: 100 }, 100, false],
    ['of one entry', { limit: 1 }, 1, true],
  ] as const)('%s is one Query', async (_, options, count, more) => {
    const { proxy, index } = await startIndex()
    const page = await index.scan(partition, options)
    expect([page.entries.length, page.more]).toEqual([count, more])
    expect(proxy.counts()).toEqual({ Query: 1 })
  })

  it('reads hardly more entries than it has', async () => {
    const { proxy, index } = await startIndex()
    await index.scan(partition, { after: keys[3]!.sort, before: keys[900]!.sort, limit: 10 })
    expect(proxy.requests[0]!.body['Limit']).toBe(13)
  })

  it('that can have no entry is no request', async () => {
    const { proxy, index } = await startIndex()
    for (const range of [{ after: 'b', before: 'a' }, { prefix: 'a', before: 'a' }, { prefix: 'a', after: 'b' }, { prefix: 'x'.repeat(1025) }]) {
      expect(await index.scan(partition, range)).toEqual({ entries: [], more: false })
    }
    expect(proxy.requests).toEqual([])
  })

  it('of large entries is as many requests as there are megabytes, and full', async () => {
    const large = freshKeys(8)
    await fill(large.map((key) => ({ op: 'put', key, value: 'x'.repeat(300_000) })))
    const { proxy, index } = await startIndex()
    const page = await index.scan(large[0]!.partition, { limit: 7 })
    expect([page.entries.length, page.more]).toEqual([7, true])
    expect(proxy.counts()).toEqual({ Query: 2 })
  })
})

describeWithDynamodb('a search among the repositories of a sixteenth of a large registry', () => {
  const { partition } = freshKey()

  beforeAll(async () => {
    const created = '2026-01-02T03:04:05.678Z'
    const names = Array.from({ length: 6250 }, (_, n) => `team-${n % 250}/service-${String(n).padStart(6, '0')}`)
    const description = 'What it is for, in a few words.'
    await fill(names.map((sort) => ({ op: 'put', key: { partition, sort }, value: { created, version: 1, description }, text: `${sort} ${description}` })))
  })

  it.each([
    ['one that is there', 'service-003141', 1, false],
    ['one that is nowhere', 'service-x', 0, false],
    ['some of many', 'team', 1000, true],
  ])('is at most three Query: %s', async (_, text, count, more) => {
    const { proxy, index } = await startIndex()
    const page = await index.search({ partition, text })
    expect([page.entries.length, page.more]).toEqual([count, more])
    expect(Object.keys(proxy.counts())).toEqual(['Query'])
    expect(proxy.requests.length).toBeLessThanOrEqual(3)
  })

  it('compares what DynamoDB cannot be told', async () => {
    const { index } = await startIndex()
    const [one, two] = freshKeys(2) as [EntryKey, EntryKey]
    const long = 'a'.repeat(300)
    await index.commit([one, two].map((key, n) => ({ op: 'put', key, value: n, text: `some ${n === 0 ? 'b' : ''}${long}` })))
    expect((await index.search({ partition: one.partition, text: `b${long} some` })).entries.map(({ value }) => value)).toEqual([0])
  })

  it('gets nothing over the network that does not match', async () => {
    const { proxy, index } = await startIndex()
    await index.search({ partition, text: 'SERVICE-003141 team-' })
    expect(proxy.requests[0]!.body).toMatchObject({
      FilterExpression: 'attribute_exists(#text) AND contains(#text, :term0) AND contains(#text, :term1)',
      ExpressionAttributeValues: { ':term0': { S: 'service-003141' }, ':term1': { S: 'team-' } },
    })
  })
})

describeWithDynamodb('every request', () => {
  const operations = ['BatchGetItem', 'BatchWriteItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'TransactWriteItems']

  it('is of the table alone, without Scan and other indexes, and reads what is there now', async () => {
    const { proxy, index } = await startIndex()
    for (const call of calls) {
      const prepared = await call.prepare(index)
      await prepared.run(index)
    }
    expect(Object.keys(proxy.counts()).sort()).toEqual(operations)
    for (const { operation, body, tables } of proxy.requests) {
      expect(tables).toEqual([expect.stringMatching(/-repository$/)])
      expect(body).not.toHaveProperty('IndexName')
      const reading = operation === 'BatchGetItem' ? Object.values(body.RequestItems ?? {})[0] : body
      if (['BatchGetItem', 'GetItem', 'Query'].includes(operation)) expect(reading).toHaveProperty('ConsistentRead', true)
    }
  })

  it('of a start reads what is there now', async () => {
    const proxy = await startProxy()
    const index = await dynamodbIndex({ ...optionsFor(await sharedTables()), endpoint: proxy.endpoint })
    await index.close()
    const reading = proxy.requests.filter(({ operation }) => operation === 'GetItem')
    expect(reading.map(({ body, tables }) => [body['ConsistentRead'], tables])).toEqual([[true, [expect.stringMatching(/-version$/)]]])
  })
})

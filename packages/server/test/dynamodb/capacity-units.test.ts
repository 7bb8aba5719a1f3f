import type { Attributes, LoggedRequest } from '@registry/services/dynamodb-proxy'
import { beforeEach, describe, expect, it } from 'vitest'
import { accessesOf } from './support/capacity-units.js'
import { bytesOfItem, TableModel } from './support/table-model.js'

const table = 'entries'
/** Bytes of an item beside its text: `partition`, `p`, `sort`, `s` and `value`. */
const besideText = 20

/** An item of so many bytes. */
function itemOf(bytes: number, sort: string = 's'): Attributes {
  return { partition: { S: 'p' }, sort: { S: sort }, value: { S: 'x'.repeat(bytes - besideText) } }
}

function keyOf(sort: string = 's'): Attributes {
  return { partition: { S: 'p' }, sort: { S: sort } }
}

function request(operation: string, body: object, status: number = 200): LoggedRequest {
  return { operation, body: { ...body }, tables: [table], status }
}

const put = (bytes: number, sort?: string, status?: number): LoggedRequest => request('PutItem', { TableName: table, Item: itemOf(bytes, sort) }, status)
const remove = (sort?: string): LoggedRequest => request('DeleteItem', { TableName: table, Key: keyOf(sort) })
const get = (sort?: string): LoggedRequest => request('GetItem', { TableName: table, Key: keyOf(sort) })
const query = (more: object = {}, values: object = {}): LoggedRequest =>
  request('Query', { TableName: table, ExpressionAttributeValues: { ':partition': { S: 'p' }, ...values }, ...more })

describe('the capacity units of', () => {
  let model: TableModel

  beforeEach(() => {
    model = new TableModel()
  })

  const unitsOf = (...requests: readonly LoggedRequest[]): readonly number[] =>
    requests.map((one) => accessesOf(one, model).reduce((sum, { units }) => sum + units, 0))

  it('a put go by the larger of the item before and after, a kilobyte each', () => {
    expect(unitsOf(put(1024), put(1025), put(100), put(100))).toEqual([1, 2, 2, 1])
  })

  it('a put that was refused are the same, and it leaves the item as it was', () => {
    expect(unitsOf(put(3000), put(100, 's', 400), put(5000, 's', 400), get())).toEqual([3, 3, 5, 1])
    expect(model.size({ table, partition: 'p', sort: 's' })).toBe(3000)
  })

  it('a delete go by the item, and are one where there is none', () => {
    expect(unitsOf(put(3000), remove(), remove())).toEqual([3, 3, 1])
  })

  it('a batch of writes go by each', () => {
    const writes = [{ PutRequest: { Item: itemOf(1500, 'a') } }, { PutRequest: { Item: itemOf(100, 'b') } }, { DeleteRequest: { Key: keyOf('c') } }]
    expect(unitsOf(request('BatchWriteItem', { RequestItems: { [table]: writes } }))).toEqual([4])
  })

  it('a transaction are two a kilobyte, also for what is only checked', () => {
    const items = [
      { Put: { TableName: table, Item: itemOf(1500, 'a') } },
      { Delete: { TableName: table, Key: keyOf('b') } },
      { ConditionCheck: { TableName: table, Key: keyOf('c') } },
    ]
    expect(unitsOf(put(2500, 'c'), request('TransactWriteItems', { TransactItems: items }), get('c'))).toEqual([3, 12, 1])
    expect(model.size({ table, partition: 'p', sort: 'c' })).toBe(2500)
  })

  it('a get are one for 4 KB of each item, and one where there is none', () => {
    const keys = request('BatchGetItem', { RequestItems: { [table]: { Keys: [keyOf('a'), keyOf('b'), keyOf('c')] } } })
    expect(unitsOf(put(4096, 'a'), put(4097, 'b'), get('a'), get('b'), get('c'), keys)).toEqual([4, 5, 1, 2, 1, 4])
  })

  it('a Query go by the sum of all that it goes through, and are one where that is nothing', () => {
    const each = ['a', 'b', 'c', 'd'].map((sort) => put(3000, sort))
    unitsOf(...each)
    expect(unitsOf(query())).toEqual([3])
    expect(unitsOf(query({ Limit: 2 }), query({ Limit: 1 }))).toEqual([2, 1])
    const [low, end] = [{ ':low': { S: 'b' } }, { ':high': { S: 'b' } }]
    expect(unitsOf(query({}, low), query({}, { ...low, ...end }), query({}, { ':low': { S: 'x' } }))).toEqual([3, 1, 1])
    expect(unitsOf(query({ ExclusiveStartKey: keyOf('b') }), query({ ExclusiveStartKey: keyOf('b'), ScanIndexForward: false }))).toEqual([2, 1])
  })

  it('a Query end behind a megabyte', () => {
    unitsOf(...['a', 'b', 'c', 'd'].map((sort) => put(400_000, sort)))
    expect(unitsOf(query())).toEqual([Math.ceil(1_200_000 / 4096)])
  })

  it('a request about a table are none', () => {
    expect(unitsOf(request('DescribeTable', { TableName: table }))).toEqual([0])
  })
})

it('an item has the bytes of its names and values in UTF-8', () => {
  expect(bytesOfItem({ sort: { S: 'é' }, version: { N: '1' } })).toBe(4 + 2 + 7 + 2)
})

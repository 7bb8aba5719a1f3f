import type { Attributes, LoggedRequest, RequestBody } from '@registry/services/dynamodb-proxy'
import { bytesOfItem, type ItemKey, type TableModel } from './table-model.js'

/** One item that was written, or one item or range that was read. */
export interface Access {
  readonly kind: 'read' | 'write'
  readonly partition: string
  /** `undefined` of a range. */
  readonly sort: string | undefined
  readonly units: number
}

/** A write of a request, alone or among others. */
interface Write {
  readonly key: ItemKey
  /** The item that is put; `undefined` for a delete and for a condition. */
  readonly item: Attributes | undefined
  /** Whether the item stays as it is. */
  readonly isCheck: boolean
}

/**
 * What a request cost by the rules for tables that are paid for by the request, and what it leaves in `model`. One that was refused costs as
 * much as one that was not, and changes nothing. Requests about tables cost nothing.
 */
export function accessesOf(request: LoggedRequest, model: TableModel): readonly Access[] {
  const { operation, body, status } = request
  const isTransaction = operation === 'TransactWriteItems'
  const writes = writesOf(request)
  const accesses = writes.map(({ key, item }): Access => {
    const bytes = Math.max(model.size(key) ?? 0, item ? bytesOfItem(item) : 0)
    return { kind: 'write', partition: key.partition, sort: key.sort, units: (isTransaction ? 2 : 1) * unitsFor(bytes, 1024) }
  })
  if (status === 200) {
    for (const { key, item, isCheck } of writes) {
      if (item) model.put(key, bytesOfItem(item))
      else if (!isCheck) model.delete(key)
    }
  }
  return [...accesses, ...keysRead(operation, body).map((key) => read(key.partition, key.sort, model.size(key) ?? 0)), ...rangesRead(request, model)]
}

function writesOf({ operation, body }: LoggedRequest): readonly Write[] {
  switch (operation) {
    case 'PutItem':
    case 'DeleteItem':
      return [writeOf(body.TableName!, { Item: body['Item'] as Attributes | undefined, Key: body['Key'] as Attributes | undefined }, false)]
    case 'BatchWriteItem':
      return Object.entries(body.RequestItems ?? {}).flatMap(([table, writes]) =>
        (writes as readonly Readonly<Record<string, WriteBody>>[]).flatMap((write) => Object.values(write).map((one) => writeOf(table, one, false))),
      )
    case 'TransactWriteItems':
      return (body.TransactItems ?? []).flatMap((item) => Object.entries(item).map(([kind, one]) => writeOf(one.TableName, one, kind === 'ConditionCheck')))
    default:
      return []
  }
}

interface WriteBody {
  readonly Item?: Attributes | undefined
  readonly Key?: Attributes | undefined
}

function writeOf(table: string, { Item: item, Key: key }: WriteBody, isCheck: boolean): Write {
  return { key: keyOf(table, (item ?? key)!), item, isCheck }
}

function keysRead(operation: string, body: RequestBody): readonly ItemKey[] {
  if (operation === 'GetItem') return [keyOf(body.TableName!, body['Key'] as Attributes)]
  if (operation !== 'BatchGetItem') return []
  return Object.entries(body.RequestItems ?? {}).flatMap(([table, items]) => ('Keys' in items ? items.Keys.map((key) => keyOf(table, key)) : []))
}

/** A Query rounds up once: what it costs is by the sum of all that it goes through. */
function rangesRead({ operation, body }: LoggedRequest, model: TableModel): readonly Access[] {
  if (operation !== 'Query') return []
  const values = body['ExpressionAttributeValues'] as Attributes
  const partition = values[':partition']!.S!
  const sizes = model.sizesIn(body.TableName!, {
    partition,
    low: values[':low']?.S,
    high: values[':high']?.S,
    reverse: body['ScanIndexForward'] === false,
    start: (body['ExclusiveStartKey'] as Attributes | undefined)?.['sort']?.S,
    limit: (body['Limit'] as number | undefined) ?? Infinity,
  })
  return [read(partition, undefined, sizes.reduce((sum, bytes) => sum + bytes, 0))]
}

function read(partition: string, sort: string | undefined, bytes: number): Access {
  return { kind: 'read', partition, sort, units: unitsFor(bytes, 4096) }
}

/** What is absent costs as much as the smallest item. */
function unitsFor(bytes: number, unit: number): number {
  return Math.max(Math.ceil(bytes / unit), 1)
}

/** The table of the version has one key, `id`. */
function keyOf(table: string, attributes: Attributes): ItemKey {
  return { table, partition: (attributes['partition'] ?? attributes['id'])!.S!, sort: attributes['sort']?.S ?? '' }
}

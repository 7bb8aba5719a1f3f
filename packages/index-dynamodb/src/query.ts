import { type AttributeValue, QueryCommand } from '@aws-sdk/client-dynamodb'
import { type Entry, type EntryPage, isInRange, type SortRange } from '@registry/core'
import { type Attributes, entryOf } from './item.js'
import type { Service } from './service.js'
import { sortCondition } from './sort-condition.js'

export interface Query {
  readonly operation: string
  readonly partition: string
  readonly range: SortRange
  /** Entries of the page. */
  readonly limit: number
  readonly reverse?: boolean
  /** What DynamoDB leaves out, and what of an item cannot be said to it. Default: it leaves nothing out. */
  readonly filter?: Filter | undefined
  readonly signal: AbortSignal
}

export interface Filter {
  readonly expression: string
  readonly values: Readonly<Record<string, AttributeValue.SMember>>
  matches(item: Attributes): boolean
}

/** DynamoDB reads 1 MB of items at the most for one answer, and an answer may have less than was asked for, or nothing. */
export async function queryPage({ client, settings, ask }: Service, query: Query): Promise<EntryPage> {
  const { operation, partition, range, limit, filter, signal } = query
  const condition = sortCondition(range)
  if (condition === undefined) return { entries: [], more: false }
  const found: Entry[] = []
  for (let start: Attributes | undefined; ; ) {
    const request = new QueryCommand({
      TableName: settings.entryTable,
      ConsistentRead: true,
      KeyConditionExpression: `#partition = :partition${condition.expression}`,
      ExpressionAttributeNames: {
        '#partition': 'partition',
        ...(condition.expression === '' ? {} : { '#sort': 'sort' }),
        ...(filter ? { '#text': 'text' } : {}),
      },
      ExpressionAttributeValues: { ':partition': { S: partition }, ...condition.values, ...filter?.values },
      ScanIndexForward: !query.reverse,
      // One more than asked for tells whether there are more. What a filter leaves out would count.
      ...(filter ? { FilterExpression: filter.expression } : { Limit: limit + 1 - found.length + condition.strangers }),
      ...(start ? { ExclusiveStartKey: start } : {}),
    })
    const answer = await ask({ operation, signal, attempt: (abortSignal) => client.send(request, { abortSignal }) })
    for (const item of answer.Items ?? []) {
      if (!isInRange(item['sort']?.S ?? '', range) || filter?.matches(item) === false) continue
      if (found.length === limit) return { entries: found, more: true }
      found.push(entryOf(item))
    }
    start = answer.LastEvaluatedKey
    if (start === undefined) return { entries: found, more: false }
  }
}

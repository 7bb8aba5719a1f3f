import { type Answer, jsonAnswer } from './answer.js'
import type { BatchItems, RequestBody } from './parse-request.js'

type Batch = Readonly<Record<string, BatchItems>>

interface BatchAnswer {
  readonly UnprocessedItems?: Batch
  readonly UnprocessedKeys?: Batch
}

export function isBatch(operation: string): boolean {
  return operation === 'BatchWriteItem' || operation === 'BatchGetItem'
}

/** Forwards so many items of a batch, half of them unless told, and answers the others as unprocessed. */
export async function partialBatch(
  { operation, body }: { readonly operation: string; readonly body: RequestBody },
  done: number | undefined,
  forward: (body: RequestBody) => Promise<Answer>,
): Promise<Answer> {
  const unprocessed = operation === 'BatchGetItem' ? 'UnprocessedKeys' : 'UnprocessedItems'
  const nothing = operation === 'BatchGetItem' ? { Responses: {} } : {}
  const all = body.RequestItems ?? {}
  const [first, rest] = split(all, done ?? Math.floor(count(all) / 2))
  if (count(first) === 0) return jsonAnswer(200, { ...nothing, [unprocessed]: rest })
  const answer = await forward({ ...body, RequestItems: first })
  if (answer.status !== 200) return answer
  const value = JSON.parse(answer.body.toString()) as BatchAnswer
  return jsonAnswer(200, { ...value, [unprocessed]: join(value[unprocessed] ?? {}, rest) })
}

function listOf(items: BatchItems): readonly unknown[] {
  return 'Keys' in items ? items.Keys : items
}

/** The same, with these instead. */
function withList(items: BatchItems, list: readonly unknown[]): BatchItems {
  return 'Keys' in items ? ({ ...items, Keys: list } as BatchItems) : list
}

function count(batch: Batch): number {
  return Object.values(batch).reduce((sum, items) => sum + listOf(items).length, 0)
}

/** The first so many items, and those after them. A table that has none in a part is not in it. */
function split(batch: Batch, size: number): readonly [Batch, Batch] {
  const first: Record<string, BatchItems> = {}
  const rest: Record<string, BatchItems> = {}
  let left = size
  for (const [table, items] of Object.entries(batch)) {
    const list = listOf(items)
    if (left > 0) first[table] = withList(items, list.slice(0, left))
    if (left < list.length) rest[table] = withList(items, list.slice(Math.max(left, 0)))
    left -= list.length
  }
  return [first, rest]
}

function join(one: Batch, other: Batch): Batch {
  const joined: Record<string, BatchItems> = { ...one }
  for (const [table, items] of Object.entries(other)) {
    joined[table] = withList(items, [...(one[table] ? listOf(one[table]) : []), ...listOf(items)])
  }
  return joined
}

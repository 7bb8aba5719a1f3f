import { BatchGetItemCommand, GetItemCommand } from '@aws-sdk/client-dynamodb'
import type { Entry, EntryKey } from '@registry/core'
import { UnprocessedError } from './failure.js'
import { inBatches } from './in-batches.js'
import { type Attributes, entryOf, keyOf } from './item.js'
import type { Service } from './service.js'

/** Keys that DynamoDB takes in one request. */
const batchKeys = 100

/** The entries under `keys` in their order. */
export async function getEntries(service: Service, keys: readonly EntryKey[], signal: AbortSignal): Promise<readonly (Entry | undefined)[]> {
  if (keys.length === 1) return [await getEntry(service, keys[0]!, signal)]
  const found = new Map<string, Attributes>()
  const distinct = [...new Map(keys.map((key) => [nameOf(key.partition, key.sort), key])).values()]
  await inBatches(distinct, batchKeys, async (batch) => {
    for await (const item of batchItems(service, batch, signal)) found.set(nameOf(item['partition']?.S, item['sort']?.S), item)
  })
  return keys.map(({ partition, sort }) => {
    const item = found.get(nameOf(partition, sort))
    return item && entryOf(item)
  })
}

/** The one entry under a key. */
export async function getEntry(service: Service, key: EntryKey, signal: AbortSignal): Promise<Entry | undefined> {
  const request = new GetItemCommand({ TableName: service.settings.entryTable, Key: keyOf(key), ConsistentRead: true })
  const { Item: item } = await service.ask({ operation: 'get', key, signal, attempt: (abortSignal) => service.client.send(request, { abortSignal }) })
  return item && entryOf(item)
}

/** What is there of a batch, however many requests DynamoDB makes of it: it stops at 16 MB, and where it has no capacity left. */
async function* batchItems({ client, settings, ask }: Service, keys: readonly EntryKey[], signal: AbortSignal): AsyncGenerator<Attributes, void> {
  for (let left: Attributes[] = keys.map(keyOf); left.length > 0; ) {
    const request = new BatchGetItemCommand({ RequestItems: { [settings.entryTable]: { Keys: left, ConsistentRead: true } } })
    const { items, unprocessed } = await ask({
      operation: 'get',
      signal,
      attempt: async (abortSignal) => {
        const { Responses: responses, UnprocessedKeys: rest } = await client.send(request, { abortSignal })
        const unprocessed = rest?.[settings.entryTable]?.Keys ?? []
        if (unprocessed.length === left.length) throw new UnprocessedError('it read no key of a batch')
        return { items: responses?.[settings.entryTable] ?? [], unprocessed }
      },
    })
    yield* items
    left = unprocessed
  }
}

/** No key has a NUL. */
function nameOf(partition = '', sort = ''): string {
  return `${partition}\0${sort}`
}

import { memoryDriver } from '@registry/core/memory'
import { createRegistry } from '@registry/engine'
import { dynamodbIndex } from '@registry/index-dynamodb'
import { startCountingProxy } from './counting-proxy.mjs'
import { startDynamodbLocal } from '../engines/dynamodb.mjs'
import { percentiles, timesOf } from './measured.mjs'
import { plainTable } from './plain-table.mjs'
import { measurePushes, pushColumns } from './pushes.mjs'
import { pageSize, searches } from './searches.mjs'
import { fill } from './shards.mjs'
import { milliseconds, printTable } from './table.mjs'

const access = { region: 'us-east-1', accessKey: 'AKBENCH', secretAccessKey: 'SKBENCH', retryTimeout: 60_000, requestTimeout: 60_000 }

/** Searches in DynamoDB Local, with their requests and read units, and in a plain table beside it, which is read with a Scan. */
export async function measureDynamodb({ repositories, rounds, pushes }) {
  const dynamodb = await startDynamodbLocal()
  const proxy = await startCountingProxy(dynamodb.endpoint)
  try {
    const storage = new Map()
    const open = async (endpoint) => createRegistry({ driver: memoryDriver({ storage }), index: await dynamodbIndex({ ...access, endpoint }) })
    const registry = await open(dynamodb.endpoint)
    const counted = await open(proxy.endpoint)
    const filling = await dynamodbIndex({ ...access, endpoint: proxy.endpoint })
    await fill(filling, repositories)
    await filling.close()
    const plain = await plainTable(dynamodb.endpoint, repositories)
    await proxy.quiet()
    const rows = []
    for (const [title, text] of searches) {
      const { found, more } = await counted.repositories.search(text, { limit: pageSize })
      const { requests, units } = proxy.takeReads()
      const ours = percentiles(await timesOf(rounds, () => registry.repositories.search(text, { limit: pageSize }))).map(milliseconds)
      const scan = await plain.search(text)
      const theirs = percentiles(await timesOf(rounds, () => plain.search(text))).map(milliseconds)
      rows.push([`${title}${text && `: \`${text}\``}`, `${found.toLocaleString('en')}${more ? '+' : ''}`, ...ours, requests, units, ...theirs, scan.requests, scan.units])
    }
    const columns = ['search', 'found', 'p50 ms', 'p95 ms', 'requests', 'read units', 'Scan p50 ms', 'Scan p95 ms', 'requests', 'read units']
    printTable('DynamoDB Local', columns, rows)
    for (const one of [registry, counted]) await one.close()
    const { withText, withoutText } = proxy.itemBytes()
    const bytes = [withText, withoutText, withText - withoutText, Math.round(plain.bytes / repositories.length)]
    printTable('Bytes of an item, DynamoDB', ['row and text', 'row alone', 'for search', 'plain table'], [bytes])

    let number = 0
    const openIndex = () => dynamodbIndex({ ...access, endpoint: proxy.endpoint, database: `pushes-${number++}` })
    printTable('Pushes, DynamoDB Local', pushColumns, await measurePushes('DynamoDB Local', pushes, { openIndex, quiet: proxy.quiet, takeRequests: proxy.takeRequests }))
  } finally {
    proxy.close()
    await dynamodb.close()
  }
}

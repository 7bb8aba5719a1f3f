import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb'

const longestValue = 100

/** What is in the table of entries: how many of each kind, and the tags with what they lead to. */
export async function indexContents({ endpoint, region, database, accessKey, secretKey }) {
  const client = new DynamoDBClient({ endpoint, region, credentials: { accessKeyId: accessKey, secretAccessKey: secretKey } })
  const items = []
  // A registry never does this: it reads single entries, and pages of one partition.
  for await (const { Items = [] } of paginateScan({ client }, { TableName: `${database}-repository` })) items.push(...Items)
  client.destroy()
  const counts = countsOf(items)
  const tags = items.filter(({ partition }) => partition.S.startsWith('tags/'))
  return [
    `\nThe index has ${items.length} entries:`,
    ...[...counts].sort().map(([kind, count]) => `  ${String(count).padStart(4)}  ${kind}`),
    'Tags:',
    ...tags.map(({ partition, sort, value }) => `  ${partition.S.slice('tags/'.length)}:${sort.S}  ${value.S.slice(0, longestValue)}`),
  ].join('\n')
}

/** The kind is what a partition begins with. */
function countsOf(items) {
  const counts = new Map()
  for (const { partition } of items) {
    const kind = partition.S.split('/')[0]
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  return counts
}

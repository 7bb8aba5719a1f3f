import { createServer } from 'node:http'
import { buffer } from 'node:stream/consumers'

/** Bytes that one unit reads, where the read is strongly consistent. */
const unitBytes = 4096
const passedOn = ['authorization', 'content-type', 'x-amz-date', 'x-amz-target']

/** Stands before DynamoDB, notes the size of each item that is put, and counts what each Query goes through. */
export async function startCountingProxy(endpoint) {
  const written = new Map()
  const queries = []
  let sizes
  const server = createServer(async (incoming, response) => {
    const body = await buffer(incoming)
    const headers = Object.fromEntries(passedOn.map((name) => [name, incoming.headers[name]]))
    const answer = await fetch(endpoint, { method: 'POST', headers, body })
    const text = await answer.text()
    const operation = headers['x-amz-target'].replace(/^.*\./, '')
    if (operation === 'Query') queries.push({ request: JSON.parse(String(body)), answer: JSON.parse(text) })
    if (operation === 'BatchWriteItem') note(written, JSON.parse(String(body)))
    response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' }).end(text)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    endpoint: `http://127.0.0.1:${server.address().port}`,
    /** Requests and read units since the last call. All items are there by the first one. */
    takeCounts: () => {
      sizes ??= new Map([...written].map(([partition, items]) => [partition, [...items].sort(([a], [b]) => (a < b ? -1 : 1))]))
      const units = queries.map((query) => unitsOf(query, sizes))
      queries.length = 0
      return { requests: units.length, units: units.reduce((sum, some) => sum + some, 0) }
    },
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

function note(written, { RequestItems }) {
  for (const { PutRequest } of Object.values(RequestItems).flat()) {
    const { Item: item } = PutRequest
    const items = written.get(item.partition.S) ?? new Map()
    const bytes = Object.entries(item).reduce((sum, [name, { S }]) => sum + name.length + Buffer.byteLength(S), 0)
    written.set(item.partition.S, items.set(item.sort.S, bytes))
  }
}

/** By the sizes of the items: what DynamoDB Local says of units is not what DynamoDB charges. */
function unitsOf({ request, answer }, sizes) {
  const { ':partition': partition, ':low': low } = request.ExpressionAttributeValues
  const [start, end] = [request.ExclusiveStartKey, answer.LastEvaluatedKey].map((key) => key?.sort.S)
  const isRead = (sort) => (start === undefined ? sort >= (low?.S ?? '') : sort > start) && (end === undefined || sort <= end)
  const read = (sizes.get(partition.S) ?? []).filter(([sort]) => isRead(sort))
  if (read.length !== answer.ScannedCount) throw new Error(`a Query went through ${answer.ScannedCount} items, and ${read.length} are in its range`)
  return Math.max(Math.ceil(read.reduce((sum, [, bytes]) => sum + bytes, 0) / unitBytes), 1)
}

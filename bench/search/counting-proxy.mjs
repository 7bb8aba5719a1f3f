import { createServer } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'

/** Bytes that one unit reads, where the read is strongly consistent. */
const unitBytes = 4096
const passedOn = ['authorization', 'content-type', 'x-amz-date', 'x-amz-target']
const quietMs = 1000

/** Stands before DynamoDB, notes the size of each item that is put in batches, and counts requests and what each Query goes through. */
export async function startCountingProxy(endpoint) {
  const written = new Map()
  const asked = []
  let sizes
  let last = performance.now()
  const server = createServer(async (incoming, response) => {
    const body = await buffer(incoming)
    const headers = Object.fromEntries(passedOn.map((name) => [name, incoming.headers[name]]))
    const answer = await fetch(endpoint, { method: 'POST', headers, body })
    const text = await answer.text()
    const operation = headers['x-amz-target'].replace(/^.*\./, '')
    asked.push({ operation, request: JSON.parse(String(body)), answer: JSON.parse(text) })
    if (operation === 'BatchWriteItem') note(written, JSON.parse(String(body)))
    last = performance.now()
    response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' }).end(text)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const takeAsked = () => asked.splice(0)
  return {
    endpoint: `http://127.0.0.1:${server.address().port}`,
    /** Resolves when nobody has asked for a second: a registry that starts looks for what is to be done. */
    quiet: async () => {
      while (performance.now() - last < quietMs) await setTimeout(quietMs / 10)
      takeAsked()
    },
    /** Requests since the last call, of any kind. */
    takeRequests: () => takeAsked().length,
    /** Requests and read units since the last call, of reads alone. All items are there by the first one. */
    takeReads: () => {
      sizes ??= new Map([...written].map(([partition, items]) => [partition, [...items].sort(([a], [b]) => (a < b ? -1 : 1))]))
      const units = takeAsked().map((some) => unitsOf(some, sizes))
      return { requests: units.length, units: units.reduce((sum, some) => sum + some, 0) }
    },
    /** Bytes of an item with text and without, on average. */
    itemBytes: () => {
      const items = [...written.values()].flatMap((some) => [...some.values()])
      const mean = (of) => Math.round(items.reduce((sum, item) => sum + of(item), 0) / items.length)
      return { withText: mean(({ bytes }) => bytes), withoutText: mean(({ bytes, textBytes }) => bytes - textBytes) }
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
    const bytesOf = ([name, { S }]) => name.length + Buffer.byteLength(S)
    const bytes = Object.entries(item).reduce((sum, attribute) => sum + bytesOf(attribute), 0)
    written.set(item.partition.S, items.set(item.sort.S, { bytes, textBytes: bytesOf(['text', item.text]) }))
  }
}

/** By the sizes of the items: what DynamoDB Local says of units is not what DynamoDB charges. */
function unitsOf({ operation, request, answer }, sizes) {
  if (operation === 'GetItem') return 1
  if (operation !== 'Query') throw new Error(`a search asked for ${operation}`)
  const { ':partition': partition, ':low': low, ':high': high } = request.ExpressionAttributeValues
  const [start, end] = [request.ExclusiveStartKey, answer.LastEvaluatedKey].map((key) => key?.sort.S)
  const isBehindStart = (sort) => (start === undefined ? sort >= (low?.S ?? '') : sort > start)
  const isRead = (sort) => isBehindStart(sort) && (end === undefined || sort <= end) && (high === undefined || sort <= high.S)
  const read = (sizes.get(partition.S) ?? []).filter(([sort]) => isRead(sort))
  if (read.length !== answer.ScannedCount) throw new Error(`a Query went through ${answer.ScannedCount} items, and ${read.length} are in its range`)
  return Math.max(Math.ceil(read.reduce((sum, [, { bytes }]) => sum + bytes, 0) / unitBytes), 1)
}

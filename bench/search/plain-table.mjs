/** Items of one BatchWriteItem. */
const batchItems = 25
const tableName = 'plain-repository'

/** A table of names and descriptions that is searched as it is written first: a Scan from its beginning to its end, which DynamoDB filters. */
export async function plainTable(endpoint, repositories) {
  let bytes = 0
  await ask(endpoint, 'CreateTable', {
    TableName: tableName,
    AttributeDefinitions: [{ AttributeName: 'name', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'name', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  })
  for (let first = 0; first < repositories.length; first += batchItems) {
    const some = repositories.slice(first, first + batchItems)
    bytes += some.reduce((sum, { name, description }) => sum + Buffer.byteLength(`name${name}description${description}`), 0)
    const puts = some.map(({ name, description }) => ({ PutRequest: { Item: { name: { S: name }, description: { S: description } } } }))
    await ask(endpoint, 'BatchWriteItem', { RequestItems: { [tableName]: puts } })
  }
  return {
    bytes,
    /** Gives the number of matches, of requests, and of read units: a Scan need not be consistent, and then costs half. */
    search: async (text) => {
      const terms = text.split(' ').filter((term) => term !== '')
      const has = terms.map((_, n) => `(contains(#name, :term${n}) OR contains(description, :term${n}))`)
      const filter = terms.length > 0 && {
        FilterExpression: has.join(' AND '),
        ExpressionAttributeNames: { '#name': 'name' },
        ExpressionAttributeValues: Object.fromEntries(terms.map((term, n) => [`:term${n}`, { S: term }])),
      }
      let [matches, requests, start] = [0, 0, undefined]
      do {
        const answer = await ask(endpoint, 'Scan', { TableName: tableName, ...filter, ...(start && { ExclusiveStartKey: start }) })
        matches += answer.Count
        requests++
        start = answer.LastEvaluatedKey
      } while (start)
      return { matches, requests, units: Math.ceil(bytes / 4096 / 2) }
    },
  }
}

/** DynamoDB Local looks at no signature, but wants one. */
async function ask(endpoint, operation, request) {
  const headers = {
    'authorization': 'AWS4-HMAC-SHA256 Credential=AKBENCH/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=none',
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': `DynamoDB_20120810.${operation}`,
  }
  const answer = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(request) })
  if (!answer.ok) throw new Error(`${operation}: ${await answer.text()}`)
  return answer.json()
}

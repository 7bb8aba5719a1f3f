import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import type { Settings } from './settings.js'

const connections = 256

/** A client that sends everything once: who knows what a request does decides whether it is sent again. */
export async function dynamodbClient({ region, endpoint, credentials, connectTimeout, requestTimeout }: Settings): Promise<DynamoDBClient> {
  const agent = { keepAlive: true, maxSockets: connections }
  const make = (region: string | undefined): DynamoDBClient =>
    new DynamoDBClient({
      ...(region === undefined ? {} : { region }),
      ...(endpoint ? { endpoint: endpoint.href } : {}),
      ...(credentials ? { credentials } : {}),
      maxAttempts: 1,
      requestHandler: new NodeHttpHandler({
        httpAgent: new HttpAgent(agent),
        httpsAgent: new HttpsAgent(agent),
        connectionTimeout: connectTimeout,
        requestTimeout,
        throwOnRequestTimeout: true,
      }),
    })
  const client = make(region)
  const hasRegion = await client.config.region().then(Boolean, () => false)
  if (hasRegion) return client
  client.destroy()
  return make('us-east-1')
}

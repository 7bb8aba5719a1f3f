import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { messageOf } from '@registry/core'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { configError } from './config-error.js'
import type { Settings } from './settings.js'

const connections = 256

/**
 * A client that sends everything once: who knows what a request does decides whether it is sent again.
 *
 * @throws `CONFIG` where the region can be none
 */
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
  try {
    await client.config.region()
    return client
  } catch (error) {
    client.destroy()
    // The SDK says so of a name that cannot be one, and something else where nobody has said anything.
    const said = messageOf(error)
    if (said.startsWith('Region not accepted')) throw configError(`region: ${said}`, error)
    return make('us-east-1')
  }
}

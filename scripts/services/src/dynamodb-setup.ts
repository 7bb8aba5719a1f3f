import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestProject } from 'vitest/node'
import { type DynamodbProcess, startDynamodbProcess } from './start-dynamodb.js'

/** `globalSetup` of vitest: a DynamoDB Local for all test files, which is started when the first of them asks, and ended after the last. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let starting: Promise<DynamodbProcess> | undefined
  const server = createServer((_, response) => {
    starting ??= startDynamodbProcess()
    starting.then(
      (dynamodb) => response.end(JSON.stringify(dynamodb)),
      (error: unknown) => response.writeHead(500).end(error instanceof Error ? error.message : String(error)),
    )
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  project.provide('dynamodb', `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  return async () => {
    server.close()
    const dynamodb = await starting?.catch(() => undefined)
    await dynamodb?.close()
  }
}

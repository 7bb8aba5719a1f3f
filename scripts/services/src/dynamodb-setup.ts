import type { TestProject } from 'vitest/node'
import { provideService } from './provide-service.js'
import { startDynamodbProcess } from './start-dynamodb.js'

/** `globalSetup` of vitest: a DynamoDB Local for all test files. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  return provideService(project, 'dynamodb', startDynamodbProcess)
}

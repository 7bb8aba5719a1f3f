import { fileURLToPath } from 'node:url'
import { startLocalEngine } from './local-engine.mjs'

const script = fileURLToPath(new URL('../../scripts/services/dynamodb-local.mjs', import.meta.url))

/** Starts a DynamoDB Local of its own, which ends with this process at the latest. */
export function startDynamodbLocal() {
  return startLocalEngine('DynamoDB Local', process.execPath, [script, '--until-stdin-ends'])
}

import { inRepository, startProgram } from './processes.mjs'

/** DynamoDB Local, without tables: the first replica makes them. */
export async function startDynamodb() {
  const { found, close } = await startProgram(process.execPath, [inRepository('scripts/services/dynamodb-local.mjs'), '--until-stdin-ends'], { ready: /^ready (.*)$/ })
  return { endpoint: found, region: 'us-east-1', database: 'docker-registry', accessKey: 'local', secretKey: 'local', close }
}

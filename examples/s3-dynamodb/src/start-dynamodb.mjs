import { inRepository, startProgram } from './processes.mjs'

/** DynamoDB Local, without tables: the first replica makes them. */
export async function startDynamodb() {
  const args = [inRepository('scripts/services/dynamodb-local.mjs'), '--until-stdin-ends']
  const { found, close } = await startProgram(process.execPath, args, { ready: /^ready (.*)$/ })
  return { endpoint: found, region: 'us-east-1', database: 'docker-registry', accessKey: 'local', secretKey: 'local', close }
}

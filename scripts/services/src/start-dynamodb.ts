import { fileURLToPath } from 'node:url'
import { type ServiceProcess, startServiceProcess } from './service-process.js'

const script = fileURLToPath(new URL('../dynamodb-local.mjs', import.meta.url))

/** Starts a DynamoDB Local of its own, which keeps everything in memory. It ends with this process at the latest. */
export async function startDynamodbProcess(): Promise<ServiceProcess> {
  return startServiceProcess(process.execPath, [script, '--until-stdin-ends'])
}

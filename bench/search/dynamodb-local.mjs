import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('../../scripts/services/dynamodb-local.mjs', import.meta.url))

/** Starts a DynamoDB Local of its own, which ends with this process at the latest. */
export async function startDynamodbLocal() {
  const child = spawn(process.execPath, [script, '--until-stdin-ends'], { stdio: ['pipe', 'pipe', 'inherit'] })
  const closed = once(child, 'close')
  const ready = once(createInterface({ input: child.stdout }), 'line')
  const [line] = await Promise.race([ready, closed])
  if (typeof line !== 'string') throw new Error('DynamoDB Local does not start')
  return {
    endpoint: line.replace(/^ready /, ''),
    close: async () => {
      child.kill('SIGTERM')
      await closed
    },
  }
}

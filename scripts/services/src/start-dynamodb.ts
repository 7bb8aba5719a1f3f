import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

declare module 'vitest' {
  interface ProvidedContext {
    /** Answers with the DynamoDB Local of this run as JSON, which the first request starts. */
    readonly dynamodb: string
  }
}

const script = fileURLToPath(new URL('../dynamodb-local.mjs', import.meta.url))

/** Where DynamoDB is, and who may use it. */
export interface DynamodbAddress {
  readonly endpoint: string
  readonly region: string
  readonly accessKey: string
  readonly secretKey: string
}

export interface DynamodbProcess extends DynamodbAddress {
  /** Ends it, and leaves nothing. */
  close(): Promise<void>
}

/** Starts a DynamoDB Local of its own, which keeps everything in memory. It ends with this process at the latest. */
export async function startDynamodbProcess(): Promise<DynamodbProcess> {
  // A group of its own, so that who interrupts the tests does not interrupt it in the middle of ending Java.
  const child = spawn(process.execPath, [script, '--until-stdin-ends'], { detached: true, stdio: ['pipe', 'pipe', 'pipe'] })
  const closed = once(child, 'close')
  const close = async (): Promise<void> => {
    child.kill('SIGTERM')
    await closed
  }
  const printed: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => printed.push(line))
  const ready = new Promise<string>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('ready ')) resolve(line.slice('ready '.length))
    })
  })
  const endpoint = await Promise.race([ready, closed])
  if (typeof endpoint !== 'string') throw new Error(`DynamoDB Local does not start:\n${printed.join('\n')}`)
  return { endpoint, region: 'us-east-1', accessKey: 'AKTEST', secretKey: 'SKTESTSKTEST', close }
}

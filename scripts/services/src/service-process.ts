import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** Where a service is, and who may use it. */
export interface ServiceAddress {
  readonly endpoint: string
  readonly region: string
  readonly accessKey: string
  readonly secretKey: string
}

export interface ServiceProcess extends ServiceAddress {
  /** Ends it, and leaves nothing. */
  close(): Promise<void>
}

/** Starts a program that prints `ready` and its endpoint, and that ends with its input: with this process at the latest. */
export async function startServiceProcess(command: string, args: readonly string[]): Promise<ServiceProcess> {
  // A group of its own, so that who interrupts the tests does not interrupt it in the middle of ending what it started.
  const child = spawn(command, args, { detached: true, stdio: ['pipe', 'pipe', 'pipe'] })
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
  if (typeof endpoint !== 'string') throw new Error(`${args[0]!} does not start:\n${printed.join('\n')}`)
  return { endpoint, region: 'us-east-1', accessKey: 'AKTEST', secretKey: 'SKTESTSKTEST', close }
}

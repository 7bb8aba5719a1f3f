import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'

/** A registry in a process of its own. */
export interface ServerProcess {
  /** `host:port` */
  readonly address: string
  /** Ends it at once, as a crash would, and waits until it is gone. */
  kill(): Promise<void>
  /** Ends it as an operator would, and waits until it is gone. */
  stop(): Promise<void>
  /** What it wrote to stderr. */
  readonly errors: readonly string[]
}

/** Starts a registry, and waits until it says where it listens. It ends with the test at the latest. */
export async function startServer([program, ...options]: readonly string[]): Promise<ServerProcess> {
  const child = spawn(program!, options, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, UV_USE_IO_URING: '0' } })
  const errors: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => errors.push(line))
  const closed = once(child, 'close')
  onTestFinished(() => end(child, 'SIGKILL', closed))
  const address = await Promise.race([firstAddress(child), closed.then(() => undefined)])
  if (address === undefined) throw new Error(`expected the registry to start, but it ended: ${errors.join('\n')}`)
  return { address, errors, kill: () => end(child, 'SIGKILL', closed), stop: () => end(child, 'SIGTERM', closed) }
}

async function firstAddress(child: ChildProcess): Promise<string | undefined> {
  for await (const line of createInterface({ input: child.stdout! })) {
    const address = /^Listening on .*http:\/\/(\S+)$/.exec(line)?.[1]
    if (address !== undefined) {
      child.stdout!.resume()
      return address
    }
  }
  return undefined
}

async function end(child: ChildProcess, signal: NodeJS.Signals, closed: Promise<unknown>): Promise<void> {
  child.kill(signal)
  await closed
}

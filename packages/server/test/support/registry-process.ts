import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

/** A line of the request log. */
export interface LoggedRequest {
  readonly method: string
  readonly url: string
  readonly status: number
}

/** `registry serve` as a process of its own. */
export interface RegistryProcess {
  /** `host:port`, as clients name it. */
  readonly address: string
  /** What it printed. */
  readonly output: readonly string[]
  /** Its log, and what else went to stderr. */
  readonly errors: readonly string[]
  /** The requests that it answered, in order. */
  readonly requests: LoggedRequest[]
  readonly child: ChildProcess
  /** Ends it as an operator would, and waits for it. Resolves with the exit code. */
  stop(): Promise<number | null>
}

/** What surrounds a command. */
export interface Surroundings {
  /** The folder that it runs in. Default: that of the test. */
  readonly cwd?: string
  /** Variables beside those of the test. */
  readonly environment?: Readonly<Record<string, string>>
  /** The file of the command. Default: that of this package. */
  readonly command?: string
}

function start(args: readonly string[], { cwd, environment = {}, command = main }: Surroundings): ChildProcessByStdio<null, Readable, Readable> {
  return spawn(process.execPath, [command, ...args], { stdio: ['ignore', 'pipe', 'pipe'], cwd, env: { ...process.env, ...environment } })
}

/**
 * Starts a registry on a free port, and waits until it listens. It is ended with the test.
 *
 * @param storagePath - `undefined` where its configuration says where the data is
 */
export async function startRegistryProcess(storagePath: string | undefined, options: readonly string[] = [], surroundings: Surroundings = {}): Promise<RegistryProcess> {
  const place = storagePath === undefined ? [] : ['--storage-path', storagePath]
  const child = start(['serve', '--port', '0', ...place, ...options], surroundings)
  const exited = once(child, 'exit') as Promise<[number | null]>
  const output: string[] = []
  const requests: LoggedRequest[] = []
  const errors: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => {
    errors.push(line)
    if (line.includes('"msg":"request"')) requests.push(JSON.parse(line) as LoggedRequest)
  })
  const stop = async (): Promise<number | null> => {
    child.kill('SIGTERM')
    return (await exited)[0]
  }
  onTestFinished(async () => {
    await stop()
  })
  const lines = createInterface({ input: child.stdout })
  lines.on('line', (line) => output.push(line))
  const started = new Promise<void>((resolve) => lines.on('line', () => { if (output.length === 3) resolve() }))
  await Promise.race([started, exited.then(([code]) => Promise.reject(new Error(`the registry ended with ${String(code)}: ${errors.join('\n')}`)))])
  return { address: output[0]!.replace(/^.*http:\/\//, ''), output, errors, requests, child, stop }
}

/** Runs the command to its end. */
export async function runRegistryCommand(
  args: readonly string[],
  surroundings: Surroundings = {},
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const child = start(args, surroundings)
  const [out, error] = [child.stdout, child.stderr].map((stream) => stream.setEncoding('utf8').toArray() as Promise<string[]>)
  const [code] = (await once(child, 'exit')) as [number | null]
  return { code, stdout: (await out!).join(''), stderr: (await error!).join('') }
}

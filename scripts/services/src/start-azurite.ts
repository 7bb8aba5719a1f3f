import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The account that every Azurite has. */
export const account = 'devstoreaccount1'
export const accountKey = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=='

/** A running server, for one test file. */
export interface Azurite extends AsyncDisposable {
  /** URL of the account. */
  readonly endpoint: string
}

/** Starts Azurite in a temporary folder, on a free port of the loopback address. */
export async function startAzurite(): Promise<Azurite> {
  const folder = await mkdtemp(join(tmpdir(), 'azurite-'))
  const program = createRequire(import.meta.url).resolve('azurite/dist/src/blob/main.js')
  const flags = ['--blobHost', '127.0.0.1', '--blobPort', '0', '--location', folder, '--silent', '--skipApiVersionCheck', '--disableTelemetry']
  const server = spawn(process.execPath, [program, ...flags], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(server, 'exit')
  let output = ''
  let endpoint: string | undefined
  for await (const chunk of server.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    output += String(chunk)
    endpoint = /successfully listens on (http:\/\/\S+:\d+)/.exec(output)?.[1]
    if (endpoint !== undefined) break
  }
  if (endpoint === undefined) throw new Error(`azurite did not start: ${output}`)
  server.stdout.resume()
  return {
    endpoint: `${endpoint}/${account}`,
    async [Symbol.asyncDispose]() {
      server.kill('SIGKILL')
      await exited
      await rm(folder, { recursive: true, force: true })
    },
  }
}

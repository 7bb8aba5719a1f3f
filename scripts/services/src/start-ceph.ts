import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

declare module 'vitest' {
  interface ProvidedContext {
    /** Answers with the gateway of this run as JSON, which the first request starts. */
    readonly ceph: string
  }
}

const script = fileURLToPath(new URL('../radosgw.sh', import.meta.url))

/** Where a gateway is, and who may use it. */
export interface CephAddress {
  readonly endpoint: string
  readonly region: string
  readonly accessKey: string
  readonly secretKey: string
  /** The path of its log, in which each request that it answered is a line with `beast:`, its method, its path and its status. */
  readonly log: string
}

export interface CephProcess extends CephAddress {
  /** Ends it, and leaves nothing. */
  close(): Promise<void>
}

/** Starts a Ceph Object Gateway of its own, which keeps this many bytes at most, in memory. It ends with this process at the latest. */
export async function startCephProcess({ memoryBytes = 4 * 1024 ** 3 }: { readonly memoryBytes?: number } = {}): Promise<CephProcess> {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'registry-ceph-'))
  const [monitorPort, port] = await freePorts()
  const options = ['--memory', memoryBytes, '--monitor-port', monitorPort, '--port', port, '--until-stdin-ends', '--remove'].map(String)
  // A group of its own, so that who interrupts the tests does not interrupt it in the middle of ending the others.
  const child = spawn('bash', [script, folder, ...options], { detached: true, stdio: ['pipe', 'pipe', 'pipe'] })
  const closed = once(child, 'close')
  const close = async (): Promise<void> => {
    child.kill('SIGTERM')
    await closed
    await rm(folder, { recursive: true, force: true })
  }
  const printed: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => printed.push(line))
  const ready = new Promise<string>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('ready ')) resolve(line.slice('ready '.length))
    })
  })
  const endpoint = await Promise.race([ready, closed])
  if (typeof endpoint !== 'string') {
    await close()
    throw new Error(`the Ceph Object Gateway does not start:\n${printed.join('\n')}`)
  }
  return { endpoint, region: 'us-east-1', accessKey: 'AKTEST', secretKey: 'SKTESTSKTEST', log: join(folder, 'requests.log'), close }
}

/** Two different ones. */
async function freePorts(): Promise<readonly [number, number]> {
  const servers = await Promise.all(
    [createServer(), createServer()].map(async (server) => {
      await once(server.listen(0, '127.0.0.1'), 'listening')
      return server
    }),
  )
  const [first, second] = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => once(server.close(), 'close')))
  return [first!, second!]
}

import { existsSync, mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from './free-port.mjs'
import { type ServiceAddress, startServiceProcess } from './service-process.js'

const script = fileURLToPath(new URL('../radosgw.sh', import.meta.url))

/** Where a gateway is, and who may use it. */
export interface CephAddress extends ServiceAddress {
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
  const remove = async (): Promise<void> => rm(folder, { recursive: true, force: true })
  const [monitorPort, port] = [await freePort(), await freePort()]
  const options = ['--memory', memoryBytes, '--monitor-port', monitorPort, '--port', port, '--until-stdin-ends', '--remove'].map(String)
  try {
    const service = await startServiceProcess('bash', [script, folder, ...options])
    const close = async (): Promise<void> => {
      await service.close()
      await remove()
    }
    return { ...service, log: join(folder, 'requests.log'), close }
  } catch (error) {
    await remove()
    throw error
  }
}

import { readFile } from 'node:fs/promises'
import type { CephRoot } from '@registry/services/ceph'

/** A read of an object that the gateway answered. */
export interface GatewayRead {
  /** The key below the root. */
  readonly key: string
  readonly status: number
  /** Of the body. */
  readonly bytes: number
  readonly userAgent: string
}

/** The reads below this root that the gateway answered so far, in the order of their ends, as its log has them. */
export async function gatewayReads({ log, bucket, root }: CephRoot): Promise<readonly GatewayRead[]> {
  const line = /beast: .*?"GET \/([^/]+)\/([^/]+)\/([^? ]+)\S* HTTP\/1\.1" (\d+) (\d+) \S+ "([^"]*)"/g
  const found = [...(await readFile(log, 'utf8')).matchAll(line)].filter((match) => match[1] === bucket && match[2] === root)
  return found.map((match) => ({ key: match[3]!, status: Number(match[4]), bytes: Number(match[5]), userAgent: match[6]! }))
}

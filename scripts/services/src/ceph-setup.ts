import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestProject } from 'vitest/node'
import { type CephProcess, startCephProcess } from './start-ceph.js'

/** `globalSetup` of vitest: a gateway for all test files, which is started when the first of them asks, and ended after the last. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let starting: Promise<CephProcess> | undefined
  const server = createServer((_, response) => {
    starting ??= startCephProcess()
    starting.then(
      (ceph) => response.end(JSON.stringify(ceph)),
      (error: unknown) => response.writeHead(500).end(error instanceof Error ? error.message : String(error)),
    )
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  project.provide('ceph', `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  return async () => {
    server.close()
    const ceph = await starting?.catch(() => undefined)
    await ceph?.close()
  }
}

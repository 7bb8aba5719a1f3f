import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestProject } from 'vitest/node'
import type { ServiceName } from './provided-service.js'

/** For a `globalSetup` of vitest: a service for all test files, which is started when the first of them asks, and ended after the last. */
export async function provideService(
  { provide }: TestProject,
  name: ServiceName,
  start: () => Promise<{ close(): Promise<void> }>,
): Promise<() => Promise<void>> {
  let starting: ReturnType<typeof start> | undefined
  const server = createServer((_, response) => {
    starting ??= start()
    starting.then(
      (service) => response.end(JSON.stringify(service)),
      (error: unknown) => response.writeHead(500).end(error instanceof Error ? error.message : String(error)),
    )
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  provide(name, `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  return async () => {
    server.close()
    const service = await starting?.catch(() => undefined)
    await service?.close()
  }
}

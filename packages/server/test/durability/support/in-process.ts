import type { Driver, Index } from '@registry/core'
import { createRegistry } from '@registry/engine'
import { createServer } from '../../../src/server.js'
import { connectTo, type Send } from './send.js'

/** Starts a registry in this process, where its index is lost makes that anew, uses it, and ends it. Work behind an answer must not fail. */
export async function withRegistry(
  { driver, index, indexLost }: { readonly driver: Driver; readonly index: Index; readonly indexLost: boolean },
  use: (send: Send) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = []
  await using registry = await createRegistry({ driver, index, exclusive: true, onBackgroundError: (error) => failures.push(error) })
  if (registry.rebuild && !indexLost) throw new Error('expected the index to be whole, but it is made anew from storage')
  await registry.rebuild?.report
  await using server = await createServer(registry)
  const { port } = await server.listen({ port: 0 })
  const connection = connectTo(`127.0.0.1:${port}`)
  try {
    await use(connection.send)
  } finally {
    connection.close()
  }
  await registry.settled()
  if (failures.length > 0) throw new AggregateError(failures, `expected the work behind answers to succeed, but: ${failures.map(String).join('; ')}`)
}

import { memoryDriver, memoryIndex } from '@registry/core/memory'
import { createRegistry, type Registry } from '@registry/engine'
import { createServer } from './server.js'

/** What a registry of a test may be told. */
export interface TestRegistryOptions {
  /** Default: a free one. */
  readonly port?: number
}

/** A registry that listens, and forgets everything when it is closed. */
export interface TestRegistry extends AsyncDisposable {
  /** Where it listens, such as `http://127.0.0.1:40123`. */
  readonly url: string
  /** Address and port, with which the names of its images begin, such as `127.0.0.1:40123`. */
  readonly host: string
  /** The registry behind the server, to look inside. */
  readonly registry: Registry
  /** Ends it. Calling it again is fine. Rejects where work behind an answer has failed, so that a test sees it. */
  close(): Promise<void>
}

/** Running requests have this long to end. A test that closes a registry does not wait for more. */
const graceMilliseconds = 1000

/** Starts a registry in memory on a loopback port: `await using registry = await startTestRegistry()`. */
export async function startTestRegistry({ port = 0 }: TestRegistryOptions = {}): Promise<TestRegistry> {
  const failures: unknown[] = []
  const registry = await createRegistry({ driver: memoryDriver(), index: memoryIndex(), onBackgroundError: (error) => failures.push(error) })
  const server = await createServer(registry)
  const end = async (): Promise<void> => {
    await server.close({ graceMilliseconds })
    await registry.close()
    if (failures.length > 0) throw new AggregateError(failures, 'work behind an answer has failed')
  }
  let ended: Promise<void> | undefined
  const close = (): Promise<void> => (ended ??= end())

  try {
    const { url } = await server.listen({ port })
    return { url, host: new URL(url).host, registry, close, [Symbol.asyncDispose]: close }
  } catch (error) {
    await close()
    throw error
  }
}

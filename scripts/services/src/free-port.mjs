import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * A port that nobody listens at, for a program that has to be told one. It is none of those that systems give to
 * connections on their way out (from 32768): among thousands of these it would be taken before the program listens.
 */
export async function freePort() {
  for (;;) {
    const server = createServer().listen(randomInt(10_000, 32_000))
    try {
      await once(server, 'listening')
    } catch (error) {
      if (error.code === 'EADDRINUSE') continue
      throw error
    }
    const { port } = server.address()
    server.close()
    await once(server, 'close')
    return port
  }
}

import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

const given = new Set()

/**
 * A port that nobody listens at, for a program that has to be told one. It is none of those that systems give to
 * connections on their way out (from 32768): among thousands of these it would be taken before the program listens.
 * Each call gives another one.
 */
export async function freePort() {
  for (;;) {
    const port = randomInt(10_000, 32_000)
    if (given.has(port)) continue
    const server = createServer().listen(port)
    try {
      await once(server, 'listening')
    } catch (error) {
      if (error.code === 'EADDRINUSE') continue
      throw error
    }
    server.close()
    await once(server, 'close')
    given.add(port)
    return port
  }
}

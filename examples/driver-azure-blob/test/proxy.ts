import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Stands between a driver and the server, and loses what it is told to. */
export interface Proxy extends AsyncDisposable {
  readonly endpoint: string
  /** Which answers get lost behind the server, by method and path with query. */
  loses: (method: string, path: string) => boolean
  /** Breaks every connection, and takes no other. */
  die(): void
}

export async function startProxy(target: string): Promise<Proxy> {
  const { port: targetPort, pathname } = new URL(target)
  const server = createServer((incoming, outgoing) => {
    const { method = '', url: path = '', headers } = incoming
    const forwarded = request({ host: '127.0.0.1', port: targetPort, method, path, headers }, (answer) => {
      if (proxy.loses(method, path)) {
        answer.resume()
        outgoing.destroy()
        return
      }
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(outgoing)
    })
    forwarded.on('error', () => outgoing.destroy())
    incoming.pipe(forwarded)
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const proxy: Proxy = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}${pathname}`,
    loses: () => false,
    die() {
      server.close()
      server.closeAllConnections()
    },
    async [Symbol.asyncDispose]() {
      proxy.die()
    },
  }
  return proxy
}

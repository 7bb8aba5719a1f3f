import type { Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/** The connections of a server, with the answers that each is waiting for. */
export interface Connections {
  /** Closes every connection that no request is running on, and from now on each as soon as that is so. */
  closeIdle(): void
  /** Whether an answer is on its way: nothing else can be said then. */
  isAnswering(socket: Duplex): boolean
}

/**
 * Node's own `closeIdleConnections` leaves those alone that never had a whole request: the spare connections of load
 * balancers, and clients in the middle of a header. They would hold up the end of a server for nothing.
 */
export function trackConnections(server: Server): Connections {
  const running = new Map<Duplex, Set<ServerResponse>>()
  let closing = false
  const settle = (socket: Duplex): void => {
    // A socket ends once what was written is sent.
    if (closing && running.get(socket)?.size === 0) (socket as Duplex & { destroySoon(): void }).destroySoon()
  }
  server.on('connection', (socket) => {
    running.set(socket, new Set())
    socket.once('close', () => running.delete(socket))
  })
  server.on('request', ({ socket }, response) => {
    running.get(socket)?.add(response)
    response.once('close', () => {
      if (running.get(socket)?.delete(response)) settle(socket)
    })
  })
  return {
    closeIdle() {
      closing = true
      for (const socket of running.keys()) settle(socket)
    },
    isAnswering: (socket) => [...(running.get(socket) ?? [])].some(({ headersSent }) => headersSent),
  }
}

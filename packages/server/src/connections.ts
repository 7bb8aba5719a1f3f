import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/** The connections of a server, with the number of requests that each is waiting for. */
export interface Connections {
  /** Closes every connection that no request is running on, and from now on each as soon as that is so. */
  closeIdle(): void
}

/**
 * Node's own `closeIdleConnections` leaves those alone that never had a whole request: the spare connections of load
 * balancers, and clients in the middle of a header. They would hold up the end of a server for nothing.
 */
export function trackConnections(server: Server): Connections {
  const running = new Map<Socket, number>()
  let closing = false
  const settle = (socket: Socket): void => {
    if (closing && running.get(socket) === 0) socket.destroySoon()
  }
  server.on('connection', (socket: Socket) => {
    running.set(socket, 0)
    socket.once('close', () => running.delete(socket))
  })
  server.on('request', ({ socket }, response) => {
    running.set(socket, (running.get(socket) ?? 0) + 1)
    response.once('close', () => {
      const left = running.get(socket)
      if (left === undefined) return
      running.set(socket, left - 1)
      settle(socket)
    })
  })
  return {
    closeIdle() {
      closing = true
      for (const socket of running.keys()) settle(socket)
    },
  }
}

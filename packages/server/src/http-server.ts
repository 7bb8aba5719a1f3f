import { createServer, type RequestListener, type Server } from 'node:http'
import { answerClientError, refuseExpectation } from './client-error.js'
import { type Connections, trackConnections } from './connections.js'

export interface HttpServerOptions {
  /** Of the request line and the headers together. */
  readonly headerBytes: number
  /** After how long without a byte in either direction a connection is closed. */
  readonly idleMilliseconds: number
}

/** Longer than load balancers keep an idle connection: the side that closes last gets no request into the void. */
const keepAliveTimeout = 75_000

/** The server below the registry: how it reads requests and keeps connections, and what is answered that never becomes a request. */
export function httpServer(listener: RequestListener, { headerBytes, idleMilliseconds }: HttpServerOptions): { readonly server: Server; readonly connections: Connections } {
  const server = createServer({
    // A push of a large layer takes as long as it takes; what counts is whether bytes still come.
    requestTimeout: 0,
    keepAliveTimeout,
    maxHeaderSize: headerBytes,
    // Without a host the refusal is ours, in our form.
    requireHostHeader: false,
  })
  const connections = trackConnections(server)
  server.setTimeout(idleMilliseconds)
  server.on('request', listener)
  // Who asks whether to send a body is told when somebody reads it.
  server.on('checkContinue', (request, response) => {
    server.emit('request', request, response)
  })
  server.on('checkExpectation', (_request, response) => {
    refuseExpectation(response)
  })
  server.on('connect', (_request, socket) => {
    answerClientError(new Error('CONNECT is for proxies'), socket, false)
  })
  server.on('clientError', (error, socket) => {
    answerClientError(error, socket, connections.isAnswering(socket))
  })
  return { server, connections }
}

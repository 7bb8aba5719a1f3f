import type { Server } from 'node:http'
import type { FastifyHttpOptions } from 'fastify'
import { answerClientError, refuseExpectation } from './client-error.js'
import type { ServerLimits } from './settings.js'

/** Longer than load balancers keep an idle connection: the side that closes last gets no request into the void. */
const keepAliveTimeout = 75_000

/** How the server below the application reads requests and keeps connections. */
export function httpOptions({ headerBytes }: ServerLimits, idleMilliseconds: number): FastifyHttpOptions<Server> {
  return {
    // A push of a large layer takes as long as it takes; what counts is whether bytes still come.
    requestTimeout: 0,
    // Without a host the refusal is ours, in our form.
    http: { maxHeaderSize: headerBytes, requireHostHeader: false },
    // A target may be a whole URL (RFC 9112, section 3.2.2), of which only the path is heeded.
    rewriteUrl: ({ url = '' }) => url.replace(/^https?:\/\/[^/]*/i, ''),
    return503OnClosing: false,
    connectionTimeout: idleMilliseconds,
    keepAliveTimeout,
    forceCloseConnections: 'idle',
  }
}

/** Sees to what never becomes a request of the application, or would be answered by Node first. */
export function answerInPlaceOfNode(server: Server): void {
  // Who asks whether to send a body is told when somebody reads it.
  server.on('checkContinue', (request, response) => {
    server.emit('request', request, response)
  })
  server.on('connect', (_request, socket) => {
    answerClientError(new Error('CONNECT is for proxies'), socket, false)
  })
  server.on('checkExpectation', (_request, response) => {
    refuseExpectation(response)
  })
}

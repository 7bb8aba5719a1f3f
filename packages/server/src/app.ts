import { randomUUID } from 'node:crypto'
import type { Registry } from '@registry/engine'
import { fastify, type FastifyBaseLogger, type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import { dispatch } from './dispatch.js'
import { toHttpError } from './errors.js'
import { healthRoutes } from './handlers/health.js'
import { parseRequest } from './parse-request.js'
import { sendJson } from './send-json.js'
import { boundUnreadBody } from './unread-body.js'

export interface AppOptions {
  readonly logger?: FastifyBaseLogger | undefined
  /** After how long without a byte in either direction a connection is closed. */
  readonly idleMilliseconds: number
}

/** Longer than load balancers keep an idle connection: the side that closes last gets no request into the void. */
const keepAliveTimeout = 75_000

/** The registry as a Fastify application. */
export function buildApp(registry: Registry, { logger, idleMilliseconds }: AppOptions): FastifyInstance {
  const app: FastifyInstance = fastify({
    ...(logger && { loggerInstance: logger }),
    logController: new LogController({ disableRequestLogging: true }),
    exposeHeadRoutes: false,
    genReqId: () => randomUUID(),
    // A push of a large layer takes as long as it takes; what counts is whether bytes still come.
    requestTimeout: 0,
    connectionTimeout: idleMilliseconds,
    keepAliveTimeout,
    forceCloseConnections: 'idle',
    frameworkErrors: (_error, request, reply) => {
      answer(request, commonHeaders(reply)).catch((error: unknown) => writeError(error, request, reply))
    },
  })

  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    await dispatch({ registry, request, reply }, parseRequest(request.method, request.raw.url ?? ''))
    return reply
  }

  // Bodies are the handlers' to read, as they come.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => {
    done(null)
  })
  app.addHook('onRequest', async (_request, reply) => {
    commonHeaders(reply)
  })
  let closing = false
  app.addHook('preClose', async () => {
    closing = true
  })
  app.addHook('onResponse', async (request, reply) => {
    boundUnreadBody(request, reply)
    // Node closes the connections that are idle when a server closes, and waits for those that fall idle later.
    if (closing) setImmediate(() => { app.server.closeIdleConnections() })
    request.log.info({ method: request.method, url: request.raw.url, status: reply.statusCode, milliseconds: Math.round(reply.elapsedTime) }, 'request')
  })
  app.setErrorHandler(writeError)
  app.setNotFoundHandler(answer)
  app.all('/v2/*', answer)
  healthRoutes(app, registry)
  return app
}

async function writeError(error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (request.raw.destroyed && !request.raw.complete) {
    request.log.info({ err: error }, 'the client left in the middle of its request')
    reply.hijack()
    return
  }
  const { status, errors, retryAfter } = toHttpError(error, request.id)
  if (status >= 500) request.log.error({ err: error }, 'request failed')
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter)
  reply.removeHeader('content-length').removeHeader('etag').code(status)
  await (request.method === 'HEAD' ? reply.send() : sendJson(reply, { errors }))
}

function commonHeaders(reply: FastifyReply): FastifyReply {
  return reply.header('docker-distribution-api-version', 'registry/2.0').header('x-content-type-options', 'nosniff')
}

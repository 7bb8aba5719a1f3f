import { randomUUID } from 'node:crypto'
import type { Registry } from '@registry/engine'
import { fastify, type FastifyBaseLogger, type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import { answerClientError } from './client-error.js'
import { hasLeft, isDeparture } from './client-left.js'
import { trackConnections } from './connections.js'
import { crossOriginHeaders } from './cross-origin.js'
import { dispatch } from './dispatch.js'
import { toHttpError } from './errors.js'
import { healthRoutes } from './handlers/health.js'
import { type Welcome, welcomeRoutes } from './handlers/welcome.js'
import { addHooks } from './hooks.js'
import { answerInPlaceOfNode, httpOptions } from './http-server.js'
import { parseRequest } from './parse-request.js'
import { bodyOf, expectsContinue } from './request-body.js'
import { sendJson } from './send-json.js'
import type { Settings } from './settings.js'
import { Turns } from './turns.js'

export interface AppOptions {
  readonly settings: Settings
  /** Origins whose pages may use the registry from a browser. */
  readonly allowedOrigins: readonly string[]
  /** A `Warning` for every answer. */
  readonly warning: string | undefined
  readonly welcome: Welcome
  readonly logger?: FastifyBaseLogger | undefined
  /** After how long without a byte in either direction a connection is closed. */
  readonly idleMilliseconds: number
  /** For how long the rest of a refused body is read. */
  readonly refusedBodyMilliseconds: number
}

/** The application, and what ends it. */
export interface App {
  readonly app: FastifyInstance
  /** Takes no more requests. Resolves when no handler is at work; those that are not done by then are cut off. */
  readonly close: (graceMilliseconds: number) => Promise<void>
}

/** The registry as a Fastify application. */
export function buildApp(registry: Registry, options: AppOptions): App {
  const { settings, allowedOrigins, warning, welcome, logger, idleMilliseconds, refusedBodyMilliseconds } = options
  const app: FastifyInstance = fastify({
    ...httpOptions(settings.limits, idleMilliseconds),
    ...(logger && { loggerInstance: logger }),
    logController: new LogController({ disableRequestLogging: true }),
    exposeHeadRoutes: false,
    genReqId: () => randomUUID(),
    clientErrorHandler: (error, socket) => {
      answerClientError(error, socket, connections.isAnswering(socket))
    },
    frameworkErrors: (_error, request, reply) => {
      answer(request, headed(request, reply)).catch((error: unknown) => writeError(error, request, reply))
    },
  })
  answerInPlaceOfNode(app.server)
  const connections = trackConnections(app.server)
  const headers = commonHeaders(warning)
  const headed = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
    reply.headers({ ...headers, ...crossOriginHeaders(request, allowedOrigins) })
  const running = new Set<Promise<void>>()
  const turns = new Turns()
  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    if (!(await turns.take(request.raw, reply.raw))) return reply.hijack()
    const exchange = { registry, settings, request, reply, body: bodyOf(request, reply) }
    const handled = dispatch(exchange, parseRequest(request.method, request.raw.url ?? '', settings.off))
    running.add(handled)
    await handled.finally(() => running.delete(handled))
    return reply
  }

  // Bodies are the handlers' to read, as they come.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => {
    done(null)
  })
  addHooks(app, { headed, buffered: settings.buffered, refusedBodyMilliseconds })
  app.setErrorHandler(writeError)
  app.setNotFoundHandler(answer)
  app.all('/v2/*', answer)
  healthRoutes(app, registry)
  welcomeRoutes(app, welcome)

  const close = async (graceMilliseconds: number): Promise<void> => {
    const closed = app.close()
    connections.closeIdle()
    const timer = setTimeout(() => {
      app.server.closeAllConnections()
    }, graceMilliseconds)
    await closed.finally(() => {
      clearTimeout(timer)
    })
    // A handler whose connection was cut still stores what arrived.
    await Promise.allSettled(running)
  }
  return { app, close }
}

async function writeError(error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (request.raw.destroyed && !request.raw.complete) {
    request.log.info({ err: error }, 'the client left in the middle of its request')
    reply.hijack()
    return
  }
  const { status, errors, retryAfter } = toHttpError(error, request.id)
  if (isDeparture(error)) request.log.info({ err: error }, 'the client left before its answer')
  else if (status >= 500) request.log.error({ err: error }, 'request failed')
  if (hasLeft(reply.raw)) {
    reply.hijack()
    return
  }
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter)
  if (expectsContinue(request)) reply.header('connection', 'close')
  reply.removeHeader('content-length').removeHeader('etag').code(status)
  await (request.method === 'HEAD' ? reply.send() : sendJson(reply, { errors }))
}

function commonHeaders(warning: string | undefined): Readonly<Record<string, string>> {
  return {
    'docker-distribution-api-version': 'registry/2.0',
    // What is stored is anybody's. No browser is to run it, or guess what it is.
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    ...(warning !== undefined && { warning }),
  }
}

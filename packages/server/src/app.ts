import { randomUUID } from 'node:crypto'
import { mediaTypes } from '@registry/core'
import type { Registry } from '@registry/engine'
import { fastify, type FastifyBaseLogger, type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import { smallBytes } from './byte-budget.js'
import { answerClientError, refuseExpectation } from './client-error.js'
import { trackConnections } from './connections.js'
import { crossOriginHeaders } from './cross-origin.js'
import { dispatch } from './dispatch.js'
import { bodyOf, expectsContinue } from './request-body.js'
import { toHttpError } from './errors.js'
import { healthRoutes } from './handlers/health.js'
import { refuse } from './handlers/refusals.js'
import { parseRequest } from './parse-request.js'
import { sendJson } from './send-json.js'
import type { Settings } from './settings.js'
import { Turns } from './turns.js'
import { boundUnreadBody } from './unread-body.js'

export interface AppOptions {
  readonly settings: Settings
  /** Origins whose pages may use the registry from a browser. */
  readonly allowedOrigins: readonly string[]
  /** A `Warning` for every answer. */
  readonly warning: string | undefined
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

/** Longer than load balancers keep an idle connection: the side that closes last gets no request into the void. */
const keepAliveTimeout = 75_000

/** The registry as a Fastify application. */
export function buildApp(registry: Registry, { settings, allowedOrigins, warning, logger, idleMilliseconds, refusedBodyMilliseconds }: AppOptions): App {
  const app: FastifyInstance = fastify({
    ...(logger && { loggerInstance: logger }),
    logController: new LogController({ disableRequestLogging: true }),
    exposeHeadRoutes: false,
    genReqId: () => randomUUID(),
    // A push of a large layer takes as long as it takes; what counts is whether bytes still come.
    requestTimeout: 0,
    // Without a host the refusal is ours, in our form.
    http: { maxHeaderSize: settings.limits.headerBytes, requireHostHeader: false },
    // A target may be a whole URL (RFC 9112, section 3.2.2), of which only the path is heeded.
    rewriteUrl: ({ url = '' }) => url.replace(/^https?:\/\/[^/]*/i, ''),
    return503OnClosing: false,
    connectionTimeout: idleMilliseconds,
    keepAliveTimeout,
    forceCloseConnections: 'idle',
    clientErrorHandler: (error, socket) => {
      answerClientError(error, socket, connections.isAnswering(socket))
    },
    frameworkErrors: (_error, request, reply) => {
      answer(request, headed(request, reply)).catch((error: unknown) => writeError(error, request, reply))
    },
  })

  // Who asks whether to send a body is told when somebody reads it.
  app.server.on('checkContinue', (request, response) => {
    app.server.emit('request', request, response)
  })
  app.server.on('connect', (_request, socket) => {
    answerClientError(new Error('CONNECT is for proxies'), socket, false)
  })
  app.server.on('checkExpectation', (_request, response) => {
    refuseExpectation(response)
  })
  const connections = trackConnections(app.server)
  const headers = commonHeaders(warning)
  const headed = (request: FastifyRequest, reply: FastifyReply): FastifyReply => reply.headers({ ...headers, ...crossOriginHeaders(request, allowedOrigins) })
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
  app.addHook('onRequest', async (request, reply) => {
    headed(request, reply)
    if (request.raw.httpVersion === '1.1' && request.raw.headersDistinct['host']?.length !== 1) {
      await refuse(reply.code(400).header('connection', 'close'), 'a request has to name one host')
      return reply
    }
    // Fastify refuses a Content-Type that it cannot read, also where nobody asks for it: it is the handlers' to judge.
    request.raw.headers['content-type'] = mediaTypes.octetStream
  })
  // An answer is in memory until its client has read it.
  app.addHook('onSend', async (_request, { raw }, payload) => {
    if (!Buffer.isBuffer(payload) || payload.byteLength <= smallBytes) return payload
    settings.buffered.take(payload.byteLength)
    raw.once('close', () => {
      settings.buffered.give(payload.byteLength)
    })
    return payload
  })
  app.addHook('onResponse', async (request, reply) => {
    boundUnreadBody(request, refusedBodyMilliseconds)
    request.log.info({ method: request.method, url: request.raw.url, status: reply.statusCode, milliseconds: Math.round(reply.elapsedTime) }, 'request')
  })
  app.setErrorHandler(writeError)
  app.setNotFoundHandler(answer)
  app.all('/v2/*', answer)
  healthRoutes(app, registry)

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
  if (status >= 500) request.log.error({ err: error }, 'request failed')
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

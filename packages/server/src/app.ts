import { randomUUID } from 'node:crypto'
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import type { Registry } from '@registry/engine'
import { crossOriginHeaders } from './cross-origin.js'
import { dispatch } from './dispatch.js'
import type { Exchange } from './exchange.js'
import { refuse } from './handlers/refusals.js'
import { httpServer } from './http-server.js'
import { type Log, requestLog } from './log.js'
import { parseRequest } from './parse-request.js'
import { Reply } from './reply.js'
import { bodyOf } from './request-body.js'
import { sentHeaders } from './sent-headers.js'
import type { Settings } from './settings.js'
import { Turns } from './turns.js'
import { boundUnreadBody } from './unread-body.js'
import { writeError } from './write-error.js'

export interface AppOptions {
  readonly settings: Settings
  /** Origins whose pages may use the registry from a browser. */
  readonly allowedOrigins: readonly string[]
  /** A `Warning` for every answer. */
  readonly warning: string | undefined
  readonly logger?: Log | undefined
  /** After how long without a byte in either direction a connection is closed. */
  readonly idleMilliseconds: number
  /** For how long the rest of a refused body is read. */
  readonly refusedBodyMilliseconds: number
}

/** What answers requests, the server that it listens with, and what ends both. */
export interface App {
  readonly listener: RequestListener
  readonly server: Server
  /** Takes no more requests. Resolves when no handler is at work; those that are not done by then are cut off. */
  readonly close: (graceMilliseconds: number) => Promise<void>
}

/** The registry as an HTTP application. */
export function buildApp(registry: Registry, options: AppOptions): App {
  const { settings, allowedOrigins, warning, logger, idleMilliseconds, refusedBodyMilliseconds } = options
  const common = Object.entries(commonHeaders(warning)).flat()
  const running = new Set<Promise<void>>()
  const turns = new Turns()
  let isClosing = false

  const exchangeOf = (request: IncomingMessage, response: ServerResponse): Exchange => {
    const reply = new Reply(response, common, settings.buffered)
    for (const [name, value] of Object.entries(crossOriginHeaders(request, allowedOrigins))) reply.header(name, value)
    if (isClosing) reply.header('connection', 'close')
    const id = randomUUID()
    return { registry, settings, request, reply, body: bodyOf(request, response), id, log: requestLog(logger, id) }
  }

  const answer = async (exchange: Exchange): Promise<void> => {
    const { request, reply } = exchange
    if (request.httpVersion === '1.1' && sentHeaders(request, 'host').length !== 1) {
      await refuse(reply.code(400).header('connection', 'close'), 'a request has to name one host')
      return
    }
    if (await turns.take(request, reply.raw)) await dispatch(exchange, parseRequest(request.method ?? '', pathOf(request), settings.off))
  }

  const serve = async (exchange: Exchange): Promise<void> => {
    try {
      await answer(exchange)
    } catch (error) {
      await writeError(error, exchange).catch((second: unknown) => {
        exchange.log.error({ err: second }, 'the answer failed')
        exchange.reply.raw.destroy()
      })
    }
  }

  const listener: RequestListener = (request, response) => {
    const began = performance.now()
    const exchange = exchangeOf(request, response)
    response.once('finish', () => {
      boundUnreadBody(request, refusedBodyMilliseconds)
      const milliseconds = Math.round(performance.now() - began)
      exchange.log.info({ method: request.method, url: pathOf(request), status: response.statusCode, milliseconds }, 'request')
    })
    const served = serve(exchange)
    running.add(served)
    void served.finally(() => running.delete(served))
  }
  const { server, connections } = httpServer(listener, { headerBytes: settings.limits.headerBytes, idleMilliseconds })

  const close = async (graceMilliseconds: number): Promise<void> => {
    isClosing = true
    // One that does not listen says so, and is closed all the same.
    const closed = new Promise<void>((resolve) => server.close(() => { resolve() }))
    connections.closeIdle()
    const timer = setTimeout(() => {
      server.closeAllConnections()
    }, graceMilliseconds)
    await closed
    clearTimeout(timer)
    // A handler whose connection was cut still stores what arrived.
    await Promise.allSettled(running)
  }
  return { listener, server, close }
}

/** A target may be a whole URL (RFC 9112, section 3.2.2), of which only the path is heeded. */
function pathOf({ url = '' }: IncomingMessage): string {
  return url.startsWith('/') ? url : url.replace(/^https?:\/\/[^/]*/i, '')
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

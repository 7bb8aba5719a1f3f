import { mediaTypes } from '@registry/core'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type ByteBudget, smallBytes } from './byte-budget.js'
import { refuse } from './handlers/refusals.js'
import { sentHeaders } from './sent-headers.js'
import { boundUnreadBody } from './unread-body.js'

export interface HookOptions {
  /** Gives an answer the headers that all of them have. */
  readonly headed: (request: FastifyRequest, reply: FastifyReply) => FastifyReply
  /** Of answers that wait for their readers. */
  readonly buffered: ByteBudget
  /** For how long the rest of a refused body is read. */
  readonly refusedBodyMilliseconds: number
}

/** What is done about every request and its answer, whatever is asked for. */
export function addHooks(app: FastifyInstance, { headed, buffered, refusedBodyMilliseconds }: HookOptions): void {
  app.addHook('onRequest', async (request, reply) => {
    headed(request, reply)
    if (request.raw.httpVersion === '1.1' && sentHeaders(request.raw, 'host').length !== 1) {
      await refuse(reply.code(400).header('connection', 'close'), 'a request has to name one host')
      return reply
    }
    // Fastify refuses a Content-Type that it cannot read, also where nobody asks for it: it is the handlers' to judge.
    request.raw.headers['content-type'] = mediaTypes.octetStream
  })
  // An answer is in memory until its client has read it.
  app.addHook('onSend', async (_request, { raw }, payload) => {
    if (!Buffer.isBuffer(payload) || payload.byteLength <= smallBytes) return payload
    buffered.take(payload.byteLength)
    raw.once('close', () => {
      buffered.give(payload.byteLength)
    })
    return payload
  })
  app.addHook('onResponse', async (request, reply) => {
    boundUnreadBody(request, refusedBodyMilliseconds)
    const milliseconds = Math.round(reply.elapsedTime)
    request.log.info({ method: request.method, url: request.raw.url, status: reply.statusCode, milliseconds }, 'request')
  })
}

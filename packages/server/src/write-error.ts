import { hasLeft, isDeparture } from './client-left.js'
import { toHttpError } from './errors.js'
import type { Exchange } from './exchange.js'
import { expectsContinue } from './request-body.js'
import { sendJson } from './send-json.js'

/** Tells the client, and the log where it is no fault of the client, why there is no other answer. */
export async function writeError(error: unknown, { request, reply, id, log }: Exchange): Promise<void> {
  if (request.destroyed && !request.complete) {
    log.info({ err: error }, 'the client left in the middle of its request')
    return
  }
  const { status, errors, retryAfter } = toHttpError(error, id)
  if (isDeparture(error)) log.info({ err: error }, 'the client left before its answer')
  else if (status >= 500) log.error({ err: error }, 'request failed')
  if (hasLeft(reply.raw)) return
  if (reply.raw.headersSent) {
    // Whoever reads the answer is to see that it is not whole.
    reply.raw.destroy()
    return
  }
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter)
  if (expectsContinue(request)) reply.header('connection', 'close')
  reply.removeHeader('content-length').removeHeader('etag').code(status)
  await (request.method === 'HEAD' ? reply.send() : sendJson(reply, { errors }))
}

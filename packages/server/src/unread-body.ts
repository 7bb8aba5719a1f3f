import type { FastifyReply, FastifyRequest } from 'fastify'

const milliseconds = 5_000

/**
 * Sees to a request that was answered before its body was read, as refused ones are. The client may be in the middle of
 * sending, and a connection that is cut then can take the answer with it; so the rest is read and thrown away, for some
 * seconds and no longer.
 */
export function boundUnreadBody({ raw: request }: FastifyRequest, { raw: response }: FastifyReply): void {
  if (request.complete || request.destroyed) return
  const timer = setTimeout(() => response.socket?.destroy(), milliseconds)
  request.once('close', () => {
    clearTimeout(timer)
  })
  request.resume()
}

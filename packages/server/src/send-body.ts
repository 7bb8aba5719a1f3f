import { pipeline } from 'node:stream/promises'
import type { Body } from '@registry/core'
import type { FastifyReply } from 'fastify'

/**
 * Streams a body as the answer. When it breaks in the middle the connection is cut, so that the client sees a
 * truncated answer and no clean end.
 */
export async function sendBody(reply: FastifyReply, status: number, body: Body): Promise<void> {
  reply.hijack()
  const { raw, log } = reply
  raw.writeHead(status, reply.getHeaders() as Record<string, string | number>)
  try {
    await pipeline(body, raw)
  } catch (error) {
    const clientLeft = (error as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE'
    if (clientLeft) log.debug('the client left in the middle of the answer')
    else log.error({ err: error }, 'the answer broke in the middle')
    raw.destroy()
  }
}

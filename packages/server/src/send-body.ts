import { pipeline } from 'node:stream/promises'
import type { Body } from '@registry/core'
import type { Exchange } from './exchange.js'

/**
 * Streams a body as the answer. When it breaks in the middle the connection is cut, so that the client sees a
 * truncated answer and no clean end.
 */
export async function sendBody({ reply, log }: Exchange, body: Body): Promise<void> {
  const raw = reply.writeHead()
  try {
    await pipeline(kept(body, raw.writableHighWaterMark), raw)
  } catch (error) {
    const clientLeft = (error as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE'
    if (clientLeft) log.debug({}, 'the client left in the middle of the answer')
    else log.error({ err: error }, 'the answer broke in the middle')
    raw.destroy()
  }
}

/**
 * Chunks that are there until they are sent. The next chunk is asked for when one of so many bytes was sent, or when a smaller one
 * lies in the buffer of the connection; and then the memory of the one before is the source's again.
 */
async function* kept(body: Body, buffered: number): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of body) yield chunk.byteLength < buffered ? Uint8Array.from(chunk) : chunk
}

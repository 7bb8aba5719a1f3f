import type { ServerResponse } from 'node:http'
import { type Body, RegistryError } from '@registry/core'
import { hasLeft } from './client-left.js'
import type { Exchange } from './exchange.js'

/**
 * Streams a body of so many bytes as the answer. When it breaks in the middle the connection is cut, so that the client
 * sees a truncated answer and no clean end.
 */
export async function sendBody({ reply, log }: Exchange, body: Body, size: number): Promise<void> {
  const raw = reply.writeHead()
  let left = size
  try {
    for await (const chunk of body) {
      if (raw.destroyed) break
      if (chunk.byteLength === 0) continue
      left -= chunk.byteLength
      if (left < 0) throw new RegistryError('CORRUPT', `the body has more than its ${size} bytes`)
      await sent(raw, chunk, left === 0)
    }
    if (left > 0 && !raw.destroyed) throw new RegistryError('CORRUPT', `the body ended ${left} bytes before its ${size}`)
    if (size === 0) raw.end()
    if (hasLeft(raw)) log.debug({}, 'the client left in the middle of the answer')
  } catch (error) {
    log.error({ err: error }, 'the answer broke in the middle')
    raw.destroy()
  }
}

/**
 * Resolves when the memory of the chunk is its owner's again: it was sent, or never will be. Of a small one a copy is sent, which
 * is not waited for as long as the connection takes more.
 */
async function sent(raw: ServerResponse, chunk: Uint8Array, isLast: boolean): Promise<void> {
  const isSmall = chunk.byteLength < raw.writableHighWaterMark
  const bytes = isSmall ? Uint8Array.from(chunk) : chunk
  await new Promise<void>((resolve) => {
    const done = (): void => {
      raw.off('close', done)
      resolve()
    }
    raw.once('close', done)
    if (isLast) raw.end(bytes, done)
    else if (raw.write(bytes, done) && isSmall) done()
  })
}

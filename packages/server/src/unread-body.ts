import type { IncomingMessage } from 'node:http'

/**
 * Sees to a request that was answered before its body was read, as refused ones are. The client may be in the middle of
 * sending, and a connection that is cut then can take the answer with it; so the rest is read and thrown away, for
 * this long and no longer.
 */
export function boundUnreadBody(request: IncomingMessage, milliseconds: number): void {
  if (request.complete || request.destroyed) return
  const { socket } = request
  const timer = setTimeout(() => socket.destroy(), milliseconds)
  const settle = (): void => {
    clearTimeout(timer)
    socket.off('close', settle)
  }
  request.once('end', settle)
  socket.once('close', settle)
  request.resume()
}

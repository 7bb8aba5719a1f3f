import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Requests that may wait on a connection behind the one that is being answered. No client of a registry has as many. */
const mostWaiting = 100

/** The requests of one connection that wait for the answer before theirs. */
interface Line {
  isBusy: boolean
  readonly waiting: (() => void)[]
}

/**
 * Lets the requests of a connection be answered one after the other. HTTP lets a client send any number of them without
 * reading an answer, and Node hands out all of them at once: each would open files and take memory until the client reads.
 *
 * @see RFC 9112, section 9.3.2
 */
export class Turns {
  private readonly lines = new WeakMap<Socket, Line>()

  /**
   * Resolves when the answers before this one are sent.
   *
   * @returns whether the connection is still there; it is cut where too many requests wait on it
   */
  async take({ socket }: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const line = this.lineOf(socket)
    if (line.isBusy) {
      if (line.waiting.length >= mostWaiting) socket.destroy()
      else await new Promise<void>((resolve) => line.waiting.push(resolve))
    }
    if (socket.destroyed) return false
    line.isBusy = true
    response.once('close', () => {
      const next = line.waiting.shift()
      if (next) next()
      else line.isBusy = false
    })
    return true
  }

  private lineOf(socket: Socket): Line {
    const found = this.lines.get(socket)
    if (found) return found
    const line: Line = { isBusy: false, waiting: [] }
    this.lines.set(socket, line)
    // Answers that nobody waits for any more are never closed.
    socket.once('close', () => {
      for (const leave of line.waiting.splice(0)) leave()
    })
    return line
  }
}

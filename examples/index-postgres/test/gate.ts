import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { Socket } from 'node:net'

/** A way to a server that can be closed. */
export interface Gate {
  readonly port: number
  /** Ends the connection on which the server answers next, and swallows that answer. */
  swallowNextAnswer(): void
  /** How many answers were swallowed. */
  readonly swallowed: number
  close(): Promise<void>
}

/** Listens on a free port, and passes everything on to `port`. */
export async function openGate(port: number): Promise<Gate> {
  let [isSwallowing, swallowed] = [false, 0]
  const sockets = new Set<Socket>()
  const listener = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        near.destroy()
        far.destroy()
      })
    }
    near.pipe(far)
    far.on('data', (chunk) => {
      if (!isSwallowing) return near.write(chunk)
      isSwallowing = false
      swallowed++
      return near.destroy()
    })
  }).listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const address = listener.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    swallowNextAnswer() {
      isSwallowing = true
    },
    get swallowed() {
      return swallowed
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      listener.close()
      await once(listener, 'close')
    },
  }
}

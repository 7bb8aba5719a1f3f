import { connect, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** A client that says what it is told to, byte for byte. */
export interface RawClient {
  readonly socket: Socket
  write(bytes: string | Uint8Array): void
  /** Everything that came back, as soon as this is in it. */
  until(pattern: RegExp): Promise<string>
  /** Everything that came back, once the server has ended the connection. */
  readonly ended: Promise<string>
}

/** Connects to a server on this machine. The connection is gone with the test. */
export function rawClient(port: number): RawClient {
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => {
    socket.destroy()
  })
  let received = ''
  let waiting: { readonly pattern: RegExp; readonly resolve: (text: string) => void; readonly reject: (error: Error) => void }[] = []
  const settle = (): void => {
    for (const { resolve } of waiting.filter(({ pattern }) => pattern.test(received))) resolve(received)
    waiting = waiting.filter(({ pattern }) => !pattern.test(received))
  }
  socket.setEncoding('latin1').on('data', (text: string) => {
    received += text
    settle()
  })
  // A connection that is cut may end with an error first; here it only counts that it ends.
  socket.on('error', () => undefined)
  const ended = new Promise<string>((resolve) => socket.once('close', () => {
    for (const { pattern, reject } of waiting) reject(new Error(`the connection ended before ${String(pattern)} came, after ${JSON.stringify(received)}`))
    resolve(received)
  }))
  return {
    socket,
    write: (bytes) => void socket.write(bytes),
    until: (pattern) => new Promise((resolve, reject) => {
      waiting.push({ pattern, resolve, reject })
      settle()
    }),
    ended,
  }
}

/** What comes back for these bytes, until the server ends the connection. */
export async function answerTo(port: number, bytes: string | Uint8Array): Promise<string> {
  const client = rawClient(port)
  client.write(bytes)
  return client.ended
}

/** The status of each answer, in order. */
export function statuses(text: string): readonly number[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1]))
}

import { Agent, request } from 'node:http'

/** An answer that has arrived whole. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>
  readonly body: Buffer
  /** The client's port and the number of the answer on that connection: how a record of the server's system calls shows it. */
  readonly exchange: string
}

export interface SendOptions {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
}

/** Sends a request to a registry, and resolves with the whole answer. */
export type Send = (method: string, path: string, options?: SendOptions) => Promise<Answer>

/** A client with one connection, which sends one request after the other. */
export interface Connection {
  readonly send: Send
  close(): void
}

/** @param address - `host:port` */
export function connectTo(address: string): Connection {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const answered = new Map<number, number>()
  const numbered = (port: number): string => {
    const number = answered.get(port) ?? 0
    answered.set(port, number + 1)
    return `${port}#${number}`
  }
  const send: Send = (method, path, { headers = {}, body } = {}) =>
    new Promise((resolve, reject) => {
      const length = body === undefined ? {} : { 'content-length': String(body.byteLength) }
      const sent = request(`http://${address}${path}`, { method, agent, headers: { ...length, ...headers } }, (response) => {
        const port = response.socket.localPort ?? 0
        response.toArray().then((chunks) => {
          const whole = Buffer.concat(chunks as Buffer[])
          resolve({ status: response.statusCode!, headers: response.headers, body: whole, exchange: numbered(port) })
        }, reject)
      })
      sent.on('error', reject).end(body)
    })
  return {
    send,
    close() {
      agent.destroy()
    },
  }
}

/** An answer as a failure tells of it. */
export function shown({ status, body }: Answer): string {
  return `${status} ${body.toString('utf8').slice(0, 300)}`.trim()
}

/** What a header says, which has to be there. */
export function headerOf({ headers }: Answer, name: string): string {
  const value = headers[name]
  if (typeof value !== 'string') throw new Error(`expected one header ${name}, got ${JSON.stringify(value)}`)
  return value
}

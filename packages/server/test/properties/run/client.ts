import { Agent, type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http'
import type { Answer, Request } from '../model/exchange.js'

/** Sends requests to one server. */
export interface Client extends Disposable {
  /** @throws where there is no answer in time */
  send(request: Request): Promise<Answer>
}

const deadlineMilliseconds = 15_000

/** One connection, so that an answer that leaves it in disorder shows in the next. */
export function connectTo(port: number): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  return {
    send: (request) => exchange(port, agent, request),
    [Symbol.dispose]: () => {
      agent.destroy()
    },
  }
}

function exchange(port: number, agent: Agent, { method, path, headers, body, chunked }: Request): Promise<Answer> {
  const length = body && (chunked ? { 'transfer-encoding': 'chunked' } : { 'content-length': String(body.length) })
  const { promise, resolve, reject } = settling<Answer>()
  const signal = AbortSignal.timeout(deadlineMilliseconds)
  const sent = httpRequest({ port, agent, method, path, headers: { ...headers, ...length }, signal })
  sent.once('error', reject)
  sent.once('response', (response) => {
    readAnswer(response).then(resolve, reject)
  })
  if (body && headers['expect'] !== undefined) askFirst(sent, body)
  else sent.end(body)
  return promise
}

/** Sends the body once it is wanted. Where it is not, the connection ends. */
function askFirst(sent: ClientRequest, body: Buffer): void {
  let wanted = false
  sent.once('continue', () => {
    wanted = true
    sent.end(body)
  })
  sent.once('response', (response) => {
    response.once('end', () => {
      if (!wanted) sent.destroy()
    })
  })
  sent.flushHeaders()
}

async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk as Buffer)
  const headers = Object.entries(response.headersDistinct).map(([name, values]) => [name, values ?? []] as const)
  return { status: response.statusCode ?? 0, headers: Object.fromEntries(headers), body: Buffer.concat(chunks) }
}

interface Settling<Value> {
  readonly promise: Promise<Value>
  readonly resolve: (value: Value) => void
  readonly reject: (reason: unknown) => void
}

function settling<Value>(): Settling<Value> {
  let settle: Pick<Settling<Value>, 'resolve' | 'reject'> | undefined
  const promise = new Promise<Value>((resolve, reject) => {
    settle = { resolve, reject }
  })
  return { promise, ...settle! }
}

import { setMaxListeners } from 'node:events'
import { Agent, createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { ConnectionLost, reset } from '../s3-server/connection.js'
import { type Answer, conflictAnswer, errorAnswer, pageAnswer } from './answer.js'
import { type Fault, type FaultEffect, Faults, type InjectedFault, type Strike } from './faults.js'
import { forward } from './forward.js'
import { type DynamodbRequest, type IncomingRequest, parseRequest } from './parse-request.js'
import { partialBatch } from './partial-batch.js'
import { chooseByChance, type Weather } from './weather.js'

export type { ErrorCode } from './answer.js'
export type { Fault, FaultEffect, InjectedFault } from './faults.js'
export type { Attributes, DynamodbRequest, RequestBody, TransactItem } from './parse-request.js'
export type { Weather } from './weather.js'

/** A request as it was answered. */
export interface LoggedRequest extends DynamodbRequest {
  /** What struck it. */
  readonly fault?: FaultEffect
  /** Absent while it is not answered; of an answer that a fault cut or lost, what it would have been. */
  readonly status?: number
}

/** A server between clients and DynamoDB, which counts requests, and lets some of them fail. */
export interface DynamodbProxy {
  /** `http://127.0.0.1:port`. */
  readonly endpoint: string
  /** In the order in which they came. */
  readonly requests: readonly LoggedRequest[]
  /** How many requests of each operation came since the start, or since `requests` was emptied. */
  counts(): Readonly<Record<string, number>>
  /** Empties `requests`. */
  takeRequests(): readonly LoggedRequest[]
  inject(fault: Fault): InjectedFault
  /** Lets requests fail by chance, where no fault that was injected before strikes them. */
  weather(weather: Weather): InjectedFault
  /** Removes the faults, and empties `requests`. */
  reset(): void
  /** Cuts every connection. What is held is never forwarded. */
  close(): Promise<void>
}

/** Of a timer. */
const longest = 2 ** 31 - 1

export async function startDynamodbProxy({ endpoint }: { readonly endpoint: string }): Promise<DynamodbProxy> {
  const requests: { -readonly [member in keyof LoggedRequest]: LoggedRequest[member] }[] = []
  const faults = new Faults()
  const closed = new AbortController()
  setMaxListeners(0, closed.signal)
  // DynamoDB Local ends connections that are idle for 30 s: one that it is about to end would lose a request.
  const agent = new Agent({ keepAlive: true, timeout: 10_000 })

  const answerTo = async (request: IncomingRequest, strike: Strike | undefined): Promise<Answer> => {
    const send = (bytes?: Buffer): Promise<Answer> => forward(endpoint, agent, request, bytes)
    if (!strike) return send()
    const { effect } = strike
    switch (effect.kind) {
      case 'delay': {
        if (effect.before !== 'answer') await held(strike, effect.milliseconds, closed.signal)
        const answer = await send()
        if (effect.before === 'answer') await held(strike, effect.milliseconds, closed.signal)
        return answer
      }
      case 'late':
        await held(strike, effect.milliseconds, closed.signal)
        return send()
      case 'error':
        if (effect.applied === true) await send()
        return errorAnswer(effect.code)
      case 'conflict':
        return conflictAnswer(request, effect.item, effect.reason)
      case 'partial-batch':
        return partialBatch(request, effect.done, (body) => send(Buffer.from(JSON.stringify(body))))
      case 'not-json':
        return pageAnswer(effect.status ?? 502)
      case 'cut-answer':
      case 'lost-answer':
        return send()
      case 'hang':
      case 'reset':
        throw new ConnectionLost('a fault keeps it from DynamoDB')
    }
  }

  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const request = await parseRequest(incoming)
      const { operation, tables, body } = request
      const strike = faults.strike(request)
      const logged: (typeof requests)[number] = { operation, tables, body, ...(strike && { fault: strike.effect }) }
      requests.push(logged)
      const kind = strike?.effect.kind
      if (kind === 'hang') return
      if (kind === 'reset' || kind === 'late') reset(response)
      const answering = answerTo(request, strike)
      strike?.hold(answering)
      const answer = await answering
      logged.status = answer.status
      if (kind === 'lost-answer') reset(response)
      else send(response, answer, strike?.effect)
    } catch (error) {
      response.destroy()
      if (!(error instanceof ConnectionLost)) throw error
    }
  }

  const server = createServer((incoming, response) => void serve(incoming, response))
  // A client that uses a connection again must never meet its end.
  server.keepAliveTimeout = 0
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve)
  })
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    counts(): Readonly<Record<string, number>> {
      const counts: Record<string, number> = {}
      for (const { operation } of requests) counts[operation] = (counts[operation] ?? 0) + 1
      return counts
    },
    takeRequests: () => requests.splice(0),
    inject: (fault) => faults.inject(fault),
    weather: (weather) => faults.add(chooseByChance(weather)),
    reset(): void {
      faults.clear()
      requests.length = 0
    },
    async close(): Promise<void> {
      if (!server.listening) return
      closed.abort()
      const ended = promisify(server.close.bind(server))()
      server.closeAllConnections()
      await ended
      agent.destroy()
    },
  }
}

/** Resolves once it is to go on: so long after now, or when it is released. */
async function held({ released }: Strike, milliseconds: number | undefined, signal: AbortSignal): Promise<void> {
  try {
    await Promise.race([released, sleep(milliseconds ?? longest, undefined, { signal })])
  } catch (error) {
    throw new ConnectionLost('the proxy is closed', { cause: error })
  }
}

function send(response: ServerResponse, { status, headers, body }: Answer, fault: FaultEffect | undefined): void {
  // What is written to a client that went away is an error, and none of ours.
  if (response.req.socket.destroyed) return
  response.sendDate = false
  response.writeHead(status, [...headers, 'content-length', String(body.length)])
  if (fault?.kind !== 'cut-answer') {
    response.end(body)
    return
  }
  // Not a reset, which would take back what the client has not read yet.
  response.write(body.subarray(0, fault.after ?? Math.floor(body.length / 2)), () => response.destroy())
}

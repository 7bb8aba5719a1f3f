import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { TLSSocket } from 'node:tls'
import type { Answer } from './answer.js'
import type { Fault } from './faults.js'
import type { S3Request } from './parse-request.js'

/** The connection is gone, by a fault or by the client. */
export class ConnectionLost extends Error {}

/** As a request tells it. */
export function lengthOfBody(headers: S3Request['headers']): number {
  return Number(headers['content-length'] ?? headers['x-amz-decoded-content-length'] ?? 0)
}

/** The body of a request, with what a fault does to it. */
export async function* bodyOf({ incoming, headers }: S3Request, fault: Fault | undefined): AsyncGenerator<Buffer, void, undefined> {
  const limit = fault?.kind === 'reset-request' ? (fault.after ?? Math.floor(lengthOfBody(headers) / 2)) : Infinity
  let received = 0
  try {
    for await (const bytes of incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      received += bytes.length
      if (received >= limit) {
        cut(incoming.socket)
        throw new ConnectionLost('it is reset by a fault')
      }
      for (const part of fault?.kind === 'slow' ? partsOf(bytes, fault.bytes) : [bytes]) {
        if (fault?.kind === 'slow') await sleep(fault.milliseconds)
        yield part
      }
    }
  } catch (error) {
    throw new ConnectionLost('the connection is gone in the middle of a body', { cause: error })
  }
}

/** Sends an answer, with what a fault does to it. */
export async function send(response: ServerResponse, { status, headers = {}, body = [] }: Answer, fault: Fault | undefined): Promise<void> {
  const length = body.reduce((sum, piece) => sum + piece.length, 0)
  if (fault?.kind === 'slow') await sleep(fault.milliseconds)
  if (fault?.kind === 'lost-answer') {
    reset(response)
    return
  }
  response.writeHead(status, { ...(status !== 204 && status !== 304 && { 'content-length': String(length) }), ...headers })
  if (response.req.method === 'HEAD') {
    if (fault?.kind === 'reset-response') reset(response)
    else response.end()
    return
  }
  let left = fault?.kind === 'reset-response' ? (fault.after ?? Math.floor(length / 2)) : Infinity
  for (const piece of body) {
    for (const part of fault?.kind === 'slow' ? partsOf(piece, fault.bytes) : [piece]) {
      if (fault?.kind === 'slow') await sleep(fault.milliseconds)
      await write(response, part.subarray(0, left))
      left -= part.length
      if (left <= 0) break
    }
    if (left <= 0) break
  }
  if (left < Infinity) reset(response)
  else response.end()
}

/** Without what is left of either body, and without an end. */
export function reset(response: ServerResponse): void {
  cut(response.req.socket)
}

/** TLS has no reset of its own, and its socket ends without a word instead. */
function cut(socket: Socket): void {
  if (socket instanceof TLSSocket) socket.destroy()
  else socket.resetAndDestroy()
}

async function write(response: ServerResponse, bytes: Uint8Array): Promise<void> {
  if (bytes.length === 0) return
  await new Promise<void>((resolve, reject) => {
    response.write(bytes, (error) => {
      if (error) reject(new ConnectionLost('the client went away', { cause: error }))
      else resolve()
    })
  })
}

function* partsOf(bytes: Uint8Array, size = 64 * 1024): Generator<Buffer, void, undefined> {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let start = 0; start < whole.length; start += size) yield whole.subarray(start, start + size)
}

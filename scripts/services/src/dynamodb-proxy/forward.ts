import { type Agent, request as send } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { ConnectionLost } from '../s3-server/connection.js'
import type { Answer } from './answer.js'
import type { IncomingRequest } from './parse-request.js'

const ofTheConnection = ['connection', 'keep-alive', 'content-length', 'transfer-encoding']

/** Sends a request on, with these bytes instead of its own if they are told, and receives the whole answer. */
export async function forward(endpoint: string, agent: Agent, request: IncomingRequest, bytes: Buffer = request.bytes): Promise<Answer> {
  try {
    return await new Promise<Answer>((resolve, reject) => {
      const headers = [...withoutConnection(request.headers), 'content-length', String(bytes.length)]
      send(endpoint, { method: 'POST', agent, headers }, (answer) => {
        const { statusCode: status = 0, rawHeaders } = answer
        buffer(answer).then((body) => {
          resolve({ status, headers: withoutConnection(rawHeaders), body })
        }, reject)
      })
        .on('error', reject)
        .end(bytes)
    })
  } catch (error) {
    throw new ConnectionLost('DynamoDB does not answer', { cause: error })
  }
}

/** Without the headers that the next connection has of its own. */
function withoutConnection(headers: readonly string[]): readonly string[] {
  return headers.filter((_, index) => !ofTheConnection.includes(headers[index - (index % 2)]!.toLowerCase()))
}

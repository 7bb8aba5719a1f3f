import { once } from 'node:events'
import { type ClientRequest, type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http'
import type { TestServer } from '../../support/test-server.js'

/** A request whose body is written bit by bit, and which can be cut. Its errors are of no interest. */
export function openRequest({ port }: TestServer, method: string, path: string, headers: OutgoingHttpHeaders = {}): ClientRequest {
  const opened = request({ port, method, path, headers })
  opened.on('error', () => undefined)
  return opened
}

/** The answer to it, once its head is there. */
export async function answerTo(opened: ClientRequest): Promise<IncomingMessage> {
  const [answer] = (await once(opened, 'response')) as [IncomingMessage]
  return answer
}

import type { Duplex } from 'node:stream'
import type { ServerResponse } from 'node:http'

type Refusal = readonly [status: string, message: string]

const refusals: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'the headers are too large'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'the headers did not come in time'],
}

const noRequest: Refusal = ['400 Bad Request', 'this is no HTTP request']

/**
 * Answers what is no HTTP, or more of it than is read, in the form of every other error, and closes the connection.
 *
 * @param isAnswering - an answer is on its way, into which nothing may be written
 */
export function answerClientError(error: NodeJS.ErrnoException, socket: Duplex, isAnswering: boolean): void {
  if (error.code === 'ECONNRESET' || !socket.writable || isAnswering) {
    socket.destroy()
    return
  }
  const [status, message] = refusals[error.code ?? ''] ?? noRequest
  const body = bodyOf(message)
  const headers = ['Content-Type: application/json', `Content-Length: ${body.length}`, 'Docker-Distribution-API-Version: registry/2.0', 'Connection: close']
  socket.end(`HTTP/1.1 ${status}\r\n${headers.join('\r\n')}\r\n\r\n${body}`)
}

/** Answers a request that expects something else than to be told to go on. @see RFC 9110, section 10.1.1 */
export function refuseExpectation(response: ServerResponse): void {
  const body = bodyOf('the only expectation that can be met is 100-continue')
  const headers = { 'content-type': 'application/json', 'content-length': body.length, 'docker-distribution-api-version': 'registry/2.0', connection: 'close' }
  response.writeHead(417, headers).end(body)
}

function bodyOf(message: string): string {
  return JSON.stringify({ errors: [{ code: 'UNSUPPORTED', message }] })
}

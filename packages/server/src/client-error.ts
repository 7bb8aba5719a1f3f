import type { Socket } from 'node:net'

const answers: Readonly<Record<string, readonly [status: string, code: string, message: string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'HEADERS_TOO_LARGE', 'the headers are too large'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'REQUEST_TIMEOUT', 'the headers did not come in time'],
}

/** Answers what is no HTTP, or more of it than is read, in the form of every other error, and closes the connection. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const [status, code, message] = answers[error.code ?? ''] ?? ['400 Bad Request', 'BAD_REQUEST', 'this is no HTTP request']
  const body = JSON.stringify({ errors: [{ code, message }] })
  const headers = ['Content-Type: application/json', `Content-Length: ${body.length}`, 'Docker-Distribution-API-Version: registry/2.0', 'Connection: close']
  socket.end(`HTTP/1.1 ${status}\r\n${headers.join('\r\n')}\r\n\r\n${body}`)
}

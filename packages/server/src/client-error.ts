import type { Socket } from 'node:net'

/** Answers what is no HTTP, or more of it than is read, in the form of every other error, and closes the connection. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const [status, code, message] =
    error.code === 'HPE_HEADER_OVERFLOW' ? ['431 Request Header Fields Too Large', 'HEADERS_TOO_LARGE', 'the headers are too large'] : ['400 Bad Request', 'BAD_REQUEST', 'this is no HTTP request']
  const body = JSON.stringify({ errors: [{ code, message }] })
  const headers = ['Content-Type: application/json', `Content-Length: ${body.length}`, 'Docker-Distribution-API-Version: registry/2.0', 'Connection: close']
  socket.end(`HTTP/1.1 ${status}\r\n${headers.join('\r\n')}\r\n\r\n${body}`)
}

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Body } from '@registry/core'

/** Requests whose clients were told to go on. */
const continued = new WeakSet<IncomingMessage>()

/**
 * The body of a request. A client that asks first, with `Expect: 100-continue`, is told to go on when the body is read,
 * so that one that is refused sends nothing. Leaving it early leaves the connection open, so that the answer can still be sent.
 *
 * @see RFC 9110, section 10.1.1
 */
export function bodyOf(request: IncomingMessage, response: ServerResponse): Body {
  return {
    [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
      if (expectsContinue(request)) {
        continued.add(request)
        response.writeContinue()
      }
      return request.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array>
    },
  }
}

/** Whether the client still waits to be told to send its body, or may by now have begun without. */
export function expectsContinue(request: IncomingMessage): boolean {
  return request.headers.expect !== undefined && request.httpVersion === '1.1' && !continued.has(request)
}

import type { OutgoingHttpHeader, ServerResponse } from 'node:http'
import { type ByteBudget, smallBytes } from './byte-budget.js'

/** Statuses whose answers have neither a body nor a length. @see RFC 9110, section 8.6 */
const withoutLength = [204, 304]

/** The answer to a request, until it is sent. Names of headers are in lower case. */
export class Reply {
  private status = 200
  /** Names and values in turn, which Node writes out as they are. */
  private readonly headers: OutgoingHttpHeader[]

  /** @param buffered - of answers that wait for their readers */
  constructor(
    readonly raw: ServerResponse,
    headers: readonly OutgoingHttpHeader[],
    private readonly buffered: ByteBudget,
  ) {
    this.headers = [...headers]
  }

  code(status: number): this {
    this.status = status
    return this
  }

  header(name: string, value: OutgoingHttpHeader): this {
    const at = this.placeOf(name)
    if (at < 0) this.headers.push(name, value)
    else this.headers[at + 1] = value
    return this
  }

  removeHeader(name: string): this {
    const at = this.placeOf(name)
    if (at >= 0) this.headers.splice(at, 2)
    return this
  }

  /** Sends status and headers. The body is to be written to what is returned. */
  writeHead(): ServerResponse {
    return this.raw.writeHead(this.status, this.headers)
  }

  /**
   * Sends the whole answer.
   *
   * @throws `TOO_MANY` where more bytes than there may be wait for their readers
   */
  async send(body?: Uint8Array): Promise<void> {
    if (body !== undefined) this.buffer(body.byteLength)
    // To HEAD a handler says how long the body would be.
    else if (this.raw.req.method !== 'HEAD' && !withoutLength.includes(this.status)) this.header('content-length', 0)
    this.writeHead().end(body)
  }

  private buffer(bytes: number): void {
    this.header('content-length', bytes)
    if (bytes <= smallBytes) return
    this.buffered.take(bytes)
    this.raw.once('close', () => {
      this.buffered.give(bytes)
    })
  }

  private placeOf(name: string): number {
    for (let n = 0; n < this.headers.length; n += 2) if (this.headers[n] === name) return n
    return -1
  }
}

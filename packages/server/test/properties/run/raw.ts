import { connect } from 'node:net'
import type { Answer } from '../model/exchange.js'

const deadlineMilliseconds = 10_000

/**
 * Sends bytes as they are on a connection of their own, and reads until the server closes it.
 *
 * @returns `undefined` where the connection was closed without an answer
 * @throws where it stays open beyond the deadline
 */
export async function sendRaw(port: number, bytes: Buffer): Promise<Answer | undefined> {
  const signal = AbortSignal.timeout(deadlineMilliseconds)
  const socket = connect({ port, host: '127.0.0.1', signal })
  const chunks: Buffer[] = []
  try {
    // A reset behind an answer is the server's way to say that it reads no more.
    socket.on('error', () => undefined)
    socket.write(bytes)
    for await (const chunk of socket) chunks.push(chunk as Buffer)
  } catch (error) {
    if (chunks.length === 0 && (signal.aborted || (error as NodeJS.ErrnoException).code !== 'ECONNRESET')) throw error
  } finally {
    socket.destroy()
  }
  signal.throwIfAborted()
  return parsed(Buffer.concat(chunks))
}

/** The first answer that is no `100 Continue`. What stands behind a request without a length is a second request. */
function parsed(bytes: Buffer): Answer | undefined {
  if (bytes.length === 0) return undefined
  const [head = '', ...rest] = bytes.toString('latin1').split('\r\n\r\n')
  if (/^HTTP\/1\.1 1/.test(head)) return parsed(bytes.subarray(head.length + 4))
  const [status = '', ...lines] = head.split('\r\n')
  const headers: Record<string, string[]> = {}
  for (const line of lines) {
    const [name = '', value = ''] = line.split(/: ?(.*)/s)
    headers[name.toLowerCase()] = [...(headers[name.toLowerCase()] ?? []), value]
  }
  const body = Buffer.from(rest.join('\r\n\r\n'), 'latin1')
  return { status: Number(status.split(' ')[1]), headers, body: body.subarray(0, Number(headers['content-length']?.[0] ?? body.length)) }
}

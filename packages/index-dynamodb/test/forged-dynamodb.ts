import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'

/** What is answered instead of what DynamoDB would say. */
export interface Forgery {
  readonly status: number
  readonly body: string
}

/** What to answer a request with; `undefined` for the truth. */
export type Forge = (operation: string, body: Record<string, unknown>) => Forgery | undefined

export interface Forged {
  readonly endpoint: string
  /** In the order in which they came. */
  readonly operations: readonly string[]
  /** Of the same requests. */
  readonly headers: readonly IncomingHttpHeaders[]
}

/** A DynamoDB that answers some requests as `forge` says, and the others as the one at `endpoint` does. */
export async function startForged(endpoint: string, forge: Forge): Promise<Forged> {
  const operations: string[] = []
  const headers: IncomingHttpHeaders[] = []
  const server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      const bytes = await buffer(request)
      const operation = String(request.headers['x-amz-target']).replace(/^.*\./, '')
      operations.push(operation)
      headers.push(request.headers)
      const forgery = forge(operation, JSON.parse(bytes.toString()) as Record<string, unknown>) ?? (await forwarded(request.headers, bytes))
      response.writeHead(forgery.status, { 'content-type': 'application/x-amz-json-1.0' }).end(forgery.body)
    }
    answer().catch(() => response.destroy())
  })
  const forwarded = async (from: IncomingHttpHeaders, body: Buffer): Promise<Forgery> => {
    const names = ['x-amz-target', 'content-type', 'authorization', 'x-amz-date']
    const headers = Object.fromEntries(names.map((name) => [name, String(from[name])]))
    const answer = await fetch(endpoint, { method: 'POST', headers, body: new Uint8Array(body) })
    return { status: answer.status, body: await answer.text() }
  }
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, operations, headers }
}

export function forgedError(name: string, message: string = `this is ${name}`): Forgery {
  return { status: 400, body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${name}`, message }) }
}

export function forgedAnswer(value: unknown): Forgery {
  return { status: 200, body: JSON.stringify(value) }
}

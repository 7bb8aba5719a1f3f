import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import type { TestServer } from '../../support/test-server.js'

/** Opens a session and gives its location. */
export async function startSession({ send }: TestServer, repository = 'a/b', query = ''): Promise<string> {
  const response = await send('POST', `/v2/${repository}/blobs/uploads/${query}`)
  expect(response.status).toBe(202)
  return response.headers.get('location')!
}

/** The bytes of a PATCH, with their place where it is given. */
export function append({ send }: TestServer, location: string, body: Uint8Array | ReadableStream | string, contentRange?: string): Promise<Response> {
  return send('PATCH', location, { body, ...(contentRange !== undefined && { headers: { 'content-range': contentRange } }) })
}

/** Bytes that are sent in chunks, without a length. */
export function streamed(...chunks: readonly Uint8Array[]): ReadableStream {
  return new ReadableStream({
    start: (controller) => {
      for (const chunk of chunks) controller.enqueue(chunk)
      controller.close()
    },
  })
}

/** Where a session stands, as its status says. */
export async function rangeOf({ send }: TestServer, location: string): Promise<string | null> {
  const response = await send('GET', location)
  expect(response.status).toBe(204)
  return response.headers.get('range')
}

export function sha512Of(bytes: Uint8Array | string): `sha512:${string}` {
  return `sha512:${createHash('sha512').update(bytes).digest('hex')}`
}

/** Reads the blob, and checks its bytes by its digest. */
export async function expectBlob({ send }: TestServer, repository: string, digest: string): Promise<void> {
  const response = await send('GET', `/v2/${repository}/blobs/${digest}`)
  expect(response.status).toBe(200)
  const [algorithm = '', hex] = digest.split(':')
  expect(createHash(algorithm).update(Buffer.from(await response.arrayBuffer())).digest('hex')).toBe(hex)
}

/**
 * Resolves when so many bytes of bodies have reached storage, beside what is in it already. To be called before they
 * are sent, on a server that has overwritten and deleted nothing.
 */
export async function arrivalOf({ driver, arrived }: TestServer, bytes: number): Promise<{ readonly arrival: Promise<void> }> {
  let stored = 0
  for await (const { size } of driver.list()) stored += size
  return { arrival: arrived(stored + bytes) }
}

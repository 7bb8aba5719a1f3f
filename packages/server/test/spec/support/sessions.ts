import { expect } from 'vitest'
import type { TestServer } from '../../support/test-server.js'

/** Starts an upload, and tells where it goes on. */
export async function startSession({ send }: TestServer, repository = 'a', query = ''): Promise<string> {
  const started = await send('POST', `/v2/${repository}/blobs/uploads/${query}`)
  expect(started.status).toBe(202)
  return started.headers.get('location')!
}

/** Sends the bytes from `start` up to `end` as a chunk with its place, in a PATCH or in the closing PUT. */
export async function sendChunk(
  { send }: TestServer,
  method: 'PATCH' | 'PUT',
  location: string,
  { bytes, start, end = bytes.length }: { readonly bytes: Buffer; readonly start: number; readonly end?: number },
): Promise<Response> {
  const headers = { 'content-range': `${start}-${end - 1}`, 'content-type': 'application/octet-stream' }
  return send(method, location, { headers, body: bytes.subarray(start, end) })
}

/** Where the session stands, as a `GET` tells it. */
export async function sessionRange({ send }: TestServer, location: string): Promise<string | null> {
  const status = await send('GET', location)
  expect(status.status).toBe(204)
  return status.headers.get('range')
}

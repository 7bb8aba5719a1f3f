import { expect } from 'vitest'
import type { TestServer } from '../../support/test-server.js'
import type { Content } from './content.js'
import type { Document } from './documents.js'

/** Pulls it from a path with HEAD and with GET, and compares every byte and what the headers say of them. */
export async function expectPulled({ send }: TestServer, path: string, { bytes, digest }: Content): Promise<Response> {
  const head = await send('HEAD', path)
  const get = await send('GET', path)
  for (const [response, body] of [[head, Buffer.alloc(0)], [get, bytes]] as const) {
    expect(response.status).toBe(200)
    expect(response.headers.get('content-length')).toBe(String(bytes.length))
    expect(response.headers.get('docker-content-digest')).toBe(digest)
    expect(Buffer.from(await response.arrayBuffer()).equals(body)).toBe(true)
  }
  return get
}

export async function expectBlob(server: TestServer, repository: string, blob: Content): Promise<void> {
  await expectPulled(server, `/v2/${repository}/blobs/${blob.digest}`, blob)
}

export async function expectManifest(server: TestServer, repository: string, manifest: Document, reference: string = manifest.digest): Promise<void> {
  const pulled = await expectPulled(server, `/v2/${repository}/manifests/${reference}`, manifest)
  expect(pulled.headers.get('content-type')).toBe(manifest.mediaType)
}

/** It is not there, neither with HEAD nor with GET. */
export async function expectAbsent({ send }: TestServer, path: string): Promise<void> {
  for (const method of ['HEAD', 'GET']) {
    const response = await send(method, path)
    await response.arrayBuffer()
    expect(response.status).toBe(404)
  }
}

import { createHash, randomBytes } from 'node:crypto'
import type { Body, Driver } from '@registry/core'
import { createRegistry, type Policy, type Registry } from '@registry/engine'
import { onTestFinished } from 'vitest'
import { createServer, type RegistryServer, type ServerOptions } from '../../src/server.js'
import { memory, type Pair } from './storages.js'

export interface TestServer {
  readonly url: string
  readonly port: number
  readonly registry: Registry
  readonly server: RegistryServer
  readonly driver: Driver
  /** The keys of all objects. */
  readonly objects: () => Promise<readonly string[]>
  /** How many upload sessions there are. */
  readonly sessions: () => Promise<number>
  /** Resolves when so many bytes have reached the driver. */
  readonly arrived: (bytes: number) => Promise<void>
  /** Sends a request to a path of this server. */
  readonly send: (method: string, path: string, options?: { readonly headers?: Record<string, string>; readonly body?: NonNullable<RequestInit['body']> }) => Promise<Response>
}

export interface TestServerOptions extends ServerOptions {
  /** Default: the memory pair. */
  readonly pair?: Pair
  readonly policy?: Partial<Policy>
  /** The driver to use in place of the pair's. */
  readonly wrap?: (driver: Driver) => Driver
}

/** A server on a pair of its own, closed when the test ends. */
export async function startTestServer({ pair = memory, policy = {}, wrap = (driver) => driver, ...options }: TestServerOptions = {}): Promise<TestServer> {
  let received = 0
  const waiting: { readonly bytes: number; readonly resolve: () => void }[] = []
  const count = (bytes: number): void => {
    received += bytes
    for (const wait of waiting) if (received >= wait.bytes) wait.resolve()
  }
  const storages = await pair.make()
  const { driver, index } = await storages.open()
  const backgroundErrors: unknown[] = []
  const registry = await createRegistry({
    driver: counting(wrap(driver), count),
    index,
    policy,
    onBackgroundError: (error) => backgroundErrors.push(error),
  })
  const server = await createServer(registry, options)
  const { url, port } = await server.listen({ port: 0 })
  onTestFinished(async () => {
    await server.close({ graceMilliseconds: 100 })
    await registry.close()
    await storages[Symbol.asyncDispose]()
    if (backgroundErrors.length > 0) throw new AggregateError(backgroundErrors, 'background work failed')
  })
  return {
    url,
    port,
    registry,
    server,
    driver,
    objects: async () => {
      const keys: string[] = []
      for await (const { key } of driver.list()) keys.push(key)
      return keys
    },
    sessions: async () => {
      const partitions = Array.from({ length: 256 }, (_, n) => `uploads/${n.toString(16).padStart(2, '0')}`)
      const pages = await Promise.all(partitions.map((partition) => index.scan(partition)))
      return pages.reduce((sum, { entries }) => sum + entries.length, 0)
    },
    arrived: (bytes) =>
      new Promise((resolve) => {
        waiting.push({ bytes, resolve })
        count(0)
      }),
    send: (method, path, options = {}) => {
      const init: RequestInit & { duplex: 'half' } = { method, redirect: 'manual', duplex: 'half', ...options }
      return fetch(`${url}${path}`, init)
    },
  }
}

/** The driver, with a count of the bytes that it is given. */
function counting(driver: Driver, count: (bytes: number) => void): Driver {
  async function* counted(body: Body): AsyncGenerator<Uint8Array, void> {
    for await (const chunk of body) {
      count(chunk.byteLength)
      yield chunk
    }
  }
  return { ...driver, put: (key, body, options) => driver.put(key, counted(body), options) }
}

export interface TestBlob {
  readonly bytes: Buffer
  readonly digest: `sha256:${string}`
}

export function blobOf(bytes: Buffer | string): TestBlob {
  const buffer = Buffer.from(bytes)
  return { bytes: buffer, digest: `sha256:${createHash('sha256').update(buffer).digest('hex')}` }
}

export function randomBlob(size = 1000): TestBlob {
  return blobOf(randomBytes(size))
}

/** Pushes a blob as containerd does: POST, then PUT with the whole body. */
export async function pushBlob({ url }: Pick<TestServer, 'url'>, repository: string, { bytes, digest }: TestBlob): Promise<void> {
  const started = await fetch(`${url}/v2/${repository}/blobs/uploads/`, { method: 'POST' })
  const closed = await fetch(new URL(`${started.headers.get('location')!}?digest=${digest}`, url), { method: 'PUT', body: bytes })
  if (closed.status !== 201) throw new Error(`pushing a blob: ${closed.status} ${await closed.text()}`)
}

export const imageType = 'application/vnd.oci.image.manifest.v1+json'

/** Pushes the manifest of an image, and tells the status of the answer. */
export async function pushManifest({ url }: Pick<TestServer, 'url'>, repository: string, reference: string, { bytes }: TestBlob): Promise<number> {
  const headers = { 'content-type': imageType }
  return (await fetch(`${url}/v2/${repository}/manifests/${reference}`, { method: 'PUT', headers, body: bytes })).status
}

/** An image of one layer whose blobs are pushed, as a manifest to push. */
export async function pushedImage(server: Pick<TestServer, 'url'>, repository: string): Promise<TestBlob> {
  const [config, layer] = [blobOf('{}'), randomBlob()]
  await pushBlob(server, repository, config)
  await pushBlob(server, repository, layer)
  return imageManifest(config, [layer])
}

export function imageManifest(config: TestBlob, layers: readonly TestBlob[], more: object = {}): TestBlob {
  return blobOf(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: imageType,
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: config.digest, size: config.bytes.length },
      layers: layers.map(({ digest, bytes }) => ({ mediaType: 'application/vnd.oci.image.layer.v1.tar', digest, size: bytes.length })),
      ...more,
    }),
  )
}

export async function errorCodes(response: Response): Promise<readonly string[]> {
  return ((await response.json()) as { errors: { code: string }[] }).errors.map(({ code }) => code)
}

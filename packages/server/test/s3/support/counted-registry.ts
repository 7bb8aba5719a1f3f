import type { Driver } from '@registry/core'
import { memoryIndex } from '@registry/core/memory'
import { s3Driver, type S3DriverOptions } from '@registry/driver-s3'
import type { Policy } from '@registry/engine'
import { type S3Server, startS3Server } from '@registry/services/s3-server'
import type { RedirectOptions } from '../../../src/index.js'
import { memory, type Pair } from '../../support/storages.js'
import { startTestServer, type TestServer } from '../../support/test-server.js'

/** A registry over HTTP whose storage counts its requests, and fails them. */
export interface CountedRegistry extends TestServer {
  readonly s3: S3Server
  /** Kinds and numbers of the storage requests that `work` has made by the time that it has its answer, such as `{ PutObject: 1 }`. */
  requestsOf(work: () => Promise<unknown>): Promise<Record<string, number>>
  /** What `work` puts is in the bucket without a request. */
  pastRequests(work: () => Promise<unknown>): Promise<void>
}

const day = 24 * 3_600_000

export interface CountedRegistryOptions {
  readonly driver?: Partial<S3DriverOptions>
  readonly policy?: Partial<Policy>
  readonly redirects?: RedirectOptions
}

export async function startCountedRegistry({ driver: options, policy, redirects }: CountedRegistryOptions = {}): Promise<CountedRegistry> {
  const s3 = await startS3Server({ signatures: false })
  const { endpoint, bucket, accessKey, secretKey, region } = s3
  const pair: Pair = {
    ...memory,
    name: 'S3 that counts',
    make: async () => ({
      open: async () => ({ driver: await s3Driver({ endpoint, bucket, accessKey, secretKey, region, sweep: false, ...options }), index: memoryIndex() }),
      loseIndex: () => Promise.reject(new Error('no test asks for it')),
      [Symbol.asyncDispose]: () => s3.close(),
    }),
  }
  let isPast = false
  const wrap = (driver: Driver): Driver => ({
    ...driver,
    async put(key, body, options) {
      if (!isPast) return driver.put(key, body, options)
      const chunks: Uint8Array[] = []
      for await (const chunk of body) chunks.push(Uint8Array.from(chunk))
      const bytes = Buffer.concat(chunks)
      s3.write(`registry/${key}`, bytes)
      return { size: bytes.byteLength }
    },
  })
  // Looks at whose the storage is are no part of an operation.
  const unwatched = { ownershipCheckMilliseconds: day, ownershipTrustMilliseconds: 2 * day }
  const server = await startTestServer({ pair, wrap, policy: { ...unwatched, ...policy }, ...(redirects && { redirects }) })
  await server.registry.settled()
  return {
    ...server,
    s3,
    async requestsOf(work): Promise<Record<string, number>> {
      await server.registry.settled()
      s3.takeRequests()
      await work()
      const counts = { ...s3.counts() }
      await server.registry.settled()
      return counts
    },
    async pastRequests(work): Promise<void> {
      isPast = true
      await work()
      await server.registry.settled()
      isPast = false
    },
  }
}

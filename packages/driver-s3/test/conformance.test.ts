import { afterAll, beforeAll, describe, it } from 'vitest'
import { driverConformance } from '@registry/core/conformance'
import { s3Harness } from './s3-harness.js'
import { startS3Server, type S3Server } from '@registry/services/s3-server'

let server: S3Server
beforeAll(async () => {
  server = await startS3Server()
})
afterAll(() => server.close())

driverConformance({
  name: 's3',
  harness: s3Harness(() => server),
  describe,
  // Ten thousand objects, each with its request, take a while.
  it: (title, body) => {
    it(title, body, 180_000)
  },
})

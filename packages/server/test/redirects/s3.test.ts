import { startS3Server } from '@registry/services/s3-server'
import { expect, it, onTestFinished } from 'vitest'
import { startRegistryOnS3 } from '../support/registry-on-s3.js'
import { randomBlob } from '../support/test-server.js'

it('a redirect to S3 is a URL that S3 takes, for the whole and for a range, also with credentials for the registry', async () => {
  const store = await startS3Server()
  onTestFinished(() => store.close())
  const registry = await startRegistryOnS3(store, { storage_redirect: true, storage_redirect_seconds: 60 })
  const blob = randomBlob(100_000)
  const url = `http://${registry.address}/v2/a/blobs/${blob.digest}`
  const pushed = await fetch(`http://${registry.address}/v2/a/blobs/uploads/?digest=${blob.digest}`, { method: 'POST', body: blob.bytes })
  expect(pushed.status).toBe(201)

  const told = await fetch(url, { redirect: 'manual' })
  expect([told.status, told.headers.get('location')]).toEqual([307, expect.stringMatching(/X-Amz-Expires=60&.*X-Amz-Signature=/)])
  const headers = { authorization: 'Bearer hidden' }
  const whole = await fetch(url, { headers })
  expect([whole.url.startsWith(store.endpoint), whole.status, whole.headers.get('content-type')]).toEqual([true, 200, 'application/octet-stream'])
  expect(Buffer.from(await whole.arrayBuffer()).equals(blob.bytes)).toBe(true)
  const part = await fetch(url, { headers: { ...headers, range: 'bytes=10-19' } })
  expect([part.status, Buffer.from(await part.arrayBuffer())]).toEqual([206, blob.bytes.subarray(10, 20)])
  expect(registry.errors.filter((line) => line.startsWith('registry: warning:') && line.includes('redirect'))).toEqual([])
})

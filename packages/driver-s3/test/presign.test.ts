import { expect, it, onTestFinished, vi } from 'vitest'
import { s3Driver } from '../src/index.js'
import { bytes, startDriver, startServer } from './driver-harness.js'

it('a URL answers with the type and the name that were asked for, and with ranges', async () => {
  const { driver } = await startDriver()
  await driver.put('a!b/c.-_', bytes(1000))
  const url = await driver.presign?.('a!b/c.-_', { expires: 60, contentType: 'text/x-layer', filename: 'lagе "1".tar' })
  const answer = await fetch(String(url), { headers: { range: 'bytes=10-19' } })
  expect([answer.status, (await answer.arrayBuffer()).byteLength]).toEqual([206, 10])
  expect(answer.headers.get('content-type')).toBe('text/x-layer')
  expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="lag_ _1_.tar"; filename*=UTF-8''lag%D0%B5%20%221%22.tar`)
})

it('a URL tells no secret, and no credential but the access key', async () => {
  const { server, driver } = await startDriver()
  const url = String(await driver.presign?.('key', { expires: 60 }))
  expect(url).toContain(server.accessKey)
  expect(url).not.toContain(server.secretKey)
})

it('a URL has the endpoint that clients know', async () => {
  const { driver } = await startDriver({ redirectEndpoint: 'https://s3.example.com:8443' })
  const url = await driver.presign?.('key', { expires: 60 })
  expect(`${url?.origin}${url?.pathname}`).toBe('https://s3.example.com:8443/test-bucket/registry/key')
})

it('a URL with another endpoint has the region of the store', async () => {
  const { endpoint, bucket, accessKey, secretKey, region } = await startServer({ region: 'eu-central-1' })
  // As on AWS: only the environment says where the store is.
  vi.stubEnv('AWS_REGION', region)
  vi.stubEnv('AWS_ENDPOINT_URL_S3', endpoint)
  onTestFinished(() => void vi.unstubAllEnvs())
  const driver = await s3Driver({ bucket, accessKey, secretKey, pathStyle: true, redirectEndpoint: 'https://s3.example.com', sweep: false })
  onTestFinished(() => driver.close())
  expect((await driver.presign?.('key', { expires: 60 }))?.searchParams.get('X-Amz-Credential')).toContain('/eu-central-1/s3/')
})

it('a URL lives for a week at the most, and for whole seconds', async () => {
  const { driver } = await startDriver()
  await expect(driver.presign?.('key', { expires: 604_801 })).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' })
  await expect(driver.presign?.('key', { expires: 0 })).rejects.toThrow(TypeError)
})

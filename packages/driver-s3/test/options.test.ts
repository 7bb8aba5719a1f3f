import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { s3Driver, type S3DriverOptions } from '../src/index.js'
import { bytes, mebibyte, startDriver, startServer } from './driver-harness.js'
import { optionsFor } from './s3-harness.js'

/** Headers of the requests that send bytes, of a small object and of one in two parts. */
async function headersOfBodies(options: Partial<S3DriverOptions>): Promise<readonly Readonly<Record<string, string>>[]> {
  const { server, driver } = await startDriver(options)
  await driver.put('small', bytes(1000))
  await driver.put('large', bytes(9 * mebibyte))
  const sent = server.requests.filter(({ operation }) => ['PutObject', 'UploadPart'].includes(operation)).map(({ headers }) => headers)
  expect(sent).toHaveLength(3)
  return sent
}

describe('the option', () => {
  it('checksums says whether bodies have one, which is never behind them', async () => {
    for (const checksums of [undefined, 'when-required'] as const) {
      for (const headers of await headersOfBodies({ checksums })) {
        expect(Object.keys(headers).filter((name) => /checksum|trailer|content-encoding|content-md5/.test(name))).toEqual([])
      }
    }
    for (const headers of await headersOfBodies({ checksums: 'when-supported' })) {
      expect(headers).toMatchObject({ 'x-amz-checksum-crc32': expect.any(String) as string, 'content-length': expect.any(String) as string })
      expect(headers).not.toHaveProperty('x-amz-trailer')
    }
  })

  it('checksums is forgotten where many objects are deleted: older stores want an MD5', async () => {
    for (const checksums of ['when-supported', 'when-required'] as const) {
      const { server, driver } = await startDriver({ checksums })
      await driver.delete(['a', 'b'])
      const headers = server.requests.find(({ operation }) => operation === 'DeleteObjects')?.headers ?? {}
      expect(Object.keys(headers).filter((name) => /checksum|md5/.test(name))).toEqual(['content-md5'])
    }
  })

  it('partBytes says how large a part is', async () => {
    const { server, driver } = await startDriver({ partBytes: 5 * mebibyte })
    await driver.put('key', bytes(12 * mebibyte))
    const parts = server.requests.filter(({ operation }) => operation === 'UploadPart').map(({ headers }) => Number(headers['content-length']))
    expect(parts.sort((a, b) => b - a)).toEqual([5 * mebibyte, 5 * mebibyte, 2 * mebibyte])
  })

  it.each([1, 3])('concurrency says how many parts of an object go at once: %i', async (concurrency) => {
    const { server, driver } = await startDriver({ partBytes: 5 * mebibyte, concurrency })
    server.inject({ kind: 'hang', operation: 'UploadPart', times: 100 })
    const controller = new AbortController()
    const put = driver.put('key', bytes(60 * mebibyte), { signal: controller.signal }).catch(() => undefined)
    await expect.poll(() => server.counts().UploadPart).toBe(concurrency)
    for (let turn = 0; turn < 10; turn++) await driver.head('key')
    expect(server.counts().UploadPart).toBe(concurrency)
    controller.abort()
    await put
  })

  it('retries says how often a request is sent again', async () => {
    const { server, driver } = await startDriver({ retries: 1 })
    server.inject({ kind: 'error', code: 'SlowDown', times: 3 })
    await expect(driver.head('key')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect(server.counts()).toEqual({ HeadObject: 2 })
    expect(await driver.head('key')).toBeUndefined()
    expect(server.counts()).toEqual({ HeadObject: 4 })
  })

  it('requestTimeout ends a request that is not answered', async () => {
    const { server, driver } = await startDriver({ requestTimeout: 200, retries: 0 })
    server.inject({ kind: 'hang' })
    await expect(driver.head('key')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })

  it('objectBytes refuses what is larger', async () => {
    const { server, driver } = await startDriver({ objectBytes: 1000 })
    expect(driver.capabilities.limits.objectBytes).toBe(1000)
    await expect(driver.put('key', bytes(1001))).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' })
    expect(server.objects()).toEqual([])
  })

  it('sessionToken goes with every request', async () => {
    const { server, driver } = await startDriver({ sessionToken: 'token-1' })
    await driver.head('key')
    expect(server.requests[0]?.headers).toMatchObject({ 'x-amz-security-token': 'token-1' })
  })

  it('region signs', async () => {
    const server = await startServer({ region: 'eu-west-3' })
    const driver = await s3Driver({ ...optionsFor(server), region: 'eu-west-3' })
    onTestFinished(() => driver.close())
    expect(server.requests[0]?.headers['authorization']).toContain('/eu-west-3/s3/aws4_request')
  })

  it('kmsKey alone means aws:kms', async () => {
    const { server, driver } = await startDriver({ kmsKey: 'key-1' })
    await driver.put('key', bytes(1))
    expect(server.requests[0]?.headers).toMatchObject({ 'x-amz-server-side-encryption': 'aws:kms' })
  })

  it('pathStyle says where the bucket stands', async () => {
    const asked: string[] = []
    const proxy = createServer(({ url = '' }, answer) => {
      asked.push(url.replace(/\?.*/, ''))
      answer.writeHead(404).end()
    })
    await new Promise<void>((resolve) => void proxy.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void proxy.close())
    const { port } = proxy.address() as AddressInfo
    const options = { bucket: 'images', accessKey: 'a', secretKey: 's', endpoint: 'http://store.example.com', proxy: `http://127.0.0.1:${port}` }
    for (const pathStyle of [undefined, true, false]) await s3Driver({ ...options, pathStyle }).catch(() => undefined)
    expect(asked).toEqual(['http://store.example.com/images/', 'http://store.example.com/images/', 'http://images.store.example.com/'])
  })

  it('accessKey is what the environment has, where it is not given', async () => {
    const server = await startServer()
    vi.stubEnv('AWS_ACCESS_KEY_ID', server.accessKey)
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', server.secretKey)
    onTestFinished(() => void vi.unstubAllEnvs())
    const { endpoint, bucket } = server
    const driver = await s3Driver({ endpoint, bucket })
    await driver.close()
    expect(server.requests[0]?.headers['authorization']).toContain(`Credential=${server.accessKey}/`)
  })

  it.each([{ useSigv4: false }, { useSigv4: true }, { debug: 2 }])('%j changes nothing', async (older) => {
    const { server, driver } = await startDriver(older)
    await driver.head('key')
    expect(server.requests[0]?.headers['authorization']).toMatch(/^AWS4-HMAC-SHA256 /)
  })
})

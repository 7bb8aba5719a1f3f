import { createServer as createHttpServer, type ServerResponse } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { RegistryError, type ErrorCode } from '@registry/core'
import { s3Driver, type S3DriverOptions } from '../src/index.js'
import { startServer } from './driver-harness.js'
import { optionsFor } from './s3-harness.js'

const usual = { bucket: 'b', accessKey: 'a', secretKey: 's', endpoint: 'http://127.0.0.1:1' } as const

/** The start is refused with this code, in one line. */
async function expectRefused(options: S3DriverOptions, code: ErrorCode, message: RegExp): Promise<void> {
  const error: unknown = await s3Driver({ retries: 0, ...options }).then(
    async (driver) => {
      await driver.close()
      return 'the driver started'
    },
    (reason: unknown) => reason,
  )
  expect(error).toSatisfy((reason) => RegistryError.is(reason))
  const { code: got, message: said } = error as RegistryError
  expect([got, said]).toEqual([code, expect.stringMatching(message)])
  expect(said).not.toContain('\n')
}

/** The environment of a machine that has no credentials, but for these variables. */
function withoutCredentials(environment: Readonly<Record<string, string>>): void {
  const unset = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE', 'AWS_CONTAINER_CREDENTIALS_FULL_URI', 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI']
  for (const name of unset) vi.stubEnv(name, undefined)
  const files = { AWS_SHARED_CREDENTIALS_FILE: '/nowhere', AWS_CONFIG_FILE: '/nowhere' }
  for (const [name, value] of Object.entries({ AWS_EC2_METADATA_DISABLED: 'true', ...files, ...environment })) vi.stubEnv(name, value)
  onTestFinished(() => void vi.unstubAllEnvs())
}

/** The URL of a web server that answers everything so. */
async function startWeb(reply: (answer: ServerResponse) => void): Promise<string> {
  const web = createHttpServer((_, answer) => {
    reply(answer)
  })
  await new Promise<void>((resolve) => void web.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void web.close())
  return `http://127.0.0.1:${(web.address() as AddressInfo).port}`
}

describe('a start is refused', () => {
  it('where the bucket is missing', async () => {
    const server = await startServer()
    await expectRefused({ ...optionsFor(server), bucket: 'elsewhere' }, 'CONFIG', /^bucket: there is no bucket elsewhere at http:\/\/127/)
  })

  it('where the bucket is in another region, which it names', async () => {
    const server = await startServer({ region: 'eu-west-3' })
    await expectRefused(optionsFor(server), 'CONFIG', /^region: bucket test-bucket is in eu-west-3, not in us-east-1: set region to eu-west-3$/)
  })

  it('where the store sends it on to another region', async () => {
    const endpoint = await startWeb((answer) => {
      answer.writeHead(301, { 'x-amz-bucket-region': 'ap-south-1' }).end('<Error><Code>PermanentRedirect</Code></Error>')
    })
    await expectRefused({ ...usual, endpoint }, 'CONFIG', /^region: bucket b is in ap-south-1, not in us-east-1: set region to ap-south-1$/)
  })

  it('where the access key is unknown', async () => {
    const server = await startServer()
    await expectRefused({ ...optionsFor(server), accessKey: 'NOBODY' }, 'ACCESS_DENIED', /^accessKey: .* does not know the access key NOBODY$/)
  })

  it('where the secret key is another, without telling it', async () => {
    const server = await startServer()
    await expectRefused({ ...optionsFor(server), secretKey: 'wrong-secret' }, 'ACCESS_DENIED', /^secretKey: (?!.*wrong-secret)/)
  })

  it('where the clock is wrong, also where the store does not mind', async () => {
    const behind = await startServer({ now: () => new Date(Date.now() + 3 * 60 * 60 * 1000) })
    await expectRefused({ ...optionsFor(behind), retries: 4 }, 'CONFIG', /^the clock of this machine is 180 minutes behind that of the store/)
    const ahead = await startServer({ now: () => new Date(Date.now() - 60 * 60 * 1000), signatures: false })
    await expectRefused(optionsFor(ahead), 'CONFIG', /^the clock of this machine is 60 minutes ahead of that of the store/)
    const refusing = await startServer({ now: () => new Date(Date.now() + 3 * 60 * 60 * 1000) })
    await expectRefused(optionsFor(refusing), 'CONFIG', /^the clock of this machine/)
  })

  it('where the credentials may not list', async () => {
    const server = await startServer()
    server.inject({ kind: 'error', code: 'AccessDenied' })
    await expectRefused(optionsFor(server), 'ACCESS_DENIED', /may not list bucket test-bucket: it needs s3:ListBucket/)
  })

  it('where nothing listens', async () => {
    const server = await startServer()
    await server.close()
    await expectRefused(optionsFor(server), 'UNAVAILABLE', /^the store at http:\/\/127\.0\.0\.1:\d+ cannot be reached: .*ECONNREFUSED/)
  })

  it.each<[string, number, string, Record<string, string>, ErrorCode, RegExp]>([
    ['a page', 200, '<html><body>Welcome</body></html>', {}, 'CONFIG', /^endpoint: what answers at http\S+ does not speak S3 \(200\)/],
    ['a text', 200, 'Welcome', {}, 'CONFIG', /^endpoint: what answers at http\S+ does not speak S3 \(200\)/],
    ['that there is no such page', 404, '<html><h1>Not Found</h1></html>', {}, 'CONFIG', /^endpoint: .* does not speak S3 \(404\)/],
    ['that nobody may see it', 403, 'no', {}, 'CONFIG', /^endpoint: .* does not speak S3 \(403\)/],
    ['that it speaks TLS', 400, '<html>The plain HTTP request was sent to HTTPS port</html>', {}, 'CONFIG', /^endpoint: .* does not speak S3 \(400\)/],
    ['that it is elsewhere', 301, '', { location: 'https://store.example.com/b' }, 'CONFIG', /\(301\): it sends requests on to https:\/\/store\.example\.com$/],
    ['that a proxy wants a password', 407, 'Proxy Authentication Required', {}, 'CONFIG', /^proxy: .* asks for another user or password/],
    ['that what is behind it is out of order', 502, '<html>Bad Gateway</html>', {}, 'UNAVAILABLE', /is out of order: it answered 502$/],
  ])('where what answers is a web server that says %s', async (_, status, body, headers, code, message) => {
    const endpoint = await startWeb((answer) => answer.writeHead(status, headers).end(body))
    await expectRefused({ ...usual, endpoint }, code, message)
  })

  it('where what listens speaks TLS alone', async () => {
    const hangingUp = createServer((socket) => socket.destroy())
    await new Promise<void>((resolve) => void hangingUp.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void hangingUp.close())
    const { port } = hangingUp.address() as AddressInfo
    await expectRefused({ ...usual, endpoint: `http://127.0.0.1:${port}` }, 'UNAVAILABLE', /cannot be reached: .*: is it https:\/\/\?$/)
  })

  it('where the proxy cannot be reached, which it names', async () => {
    const server = await startServer()
    await expectRefused({ ...optionsFor(server), proxy: '127.0.0.1', proxyPort: 1 }, 'UNAVAILABLE', / through the proxy 127\.0\.0\.1:1 cannot be reached: .*ECONNREFUSED/)
    await expectRefused({ ...optionsFor(server), proxy: 'proxy.invalid' }, 'CONFIG', /^proxy: its host proxy\.invalid has no address: /)
  })

  it('where what listens never answers', async () => {
    const server = await startServer()
    server.inject({ kind: 'hang', times: 10 })
    await expectRefused({ ...optionsFor(server), requestTimeout: 100 }, 'UNAVAILABLE', /cannot be reached: .*100 ms/)
  })

  it('where the host has no address', async () => {
    await expectRefused({ ...usual, endpoint: 'http://store.invalid' }, 'CONFIG', /^endpoint: the host .* has no address/)
  })

  it('where what listens speaks no TLS', async () => {
    const server = await startServer()
    const endpoint = server.endpoint.replace('http:', 'https:')
    await expectRefused({ ...optionsFor(server), endpoint }, 'CONFIG', /^endpoint: what listens at https:\/\/127\.0\.0\.1:\d+ speaks no TLS/)
  })

  it.each<[string, Record<string, string>, RegExp]>([
    ['are no credentials', {}, /^accessKey: there are no credentials: give accessKey and secretKey, or a role$/],
    ['is no token of the role', { AWS_WEB_IDENTITY_TOKEN_FILE: '/nowhere', AWS_ROLE_ARN: 'arn:aws:iam::1:role/x' }, /^accessKey: .*ENOENT.*: give/],
  ])('where there %s', async (_, environment, message) => {
    const server = await startServer()
    withoutCredentials(environment)
    const { endpoint, bucket } = server
    await expectRefused({ endpoint, bucket }, 'CONFIG', message)
    expect(server.requests).toEqual([])
  })

  it('soon where the service that would give a role never answers', async () => {
    const server = await startServer()
    const silent = createServer(() => undefined)
    await new Promise<void>((resolve) => void silent.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void silent.close())
    const { port } = silent.address() as AddressInfo
    withoutCredentials({ AWS_EC2_METADATA_DISABLED: 'false', AWS_EC2_METADATA_SERVICE_ENDPOINT: `http://127.0.0.1:${port}` })
    const { endpoint, bucket } = server
    const since = performance.now()
    await expectRefused({ endpoint, bucket }, 'CONFIG', /^accessKey: there are no credentials/)
    expect(performance.now() - since).toBeLessThan(15_000)
  })

  it('where the store is overloaded', async () => {
    const server = await startServer()
    server.inject({ kind: 'error', code: 'SlowDown', times: 10 })
    await expectRefused(optionsFor(server), 'UNAVAILABLE', /slow down/)
  })
})

describe('an option is refused', () => {
  it.each<[string, Partial<S3DriverOptions>, RegExp]>([
    ['without a bucket', { bucket: '' }, /^bucket: /],
    ['of a bucket that has a space', { bucket: 'a b' }, /^bucket: /],
    ['of half the credentials', { secretKey: '' }, /^secretKey: /],
    ['of the other half', { accessKey: '' }, /^accessKey: /],
    ['of an endpoint that is no URL', { endpoint: 'minio:9000' }, /^endpoint: /],
    ['of an endpoint with a password', { endpoint: 'http://user:hidden@127.0.0.1' }, /^endpoint: expected a URL without a user, (?!.*hidden)/],
    ['of an endpoint with a query', { endpoint: 'http://127.0.0.1/?a=b' }, /^endpoint: /],
    ['of a proxy that is none, without its password', { proxy: 'ftp://user:hidden@127.0.0.1' }, /^proxy: expected a URL (?!.*hidden)/],
    ['of a root that leaves itself', { root: 'a/../b' }, /^root: /],
    ['of a root that is too long', { root: 'a'.repeat(200) }, /^root: /],
    ['of parts that are too small', { partBytes: 1024 }, /^partBytes: /],
    ['of fewer buffers than a part', { bufferBytes: 1024 }, /^bufferBytes: /],
    ['of a key without its encryption', { kmsKey: 'k', encryption: 'AES256' }, /^kmsKey: /],
    ['of a file without certificates', { caFile: import.meta.filename }, /^caFile: /],
    ['of a file that is missing', { caFile: '/nowhere.pem' }, /^caFile: /],
    ['of a proxy without a host', { proxyPort: 3128 }, /^proxy: /],
    ['of a format that nobody knows', { callingFormat: 'boto.Other' }, /^callingFormat: /],
    ['of a distribution without a key', { cloudfrontBase: 'https://cdn.example.com' }, /^cloudfrontKeyid: /],
    ['of a key without its first line', { cloudfrontBase: 'https://a.b', cloudfrontKeyid: 'K', cloudfrontKeysecret: 'MIIESECRET' }, /^cloudfrontKeysecret: (?!.*SECRET)/],
    ['of a key that is none', { cloudfrontBase: 'https://a.b', cloudfrontKeyid: 'K', cloudfrontKeysecret: '/nowhere' }, /^cloudfrontKeysecret: /],
  ])('%s', async (_, options, message) => {
    await expectRefused({ ...usual, ...options }, 'CONFIG', message)
  })
})

describe('older options', () => {
  it('lead to the same store', async () => {
    const server = await startServer()
    const { hostname, port } = new URL(server.endpoint)
    const { bucket, accessKey, secretKey } = server
    const older = { host: hostname, port: Number(port), secure: false, encrypt: true, useSigv4: false, debug: 0 }
    const driver = await s3Driver({ bucket, accessKey, secretKey, ...older })
    await driver.put('key', (async function* () {})())
    expect(server.requests.at(-1)?.headers).toMatchObject({ 'x-amz-server-side-encryption': 'AES256' })
    await driver.close()
  })

  it('sign for CloudFront', async () => {
    const server = await startServer()
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }))
    const cloudfront = { cloudfrontBase: 'cdn.example.com/base/', cloudfrontKeyid: 'K1', cloudfrontKeysecret: pem }
    const driver = await s3Driver({ ...optionsFor(server), ...cloudfront })
    const url = await driver.presign?.('a/b!', { expires: 60 })
    expect(`${url?.origin}${url?.pathname}`).toBe('https://cdn.example.com/base/registry/a/b!')
    expect([...(url?.searchParams.keys() ?? [])].sort()).toEqual(['Expires', 'Key-Pair-Id', 'Signature'])
    await driver.close()
  })
})

import { createServer as createHttpServer, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import type { ErrorCode } from '@registry/core'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { dynamodbIndex, type DynamodbIndexOptions } from '../src/index.js'
import { rejection } from './through-proxy.js'

const secrets = ['secret-key-1', 'session-token-1']
const usual = { accessKey: 'AKEXAMPLE', secretAccessKey: 'secret-key-1', sessionToken: 'session-token-1', retryTimeout: 0, requestTimeout: 5000 } as const

/** The start is refused with this code, in one line without secrets. */
async function expectRefused(options: DynamodbIndexOptions, code: ErrorCode, message: RegExp): Promise<void> {
  const error = await rejection(dynamodbIndex({ ...usual, ...options }))
  expect([error.code, error.message]).toEqual([code, expect.stringMatching(message)])
  for (const secret of [...secrets, '\n']) expect(error.message).not.toContain(secret)
}

async function listening(server: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

/** The URL of a web server that answers everything so. */
async function startWeb(reply: (answer: ServerResponse) => void): Promise<string> {
  const web = createHttpServer((request, answer) => {
    request.resume().on('end', () => {
      reply(answer)
    })
  })
  return `http://127.0.0.1:${await listening(web)}`
}

/** The URL of a DynamoDB that refuses everything so. */
async function startRefusing(name: string, message: string, status: number = 400): Promise<string> {
  return startWeb((answer) => {
    answer.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify({ __type: `com.amazon.coral.service#${name}`, message }))
  })
}

/** The URL of a server that takes connections, and does this with them. */
async function startSocketServer(onConnection: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined))
    onConnection(socket)
  })
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
  })
  return `http://127.0.0.1:${await listening(server)}`
}

/** The environment of a machine that has no credentials, but for these variables. */
function withoutCredentials(environment: Readonly<Record<string, string>> = {}): void {
  const unset = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE', 'AWS_CONTAINER_CREDENTIALS_FULL_URI', 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI']
  for (const name of unset) vi.stubEnv(name, undefined)
  const files = { AWS_SHARED_CREDENTIALS_FILE: '/nowhere', AWS_CONFIG_FILE: '/nowhere' }
  for (const [name, value] of Object.entries({ AWS_EC2_METADATA_DISABLED: 'true', ...files, ...environment })) vi.stubEnv(name, value)
  onTestFinished(() => void vi.unstubAllEnvs())
}

describe('a start is refused', () => {
  it.each<[string, string, ErrorCode, RegExp]>([
    ['UnrecognizedClientException', 'not valid', 'ACCESS_DENIED', /^accessKey: DynamoDB at http\S+ does not know the access key AKEXAMPLE, or its session/],
    ['InvalidClientTokenId', 'not valid', 'ACCESS_DENIED', /^accessKey: DynamoDB at http\S+ does not know/],
    ['InvalidSignatureException', 'not that of\nsecret-key-1', 'ACCESS_DENIED', /^secretAccessKey: it is not that of the access key AKEXAMPLE, or the clock/],
    ['ExpiredTokenException', 'expired', 'ACCESS_DENIED', /^sessionToken: the credentials have expired: get new ones$/],
    ['AccessDeniedException', 'x is not\nallowed', 'ACCESS_DENIED', /^accessKey: the access key AKEXAMPLE may not DescribeTable on docker-\S+ or .*: x is not allowed$/],
    ['ValidationException', 'Invalid table name', 'CONFIG', /^DynamoDB at http\S+ refuses DescribeTable: Invalid table name$/],
    ['UnknownOperationException', '', 'UNSUPPORTED', /^endpoint: DynamoDB at http\S+ does not know DescribeTable$/],
    ['ThrottlingException', 'Rate exceeded', 'UNAVAILABLE', /^DynamoDB at http\S+ cannot be used: DescribeTable: DynamoDB asks to slow down$/],
  ])('where DynamoDB says %s', async (name, said, code, message) => {
    await expectRefused({ endpoint: await startRefusing(name, said) }, code, message)
  })

  it('where DynamoDB is broken', async () => {
    const endpoint = await startRefusing('InternalServerError', 'oh', 500)
    await expectRefused({ endpoint }, 'UNAVAILABLE', /^DynamoDB at http\S+ cannot be used: DescribeTable: DynamoDB answered 500 InternalServerError$/)
  })

  it('where the clock of this machine is wrong, after the SDK has set its own', async () => {
    const endpoint = await startWeb((answer) => {
      const headers = { 'date': new Date(Date.now() + 3 * 60 * 60 * 1000).toUTCString(), 'content-type': 'application/x-amz-json-1.0' }
      answer.writeHead(400, headers).end(JSON.stringify({ __type: 'com.amazon.coral.service#InvalidSignatureException', message: 'Signature expired' }))
    })
    await expectRefused({ endpoint, retryTimeout: 500 }, 'ACCESS_DENIED', /^secretAccessKey: .*the clock of this machine is wrong$/)
  })

  it.each<[string, number, string, ErrorCode, RegExp]>([
    ['a page', 200, '<html><body>Welcome</body></html>', 'CONFIG', /^endpoint: what answers at http\S+ does not speak DynamoDB \(200\): is the URL /],
    ['that there is no such page', 404, '<html><h1>Not Found</h1></html>', 'CONFIG', /^endpoint: what answers .* \(404\)/],
    ['that nobody may see it', 403, 'no', 'CONFIG', /^endpoint: what answers .* \(403\)/],
    ['that it speaks TLS', 400, '<html>The plain HTTP request was sent to HTTPS port</html>', 'CONFIG', /^endpoint: what answers .* \(400\)/],
    ['that it is elsewhere', 301, '', 'CONFIG', /^endpoint: what answers .* \(301\)/],
    ['that what is behind it is out of order', 502, '<html>Bad Gateway</html>', 'UNAVAILABLE', /^DynamoDB at http\S+ cannot be used: .*502/],
  ])('where what answers is a web server that says %s', async (_, status, body, code, message) => {
    const endpoint = await startWeb((answer) => answer.writeHead(status, { 'content-type': 'text/html' }).end(body))
    await expectRefused({ endpoint }, code, message)
  })

  it('where nothing listens', async () => {
    const server = createServer()
    const port = await listening(server)
    await new Promise((resolve) => server.close(resolve))
    const message = /^endpoint: DynamoDB at http\S+ cannot be used: DescribeTable: DynamoDB could not be reached: connect ECONNREFUSED/
    await expectRefused({ endpoint: `http://127.0.0.1:${port}` }, 'UNAVAILABLE', message)
  })

  it('where what listens hangs up', async () => {
    const endpoint = await startSocketServer((socket) => socket.destroy())
    await expectRefused({ endpoint }, 'UNAVAILABLE', /^endpoint: DynamoDB at http\S+ cannot be used: DescribeTable: the connection to DynamoDB broke: /)
  })

  it('where what listens never answers', async () => {
    const endpoint = await startSocketServer(() => undefined)
    const message = /^endpoint: DynamoDB at http\S+ cannot be used: DescribeTable: DynamoDB did not answer in time$/
    await expectRefused({ endpoint, requestTimeout: 200 }, 'UNAVAILABLE', message)
  })

  it('where an answer begins and never ends', async () => {
    const headers = { 'content-type': 'application/x-amz-json-1.0', 'content-length': '100' }
    const endpoint = await startWeb((answer) => void answer.writeHead(200, headers).write('{'))
    await expectRefused({ endpoint, requestTimeout: 300, connectTimeout: 100 }, 'UNAVAILABLE', /cannot be used: DescribeTable: /)
  })

  it('where what listens speaks no TLS', async () => {
    const endpoint = (await startRefusing('x', '')).replace('http:', 'https:')
    await expectRefused({ endpoint }, 'CONFIG', /^endpoint: TLS with DynamoDB at https\S+ failed: .*: is it http:\/\/\?$/)
  })

  it('where the host has no address', async () => {
    await expectRefused({ endpoint: 'http://dynamodb.invalid' }, 'CONFIG', /^endpoint: DynamoDB at http:\/\/dynamodb\.invalid has no address: /)
  })

  it('where the region of the environment can be none', async () => {
    vi.stubEnv('AWS_REGION', 'eu west')
    onTestFinished(() => void vi.unstubAllEnvs())
    await expectRefused({}, 'CONFIG', /^region: .*eu west/)
  })

  it.each<[string, Record<string, string>, RegExp]>([
    ['are no credentials', {}, /^accessKey: there are no credentials: give accessKey and secretAccessKey, or a role$/],
    ['is no token of the role', { AWS_WEB_IDENTITY_TOKEN_FILE: '/nowhere', AWS_ROLE_ARN: 'arn:aws:iam::1:role/x' }, /^accessKey: .*ENOENT.*: give/],
  ])('where there %s', async (_, environment, message) => {
    withoutCredentials(environment)
    await expectRefused({ accessKey: undefined, secretAccessKey: undefined, sessionToken: undefined, endpoint: 'http://127.0.0.1:1' }, 'CONFIG', message)
  })
})

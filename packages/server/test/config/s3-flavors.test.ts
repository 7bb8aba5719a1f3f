import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { describeWithCeph, startCeph } from '@registry/services/ceph'
import { startS3Server, type S3Server } from '@registry/services/s3-server'
import { runRegistryCommand, startRegistryProcess } from '../support/registry-process.js'
import { temporaryFolder } from '../support/temporary-folder.js'

type Variables = Readonly<Record<string, string>>

async function startServer(): Promise<S3Server> {
  const server = await startS3Server({ bucket: '12345' })
  onTestFinished(() => server.close())
  return server
}

/** What every flavor needs besides its own. */
function withIndex(variables: Variables): Variables {
  return { REGISTRY_INDEX: 'sqlite', REGISTRY_SQLITE_FILE: join(temporaryFolder(), 'index'), ...variables }
}

/** Pushes a blob, and pulls it. */
async function expectPushAndPull(address: string): Promise<void> {
  const started = await fetch(`http://${address}/v2/a/blobs/uploads/`, { method: 'POST' })
  const digest = 'sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824'
  const closed = await fetch(`http://${address}${started.headers.get('location')!}?digest=${digest}`, { method: 'PUT', body: 'hello' })
  expect(closed.status).toBe(201)
  expect(await (await fetch(`http://${address}/v2/a/blobs/${digest}`)).text()).toBe('hello')
}

/** The variables of the classic image for a store at this URL. */
function awsVariables({ endpoint, accessKey, secretKey }: Pick<S3Server, 'endpoint' | 'accessKey' | 'secretKey'>, bucket: string): Variables {
  const { hostname, port } = new URL(endpoint)
  return { AWS_BUCKET: bucket, AWS_KEY: accessKey, AWS_SECRET: secretKey, AWS_HOST: hostname, AWS_PORT: port, AWS_SECURE: 'false' }
}

/** An HTTP proxy that records where it is asked to go, and goes nowhere. */
async function startRefusingProxy(): Promise<{ readonly url: string; readonly seen: readonly string[] }> {
  const seen: string[] = []
  const proxy = createHttpServer()
  proxy.on('connect', ({ url = '', headers }, socket) => {
    const user = Buffer.from(headers['proxy-authorization']?.replace('Basic ', '') ?? '', 'base64').toString()
    seen.push(`CONNECT ${url}${user === '' ? '' : ` ${user}`}`)
    socket.end('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n')
  })
  await new Promise<void>((resolve) => void proxy.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void proxy.close())
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, seen }
}

const cloudfront = { CF_BASE_URL: 'https://d1.cloudfront.net/', CF_KEYID: 'APKA' }

it.each<[string, Variables, { readonly root: string; readonly encryption?: string; readonly output?: string }]>([
  ['s3', {}, { root: 'registry/', encryption: 'AES256' }],
  ['s3', { AWS_ENCRYPT: 'false', STORAGE_PATH: '/mine', AWS_DEBUG: '2', AWS_USE_SIGV4: 'true', AWS_REGION: 'us-east-1' }, { root: 'mine/' }],
  ['prod', {}, { root: 'prod/', encryption: 'AES256' }],
  ['ceph-s3', { AWS_CALLING_FORMAT: 'boto.s3.connection.OrdinaryCallingFormat', AWS_USE_SIGV4: 'false' }, { root: 'registry/' }],
  ['cloudfronts3', cloudfront, { root: 'registry/', encryption: 'AES256' }],
])('the flavor %s serves from a store with %j', async (flavor, variables, { root, encryption }) => {
  const server = await startServer()
  const folder = temporaryFolder()
  const key = join(folder, 'key.pem')
  writeFileSync(key, generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }))
  const environment = withIndex({ ...awsVariables(server, '12345'), SETTINGS_FLAVOR: flavor, ...variables, ...(flavor === 'cloudfronts3' && { CF_KEYSECRET: key }) })
  const registry = await startRegistryProcess(undefined, [], { cwd: folder, environment })
  await expectPushAndPull(registry.address)
  expect(server.objects().filter((object) => !object.key.startsWith(root))).toEqual([])
  const puts = server.requests.filter(({ operation }) => operation === 'PutObject')
  expect(puts.length).toBeGreaterThan(0)
  expect(new Set(puts.map(({ headers }) => headers['x-amz-server-side-encryption']))).toEqual(new Set([encryption]))
})

it('without a flavor of S3, variables alone lead to a store', async () => {
  const server = await startServer()
  const { endpoint, accessKey, secretKey } = server
  const names = { BUCKET: '12345', ENDPOINT: endpoint, ACCESS_KEY: accessKey, SECRET_KEY: secretKey }
  const section = Object.fromEntries(Object.entries(names).map(([name, value]) => [`REGISTRY_S3_${name}`, value]))
  const registry = await startRegistryProcess(undefined, [], { cwd: temporaryFolder(), environment: withIndex({ REGISTRY_STORAGE: 's3', ...section }) })
  await expectPushAndPull(registry.address)
  expect(server.objects().filter(({ key }) => !key.startsWith('registry/'))).toEqual([])
})

it.each<[string, (server: S3Server) => Variables, string]>([
  ['gcs', (server) => ({ GCS_BUCKET: '12345', GCS_KEY: server.accessKey, GCS_SECRET: server.secretKey, GCS_SECURE: 'false' }), 'registry/'],
  ['oss', (server) => ({ OSS_BUCKET: '12345', OSS_KEY: server.accessKey, OSS_SECRET: server.secretKey }), 'registry/'],
])('the flavor %s serves from a store that stands in for it', async (flavor, variables, root) => {
  const server = await startServer()
  const environment = withIndex({ SETTINGS_FLAVOR: flavor, ...variables(server), REGISTRY_S3_ENDPOINT: server.endpoint })
  const registry = await startRegistryProcess(undefined, [], { cwd: temporaryFolder(), environment })
  await expectPushAndPull(registry.address)
  expect(server.objects().length).toBeGreaterThan(0)
  expect(server.objects().filter(({ key }) => !key.startsWith(root))).toEqual([])
})

it.each<[string, Variables, string]>([
  ['gcs', { GCS_BUCKET: 'images', GCS_KEY: 'GOOG', GCS_SECRET: 's' }, 'CONNECT storage.googleapis.com:443'],
  ['oss', { OSS_BUCKET: 'images', OSS_KEY: 'LTAI', OSS_SECRET: 's', OSS_HOST: 'oss-cn-hangzhou.aliyuncs.com' }, 'CONNECT images.oss-cn-hangzhou.aliyuncs.com:443'],
  ['s3', { AWS_BUCKET: 'images', AWS_KEY: 'AKIA', AWS_SECRET: 's', AWS_REGION: 'eu-west-1' }, 'CONNECT images.s3.eu-west-1.amazonaws.com:443'],
  ['s3', { AWS_BUCKET: 'images', AWS_KEY: 'AKIA', AWS_SECRET: 's', AWS_REGION: 'eu-west-1', AWS_HOST: 's3.amazonaws.com' }, 'CONNECT images.s3.eu-west-1.amazonaws.com:443'],
])('the flavor %s with %j goes to the host of its service', async (flavor, variables, asked) => {
  const { url, seen } = await startRefusingProxy()
  const environment = withIndex({ SETTINGS_FLAVOR: flavor, ...variables, REGISTRY_S3_PROXY: url, REGISTRY_S3_RETRIES: '0' })
  const { code, stderr } = await runRegistryCommand(['serve', '--port', '0'], { cwd: temporaryFolder(), environment })
  expect([code, stderr]).toEqual([1, expect.stringMatching(/^registry: the store .* through the proxy .*\n$/m)])
  expect(seen).toEqual([asked])
})

it('the options of boto lead through a proxy', async () => {
  const { url, seen } = await startRefusingProxy()
  const { hostname, port } = new URL(url)
  const boto = { boto_bucket: 'images', boto_host: 'store.example.com', boto_port: 8443, boto_calling_format: 'boto.s3.connection.SubdomainCallingFormat' }
  const proxy = { boto_proxy: hostname, boto_proxy_port: Number(port), boto_proxy_user: 'user', boto_proxy_pass: 'p@ss' }
  const folder = temporaryFolder()
  const keys = { s3_access_key: 'a', s3_secret_key: 's', s3: { retries: 0 } }
  writeFileSync(join(folder, 'config.yml'), JSON.stringify({ dev: { storage: 's3', ...boto, ...proxy, ...keys } }))
  const environment = withIndex({ DOCKER_REGISTRY_CONFIG: 'config.yml' })
  const { code, stderr } = await runRegistryCommand(['serve', '--port', '0'], { cwd: folder, environment })
  expect([code, stderr]).toEqual([1, expect.not.stringContaining('p@ss')])
  expect(seen).toEqual(['CONNECT images.store.example.com:8443 user:p@ss'])
})

describeWithCeph('on the Ceph Object Gateway', () => {
  it('the flavor ceph-s3 serves, as the classic registry did with these variables', async () => {
    const ceph = await startCeph()
    onTestFinished(() => ceph.close())
    await ceph.createBucket('flavors')
    const environment = withIndex({ ...awsVariables(ceph, 'flavors'), SETTINGS_FLAVOR: 'ceph-s3', AWS_CALLING_FORMAT: 'boto.s3.connection.OrdinaryCallingFormat' })
    const registry = await startRegistryProcess(undefined, [], { cwd: temporaryFolder(), environment })
    await expectPushAndPull(registry.address)
    expect(await registry.stop()).toBe(0)
  })
})

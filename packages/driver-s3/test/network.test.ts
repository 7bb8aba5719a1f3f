import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer, request as httpRequest } from 'node:http'
import { connect, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { expect, it, onTestFinished } from 'vitest'
import { makeCertificate } from '@registry/services/certificate'
import { describeWith, program } from '@registry/services/describe-with'
import { s3Driver } from '../src/index.js'
import { bytes, drained, mebibyte, startServer } from './driver-harness.js'
import { optionsFor } from './s3-harness.js'

/** Puts and reads an object, small and large. */
async function expectWorks(options: Parameters<typeof s3Driver>[0]): Promise<void> {
  const driver = await s3Driver(options)
  onTestFinished(() => driver.close())
  for (const size of [1000, 9 * mebibyte]) {
    await driver.put('key', bytes(size))
    await using object = await driver.open('key')
    expect(await drained(object.body)).toBe(size)
  }
}

describeWith([program('openssl')], 'TLS', () => {
  it('goes by the authorities of caFile, and without it is refused at the start', async () => {
    const server = await startServer()
    const { endpoint, certificate } = await startTls(Number(new URL(server.endpoint).port))
    const options = { ...optionsFor(server), endpoint, retries: 0 }
    await expect(s3Driver(options)).rejects.toMatchObject({
      code: 'CONFIG',
      message: expect.stringMatching(/^TLS with the store at https:.* failed: self-signed certificate: give the certificate .* as caFile/) as string,
    })
    await expectWorks({ ...options, caFile: certificate })
  })

  it('goes through a proxy as a tunnel', async () => {
    const server = await startServer()
    const { endpoint, certificate } = await startTls(Number(new URL(server.endpoint).port))
    const proxy = await startProxy()
    const { port } = new URL(proxy.url)
    await expectWorks({
      ...optionsFor(server),
      endpoint,
      caFile: certificate,
      proxy: '127.0.0.1',
      proxyPort: Number(port),
      proxyUser: 'user',
      proxyPass: 'p@ss:word',
    })
    expect(new Set(proxy.seen)).toEqual(new Set([`CONNECT ${new URL(endpoint).host} user:p@ss:word`]))
  })
})

it('plain HTTP goes through a proxy as what it is', async () => {
  const server = await startServer()
  const proxy = await startProxy()
  await expectWorks({ ...optionsFor(server), proxy: proxy.url, sweep: false })
  expect(proxy.seen.length).toBeGreaterThanOrEqual(server.requests.length)
  expect(proxy.seen[0]).toMatch(/^GET http:\/\/127\.0\.0\.1:\d+\/test-bucket/)
})

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

/** TLS in front of a port of this machine. */
async function startTls(port: number): Promise<{ readonly endpoint: string; readonly certificate: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'driver-s3-'))
  onTestFinished(() => {
    rmSync(folder, { recursive: true })
  })
  const pair = makeCertificate()
  const certificate = join(folder, 'certificate.pem')
  writeFileSync(certificate, pair.cert)
  const server = createTlsServer(pair, (socket) => {
    const plain = connect(port, '127.0.0.1')
    for (const one of [socket, plain]) one.on('error', () => {
      socket.destroy()
      plain.destroy()
    })
    socket.pipe(plain).pipe(socket)
  })
  server.on('tlsClientError', () => undefined)
  return { endpoint: `https://localhost:${await listening(server)}`, certificate }
}

/** An HTTP proxy that tells what it was asked for, and by whom. */
async function startProxy(): Promise<{ readonly url: string; readonly seen: readonly string[] }> {
  const seen: string[] = []
  const userOf = (header: string = ''): string => header.replace(/^Basic (.*)$/, (_, text: string) => ` ${Buffer.from(text, 'base64').toString()}`)
  const proxy = createHttpServer((incoming, answer) => {
    const { method = '', url = '', headers } = incoming
    seen.push(`${method} ${url}${userOf(headers['proxy-authorization'])}`)
    const forwarded = httpRequest(url, { method, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 500, response.headers)
      response.pipe(answer)
    })
    forwarded.on('error', () => answer.destroy())
    incoming.pipe(forwarded)
  })
  proxy.on('connect', ({ url = '', headers }, socket) => {
    seen.push(`CONNECT ${url}${userOf(headers['proxy-authorization'])}`)
    const target = connect(Number(new URL(`http://${url}`).port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      target.pipe(socket).pipe(target)
    })
    for (const one of [socket, target]) one.on('error', () => {
      socket.destroy()
      target.destroy()
    })
  })
  return { url: `http://127.0.0.1:${await listening(proxy)}`, seen }
}

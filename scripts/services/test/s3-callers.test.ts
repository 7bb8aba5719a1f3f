import { Agent } from 'node:https'
import { GetObjectCommand, HeadBucketCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { describe, expect, it, onTestFinished } from 'vitest'
import { makeCertificate } from '../src/certificate.js'
import { describeWith, program } from '../src/describe-with.js'
import { Bucket, clientOf, put, start } from './support/start.js'

describe('who may', () => {
  it('knows its bucket alone', async () => {
    const { client } = await start()
    await client.send(new HeadBucketCommand({ Bucket }))
    await expect(client.send(new HeadBucketCommand({ Bucket: 'other' }))).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } })
    await expect(client.send(new ListObjectsV2Command({ Bucket: 'other' }))).rejects.toMatchObject({ name: 'NoSuchBucket' })
  })

  it.each([
    ['SignatureDoesNotMatch', { credentials: { accessKeyId: 'AKIATESTTESTTESTTEST', secretAccessKey: 'wrong' } }],
    ['InvalidAccessKeyId', { credentials: { accessKeyId: 'WRONG', secretAccessKey: 'wrong' } }],
    ['PermanentRedirect', { region: 'eu-west-3' }],
  ])('refuses with %s', async (name, config) => {
    const { server } = await start()
    const client = clientOf(server, config)
    onTestFinished(() => {
      client.destroy()
    })
    await expect(client.send(new ListObjectsV2Command({ Bucket }))).rejects.toMatchObject({ name })
  })

  it('names the region of the bucket', async () => {
    const { server } = await start({ region: 'eu-west-1' })
    const client = clientOf(server, { region: 'eu-west-3' })
    const error: unknown = await client.send(new HeadBucketCommand({ Bucket })).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ $metadata: { httpStatusCode: 301 }, $response: { headers: { 'x-amz-bucket-region': 'eu-west-1' } } })
    client.destroy()
  })

  it('refuses a clock that is off', async () => {
    const { client } = await start({ now: () => new Date(Date.now() + 3_600_000) })
    await expect(put(client, 'k')).rejects.toMatchObject({ name: 'RequestTimeTooSkewed' })
    // The client has seen the other clock, and goes by it.
    await put(client, 'k')
  })
})

describeWith([program('openssl')], 'TLS', () => {
  it('speaks TLS, with a certificate that is trusted by whom it was told', async () => {
    const tls = makeCertificate()
    const { client, server } = await start({ tls })
    await expect(put(client, 'k')).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
    const trusting = clientOf(server, { requestHandler: { httpsAgent: new Agent({ ca: tls.cert, keepAlive: true }) } })
    onTestFinished(() => {
      trusting.destroy()
    })
    await put(trusting, 'k')
    server.inject({ kind: 'lost-answer' })
    await expect(put(trusting, 'l')).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(server.objects().map(({ key }) => key)).toEqual(['k', 'l'])
  })

  it('refuses who is not signed', async () => {
    const { server } = await start()
    const response = await fetch(`${server.endpoint}/${Bucket}/k`)
    expect([response.status, await response.text()]).toEqual([403, expect.stringContaining('<Code>AccessDenied</Code>')])
  })

  it('serves presigned addresses until they expire', async () => {
    let later = 0
    const { client, server } = await start({ now: () => new Date(Date.now() + later) })
    await put(client, 'a b/c+d', '0123456789')
    const overrides = { ResponseContentType: 'text/x', ResponseContentDisposition: 'attachment; filename="a b"' }
    const command = new GetObjectCommand({ Bucket, Key: 'a b/c+d', ...overrides })
    const url = await getSignedUrl(client, command, { expiresIn: 60 })
    const response = await fetch(url, { headers: { range: 'bytes=1-2' } })
    expect([response.status, await response.text()]).toEqual([206, '12'])
    expect(response.headers.get('content-type')).toBe('text/x')
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="a b"')
    expect(await statusAndCode(url.replace('text%2Fx', 'text%2Fy'))).toEqual([403, 'SignatureDoesNotMatch'])
    expect(await statusAndCode(url.replace('c%2Bd', 'c'))).toEqual([403, 'SignatureDoesNotMatch'])
    later = 61_000
    expect(await statusAndCode(url)).toEqual([403, 'AccessDenied'])
    expect(server.counts()).toEqual({ PutObject: 1, GetObject: 4 })
  })
})

async function statusAndCode(url: string): Promise<readonly unknown[]> {
  const response = await fetch(url)
  return [response.status, /<Code>(.*)<\/Code>/.exec(await response.text())?.[1]]
}

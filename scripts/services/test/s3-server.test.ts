import { randomBytes } from 'node:crypto'
import { Agent } from 'node:https'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { describe, expect, it, onTestFinished } from 'vitest'
import { makeCertificate } from '../src/certificate.js'
import type { Fault } from '../src/s3-server/faults.js'
import { type S3Server, type S3ServerOptions, startS3Server } from '../src/s3-server/start-s3-server.js'

interface Started {
  readonly server: S3Server
  readonly client: S3Client
}

async function start(options: S3ServerOptions = {}, config: S3ClientConfig = {}): Promise<Started> {
  const server = await startS3Server(options)
  const client = clientOf(server, config)
  onTestFinished(async () => {
    client.destroy()
    await server.close()
  })
  return { server, client }
}

function clientOf({ endpoint, region, accessKey, secretKey }: S3Server, config: S3ClientConfig = {}): S3Client {
  const credentials = { accessKeyId: accessKey, secretAccessKey: secretKey }
  return new S3Client({ endpoint, region, credentials, forcePathStyle: true, maxAttempts: 1, ...config })
}

const Bucket = 'test-bucket'
const mebibyte = 1024 * 1024

async function put(client: S3Client, Key: string, Body: Uint8Array | string = 'content'): Promise<void> {
  await client.send(new PutObjectCommand({ Bucket, Key, Body }))
}

async function get(client: S3Client, Key: string, Range?: string): Promise<Buffer> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, ...(Range !== undefined && { Range }) }))
  return buffer(Body as Readable)
}

/** `toEqual` takes seconds for a mebibyte. */
function expectBytes(found: Buffer, expected: Buffer): void {
  expect(found.equals(expected), `${found.length} bytes that are not the ${expected.length} expected ones`).toBe(true)
}

async function createUpload(client: S3Client, Key: string): Promise<string> {
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ChecksumAlgorithm: 'CRC32', Bucket, Key }))
  return UploadId!
}

interface Part {
  readonly ETag: string
  readonly PartNumber: number
}

async function uploadPart(client: S3Client, Key: string, UploadId: string, PartNumber: number, Body: Uint8Array): Promise<Part> {
  const { ETag } = await client.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }))
  return { ETag: ETag!, PartNumber }
}

async function complete(client: S3Client, Key: string, UploadId: string, Parts: readonly Part[]): Promise<void> {
  await client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts: [...Parts] } }))
}

describe('objects', () => {
  it.each(['WHEN_SUPPORTED', 'WHEN_REQUIRED'] as const)('come back as they were put, with checksums %s', async (requestChecksumCalculation) => {
    const { client, server } = await start({}, { requestChecksumCalculation })
    const bytes = randomBytes(300_001)
    await put(client, 'a/bytes', bytes)
    await client.send(new PutObjectCommand({ Bucket, Key: 'a/stream', Body: Readable.from([bytes]), ContentLength: bytes.length }))
    await client.send(new PutObjectCommand({ Bucket, Key: 'a/empty', Body: '' }))
    expectBytes(await get(client, 'a/bytes'), bytes)
    expectBytes(await get(client, 'a/stream'), bytes)
    expect(await get(client, 'a/empty')).toHaveLength(0)
    expect(server.objects()).toEqual([
      { key: 'a/bytes', size: 300_001 },
      { key: 'a/empty', size: 0 },
      { key: 'a/stream', size: 300_001 },
    ])
  })

  it('take a stream in chunks with its checksum after them', async () => {
    const { client, server } = await start({}, { requestChecksumCalculation: 'WHEN_SUPPORTED' })
    const Body = Readable.from([Buffer.alloc(100_000), Buffer.alloc(7)])
    await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body, ContentLength: 100_007 }))
    expect(server.requests[0]?.headers).toMatchObject({ 'content-encoding': 'aws-chunked', 'x-amz-trailer': 'x-amz-checksum-crc32' })
    expect(server.objects()).toEqual([{ key: 'k', size: 100_007 }])
  })

  it('are refused with a checksum or a length that does not fit', async () => {
    const { client, server } = await start()
    const wrong = { Bucket, Key: 'k', Body: 'content' }
    await expect(client.send(new PutObjectCommand({ ...wrong, ChecksumCRC32: 'AAAAAA==' }))).rejects.toMatchObject({ name: 'BadDigest' })
    await expect(client.send(new PutObjectCommand({ ...wrong, ContentMD5: 'AAAAAAAAAAAAAAAAAAAAAA==' }))).rejects.toMatchObject({ name: 'BadDigest' })
    expect(server.objects()).toEqual([])
  })

  it('are refused where the length is not told before', async () => {
    const { server } = await start({ signatures: false })
    const body = Readable.toWeb(Readable.from([Buffer.from('content')]))
    const response = await fetch(`${server.endpoint}/${Bucket}/k`, { method: 'PUT', body, duplex: 'half' })
    expect([response.status, await response.text()]).toEqual([411, expect.stringContaining('<Code>MissingContentLength</Code>')])
  })

  it('have ranges', async () => {
    const { client, server } = await start()
    await put(client, 'k', '0123456789')
    expect(String(await get(client, 'k', 'bytes=2-4'))).toBe('234')
    expect(String(await get(client, 'k', 'bytes=7-'))).toBe('789')
    expect(String(await get(client, 'k', 'bytes=-1'))).toBe('9')
    expect(String(await get(client, 'k', 'bytes=8-100'))).toBe('89')
    const ranged = await client.send(new GetObjectCommand({ Bucket, Key: 'k', Range: 'bytes=2-4' }))
    expect(ranged.ContentRange).toBe('bytes 2-4/10')
    await expect(get(client, 'k', 'bytes=10-')).rejects.toMatchObject({ name: 'InvalidRange', $metadata: { httpStatusCode: 416 } })
    expect(server.requests.map(({ status }) => status)).toEqual([200, 206, 206, 206, 206, 206, 416])
  })

  it('tell what is known about them', async () => {
    const { client } = await start()
    const facts = { ContentType: 'text/plain', Metadata: { a: 'b' }, ServerSideEncryption: 'AES256', StorageClass: 'STANDARD_IA' } as const
    await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'content', ...facts }))
    const found = await client.send(new HeadObjectCommand({ Bucket, Key: 'k' }))
    expect(found).toMatchObject({ ...facts, ContentLength: 7, ETag: '"9a0364b9e99bb480dd25e1f0284c8555"' })
    await expect(client.send(new HeadObjectCommand({ Bucket, Key: 'l' }))).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } })
    await expect(get(client, 'l')).rejects.toMatchObject({ name: 'NoSuchKey' })
  })

  it('are written once on demand', async () => {
    const { client } = await start()
    const once = (): Promise<unknown> => client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'content', IfNoneMatch: '*' }))
    await once()
    await expect(once()).rejects.toMatchObject({ name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } })
  })

  it('are deleted, one or many, whether or not they are there', async () => {
    const { client, server } = await start()
    for (const key of ['a', 'b&<>"\'', 'c d+é', 'e']) await put(client, key)
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'a' }))
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'a' }))
    const Objects = ['b&<>"\'', 'c d+é', 'absent'].map((Key) => ({ Key }))
    const { Deleted } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }))
    expect(Deleted).toEqual(Objects)
    expect(server.objects()).toEqual([{ key: 'e', size: 7 }])
    const { Deleted: quiet } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'e' }], Quiet: true } }))
    expect([quiet, server.objects()]).toEqual([undefined, []])
  })

  it('are listed by the bytes of their keys, in pages', async () => {
    const { client, server } = await start()
    const keys = ['a-b', 'a/b', 'a/c d+', 'aa', 'b', '\uffee', '\u{10000}']
    for (const key of keys.toReversed()) await put(client, key)
    const found: string[] = []
    let ContinuationToken: string | undefined
    do {
      const token = ContinuationToken === undefined ? {} : { ContinuationToken }
      const page = await client.send(new ListObjectsV2Command({ Bucket, MaxKeys: 2, EncodingType: 'url', ...token }))
      for (const { Key } of page.Contents ?? []) found.push(decodeURIComponent(Key!))
      ContinuationToken = page.NextContinuationToken
    } while (ContinuationToken)
    expect(found).toEqual(keys)
    expect(server.counts()).toEqual({ PutObject: 7, ListObjectsV2: 4 })
    const { Contents, KeyCount } = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'a/', StartAfter: 'a/b' }))
    expect([KeyCount, Contents]).toMatchObject([1, [{ Key: 'a/c d+', Size: 7 }]])
    expect((await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'none' }))).Contents).toBeUndefined()
  })

  it('are hashed and discarded above a limit', async () => {
    const { client, server } = await start({ keepBodies: false })
    await put(client, 'small')
    await put(client, 'large', Buffer.alloc(mebibyte + 1))
    expect(server.objects()).toEqual([
      { key: 'large', size: mebibyte + 1 },
      { key: 'small', size: 7 },
    ])
    expect(String(await get(client, 'small'))).toBe('content')
    await expect(get(client, 'large')).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } })
  })
})

describe('multipart uploads', () => {
  it('become an object when they are completed', async () => {
    const { client, server } = await start()
    const bytes = randomBytes(11 * mebibyte)
    const id = await createUpload(client, 'k')
    const second = await uploadPart(client, 'k', id, 2, bytes.subarray(5 * mebibyte, 10 * mebibyte))
    const first = await uploadPart(client, 'k', id, 1, bytes.subarray(0, 5 * mebibyte))
    const third = await uploadPart(client, 'k', id, 3, bytes.subarray(10 * mebibyte))
    expect(server.uploads()).toMatchObject([{ key: 'k', uploadId: id, parts: { 1: 5 * mebibyte, 2: 5 * mebibyte, 3: mebibyte } }])
    const { Parts } = await client.send(new ListPartsCommand({ Bucket, Key: 'k', UploadId: id }))
    expect(Parts?.map(({ PartNumber }) => PartNumber)).toEqual([1, 2, 3])
    await expect(get(client, 'k')).rejects.toMatchObject({ name: 'NoSuchKey' })
    await complete(client, 'k', id, [first, second, third])
    expectBytes(await get(client, 'k'), bytes)
    expectBytes(await get(client, 'k', `bytes=${5 * mebibyte - 1}-${10 * mebibyte}`), bytes.subarray(5 * mebibyte - 1, 10 * mebibyte + 1))
    expect(server.uploads()).toEqual([])
  })

  it('tell equal parts from others, also where nothing is hashed', async () => {
    for (const trustHashes of [false, true]) {
      const { client, server } = await start({ trustHashes })
      const [bytes, other] = [randomBytes(5 * mebibyte), randomBytes(5 * mebibyte)]
      const id = await createUpload(client, 'k')
      const parts: Part[] = []
      for (let number = 1; number <= 4; number++) parts.push(await uploadPart(client, 'k', id, number, number === 3 ? other : bytes))
      await complete(client, 'k', id, parts)
      expect(new Set(parts.map(({ ETag }) => ETag)).size).toBe(2)
      expect(server.objects()).toEqual([{ key: 'k', size: 20 * mebibyte }])
      const middle = 2 * bytes.length
      expectBytes(await get(client, 'k', `bytes=${middle - 10}-${middle + 9}`), Buffer.concat([bytes.subarray(-10), other.subarray(0, 10)]))
    }
  })

  it('are refused with parts that are small, absent, out of order or others', async () => {
    const { client } = await start()
    const id = await createUpload(client, 'k')
    const small = await uploadPart(client, 'k', id, 1, Buffer.alloc(5 * mebibyte - 1))
    const last = await uploadPart(client, 'k', id, 2, Buffer.alloc(1))
    await expect(complete(client, 'k', id, [small, last])).rejects.toMatchObject({ name: 'EntityTooSmall' })
    await expect(complete(client, 'k', id, [last, small])).rejects.toMatchObject({ name: 'InvalidPartOrder' })
    await expect(complete(client, 'k', id, [{ ...last, PartNumber: 3 }])).rejects.toMatchObject({ name: 'InvalidPart' })
    await expect(complete(client, 'k', id, [{ ...last, PartNumber: 1 }])).rejects.toMatchObject({ name: 'InvalidPart' })
    await complete(client, 'k', id, [small])
    await expect(complete(client, 'k', id, [small])).rejects.toMatchObject({ name: 'NoSuchUpload' })
  })

  it('are listed in pages until they are aborted, with when they were begun', async () => {
    const { client, server } = await start()
    const ids = [await createUpload(client, 'b'), await createUpload(client, 'a'), await createUpload(client, 'b')]
    await createUpload(client, 'other')
    const page = await client.send(new ListMultipartUploadsCommand({ Bucket, MaxUploads: 2 }))
    expect(page.Uploads).toMatchObject([{ Key: 'a', UploadId: ids[1] }, { Key: 'b', UploadId: ids[0] }])
    const { NextKeyMarker: KeyMarker, NextUploadIdMarker: UploadIdMarker } = page
    const rest = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'b', KeyMarker, UploadIdMarker }))
    expect(rest).toMatchObject({ IsTruncated: false, Uploads: [{ Key: 'b', UploadId: ids[2] }] })
    server.ageUploads(3_600_000)
    const { Uploads } = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'a' }))
    expect(Date.now() - Uploads![0]!.Initiated!.getTime()).toBeGreaterThanOrEqual(3_600_000)
    await client.send(new AbortMultipartUploadCommand({ Bucket, Key: 'a', UploadId: ids[1] }))
    await expect(client.send(new AbortMultipartUploadCommand({ Bucket, Key: 'a', UploadId: ids[1] }))).rejects.toMatchObject({ name: 'NoSuchUpload' })
    expect(server.uploads().map(({ key }) => key)).toEqual(['b', 'b', 'other'])
  })
})

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

describe('faults', () => {
  const large = randomBytes(4 * mebibyte)

  it.each(['SlowDown', 'ServiceUnavailable', 'InternalError'] as const)('answer %s, and nothing is done', async (code) => {
    const { client, server } = await start()
    const fault = server.inject({ kind: 'error', code, operation: 'PutObject', nth: 2, times: 2 })
    await put(client, '1')
    await expect(put(client, '2', large)).rejects.toMatchObject({ name: code })
    await expect(put(client, '3')).rejects.toMatchObject({ name: code })
    await put(client, '4')
    expect(server.objects().map(({ key }) => key)).toEqual(['1', '4'])
    expect(fault.struck).toBe(2)
  })

  it('are ended, and choose their requests', async () => {
    const { client, server } = await start()
    const fault = server.inject({ kind: 'error', code: 'SlowDown', times: Infinity, matches: ({ key }) => key === 'a' })
    await put(client, 'b')
    await expect(put(client, 'a')).rejects.toMatchObject({ name: 'SlowDown' })
    fault.remove()
    await put(client, 'a')
  })

  it('are overcome by the retries of a client', async () => {
    const { client, server } = await start({}, { maxAttempts: 3 })
    server.inject({ kind: 'error', code: 'SlowDown' })
    server.inject({ kind: 'reset-request', nth: 2 })
    await put(client, 'k', large)
    expectBytes(await get(client, 'k'), large)
    expect(server.counts()).toEqual({ PutObject: 3, GetObject: 1 })
  })

  it('answer success with an error in it', async () => {
    const { client, server } = await start()
    const id = await createUpload(client, 'k')
    const part = await uploadPart(client, 'k', id, 1, Buffer.alloc(1))
    server.inject({ kind: 'error-in-success', code: 'InternalError', operation: 'CompleteMultipartUpload' })
    await expect(complete(client, 'k', id, [part])).rejects.toMatchObject({ name: 'InternalError' })
    expect([server.objects(), server.uploads().length]).toEqual([[], 1])
  })

  it.each([
    ['in the middle of a request', large],
    ['of a request without a body', ''],
  ])('reset the connection %s, and nothing is done', async (_, body) => {
    const { client, server } = await start()
    server.inject({ kind: 'reset-request' })
    await expect(put(client, 'k', body)).rejects.toMatchObject({ code: expect.stringMatching(/ECONNRESET|EPIPE/) as string })
    expect(server.objects()).toEqual([])
    expect(server.requests).toMatchObject([{ operation: 'PutObject', key: 'k' }])
    await put(client, 'k', body)
  })

  it('reset the connection in the middle of an answer', async () => {
    const { client, server } = await start()
    await put(client, 'k', large)
    server.inject({ kind: 'reset-response', operation: 'GetObject' })
    server.inject({ kind: 'reset-response', operation: 'GetObject', nth: 2, after: 0 })
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: 'k' }))
    let received = 0
    const read = async (): Promise<void> => {
      for await (const bytes of Body as AsyncIterable<Buffer>) received += bytes.length
    }
    await expect(read()).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(received).toBeGreaterThan(0)
    expect(received).toBeLessThanOrEqual(large.length / 2)
    await expect(get(client, 'k')).rejects.toMatchObject({ code: 'ECONNRESET' })
    expectBytes(await get(client, 'k'), large)
  })

  it.each(['lost-answer', 'reset-response'] as const)('lose the answer to what is done: %s', async (kind) => {
    const { client, server } = await start()
    const fault: Fault = { kind }
    server.inject({ ...fault, operation: 'PutObject' })
    server.inject({ ...fault, operation: 'DeleteObject' })
    await expect(put(client, 'k')).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(server.objects()).toEqual([{ key: 'k', size: 7 }])
    await expect(client.send(new DeleteObjectCommand({ Bucket, Key: 'k' }))).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(server.objects()).toEqual([])
  })

  it('make bytes slow', async () => {
    const { client, server } = await start()
    server.inject({ kind: 'slow', milliseconds: 20, bytes: mebibyte, operation: 'GetObject' })
    await put(client, 'k', large)
    const began = performance.now()
    expectBytes(await get(client, 'k'), large)
    expect(performance.now() - began).toBeGreaterThan(4 * 20)
  })

  it('never answer', async () => {
    const { client, server } = await start()
    server.inject({ kind: 'hang' })
    const answered = put(client, 'k').then(
      () => 'done',
      () => 'refused',
    )
    expect(await Promise.race([answered, sleep(100, 'waiting')])).toBe('waiting')
    expect(server.requests).toMatchObject([{ operation: 'PutObject' }])
    await server.close()
    expect(await answered).toBe('refused')
    expect(server.objects()).toEqual([])
  })
})

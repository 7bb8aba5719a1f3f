import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { describe, expect, it } from 'vitest'
import { start, Bucket, mebibyte, put, get, expectBytes } from './support/start.js'

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

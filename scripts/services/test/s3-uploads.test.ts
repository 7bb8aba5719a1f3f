import { randomBytes } from 'node:crypto'
import { AbortMultipartUploadCommand, ListMultipartUploadsCommand, ListPartsCommand } from '@aws-sdk/client-s3'
import { describe, expect, it } from 'vitest'
import { createUpload, type Part, uploadPart, complete } from './support/uploads.js'
import { start, Bucket, mebibyte, get, expectBytes } from './support/start.js'

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

import { describe, expect, it } from 'vitest'
import type { Driver, ListOptions } from '@registry/core'
import { s3Driver } from '../src/index.js'
import { bytes, drained, keysOf, mebibyte, startDriver, startServer } from './driver-harness.js'
import { optionsFor } from './s3-harness.js'

describe('the requests', () => {
  it.each([
    ['of no bytes', 0, { PutObject: 1 }],
    ['of 64 KiB', 64 * 1024, { PutObject: 1 }],
    ['of exactly a part', 8 * mebibyte, { PutObject: 1 }],
    ['of a part and a byte', 8 * mebibyte + 1, { CreateMultipartUpload: 1, UploadPart: 2, CompleteMultipartUpload: 1 }],
    ['of 20 MiB', 20 * mebibyte, { CreateMultipartUpload: 1, UploadPart: 3, CompleteMultipartUpload: 1 }],
  ])('of a put %s are the fewest, whether its size is known or not', async (_, size, expected) => {
    const { server, driver } = await startDriver()
    for (const declared of [undefined, size]) {
      await driver.put('folder/key', bytes(size), { size: declared })
      expect(server.counts()).toEqual(expected)
      server.takeRequests()
    }
    expect(await driver.head('folder/key')).toMatchObject({ size })
  })

  it('of head, open and presign are one, one and none', async () => {
    const { server, driver } = await startDriver()
    await driver.put('key', bytes(1000))
    server.takeRequests()
    await driver.head('key')
    expect(server.counts()).toEqual({ HeadObject: 1 })
    for (const range of [undefined, { start: 10 }, { start: 10, end: 20 }]) {
      server.takeRequests()
      const object = await driver.open('key', { range })
      await drained(object.body)
      await object[Symbol.asyncDispose]()
      expect(server.counts()).toEqual({ GetObject: 1 })
    }
    server.takeRequests()
    await driver.presign?.('key', { expires: 60 })
    expect(server.counts()).toEqual({})
  })

  it('of a delete are one for a thousand keys, and none for none', async () => {
    const { server, driver } = await startDriver()
    await driver.delete([])
    expect(server.counts()).toEqual({})
    await driver.delete(['key'])
    expect(server.counts()).toEqual({ DeleteObject: 1 })
    server.takeRequests()
    await driver.delete(Array.from({ length: 2001 }, (_, number) => `key/${number}`))
    expect(server.counts()).toEqual({ DeleteObjects: 2, DeleteObject: 1 })
  })

  it('of a list are one for a thousand objects, and none where no key can match', async () => {
    const { server, driver } = await startDriver()
    await Promise.all(Array.from({ length: 1001 }, (_, number) => driver.put(`key/${number}`, bytes(1))))
    server.takeRequests()
    await firstKey(driver)
    expect(server.counts()).toEqual({ ListObjectsV2: 1 })
    expect(await keysOf(driver)).toHaveLength(1001)
    expect(server.counts()).toEqual({ ListObjectsV2: 3 })
    expect(await firstKey(driver, { prefix: 'Key' })).toBeUndefined()
    expect(await firstKey(driver, { prefix: 'key', after: 'l' })).toBeUndefined()
    expect(server.counts()).toEqual({ ListObjectsV2: 3 })
  })

  it('of a start are one, and one behind it that sweeps', async () => {
    const server = await startServer()
    const driver = await s3Driver(optionsFor(server))
    await expect.poll(() => server.counts()).toEqual({ ListObjectsV2: 1, ListMultipartUploads: 1 })
    await driver.close()
  })

  it('have names below the root, however that is written', async () => {
    for (const [root, name] of [['/registry', 'registry/a/b'], ['registry/', 'registry/a/b'], ['', 'a/b'], ['/', 'a/b'], ['x/Y z', 'x/Y z/a/b']]) {
      const { server, driver } = await startDriver({ root })
      await driver.put('a/b', bytes(1))
      expect(server.objects().map(({ key }) => key)).toEqual([name])
      expect(await keysOf(driver)).toEqual(['a/b'])
    }
  })

  it('that put ask for encryption and storage class', async () => {
    const { server, driver } = await startDriver({ encryption: 'aws:kms', kmsKey: 'key-1', storageClass: 'STANDARD_IA' })
    await driver.put('small', bytes(1))
    await driver.put('large', bytes(9 * mebibyte))
    const expected = {
      'x-amz-server-side-encryption': 'aws:kms',
      'x-amz-server-side-encryption-aws-kms-key-id': 'key-1',
      'x-amz-storage-class': 'STANDARD_IA',
    }
    const puts = server.requests.filter(({ operation }) => ['PutObject', 'CreateMultipartUpload'].includes(operation))
    expect(puts.map(({ headers }) => headers)).toEqual([expect.objectContaining(expected), expect.objectContaining(expected)])
  })
})

async function firstKey(driver: Driver, options?: ListOptions): Promise<string | undefined> {
  for await (const { key } of driver.list(options)) return key
  return undefined
}

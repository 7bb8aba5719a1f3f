import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { GetObjectCommand, HeadBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { expect, it, onTestFinished, vi } from 'vitest'
import { describeWithCeph, startCeph } from '../src/ceph.js'
import { type CephAddress, startCephProcess } from '../src/start-ceph.js'

function clientOf({ endpoint, region, accessKey, secretKey }: CephAddress): S3Client {
  const credentials = { accessKeyId: accessKey, secretAccessKey: secretKey }
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true, requestChecksumCalculation: 'WHEN_REQUIRED' })
  onTestFinished(() => {
    client.destroy()
  })
  return client
}

describeWithCeph('the Ceph Object Gateway', () => {
  it('keeps objects, logs requests, and forgets the buckets of whoever is done', async () => {
    const ceph = await startCeph()
    const client = clientOf(ceph)
    await ceph.createBucket('ceph-test')
    await client.send(new PutObjectCommand({ Bucket: 'ceph-test', Key: 'a/b', Body: '0123456789' }))
    const { Body } = await client.send(new GetObjectCommand({ Bucket: 'ceph-test', Key: 'a/b', Range: 'bytes=2-4' }))
    expect(String(await buffer(Body as Readable))).toBe('234')
    await vi.waitFor(async () => {
      expect(await readFile(ceph.log, 'utf8')).toMatch(/beast: .*"GET \/ceph-test\/a\/b\?.* HTTP\/1\.1" 206 3 /)
    })
    await ceph.close()
    const head = client.send(new HeadBucketCommand({ Bucket: 'ceph-test' }))
    await expect(head).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } })
    expect((await startCeph()).endpoint).toBe(ceph.endpoint)
  })

  it('refuses a key that is wrong', async () => {
    const client = clientOf({ ...(await startCeph()), secretKey: 'wrong' })
    const put = client.send(new PutObjectCommand({ Bucket: 'ceph-test', Key: 'k', Body: '' }))
    await expect(put).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' })
  })

  it('ends, and leaves nothing', async () => {
    const ceph = await startCephProcess({ memoryBytes: 256 * 1024 ** 2 })
    expect((await fetch(ceph.endpoint)).status).toBe(200)
    await ceph.close()
    await expect(fetch(ceph.endpoint)).rejects.toThrow('fetch failed')
    expect(existsSync(dirname(ceph.log))).toBe(false)
  })
})

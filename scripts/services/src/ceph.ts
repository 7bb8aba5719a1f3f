import { randomUUID } from 'node:crypto'
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  S3Client,
  AbortMultipartUploadCommand,
} from '@aws-sdk/client-s3'
import { providedService } from './provided-service.js'
import type { CephAddress } from './start-ceph.js'

export { describeWithCeph } from './describe-with-ceph.js'

export interface Ceph extends CephAddress {
  createBucket(name: string): Promise<void>
  /** How many multipart uploads of keys that begin so are neither completed nor aborted. */
  unfinishedUploads(bucket: string, prefix: string): Promise<number>
  /** Removes the objects and the unfinished uploads whose keys begin so. */
  empty(bucket: string, prefix: string): Promise<void>
  /** Removes the buckets that were created through this, with all that is in them. The gateway goes on for other tests, and ends with the run. */
  close(): Promise<void>
}

/** The gateway of this run, started if it is not yet. */
export async function startCeph(): Promise<Ceph> {
  const address = await providedService<CephAddress>('ceph')
  const { endpoint, region, accessKey, secretKey } = address
  const credentials = { accessKeyId: accessKey, secretAccessKey: secretKey }
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true, requestChecksumCalculation: 'WHEN_REQUIRED' })
  const buckets = new Set<string>()
  return {
    ...address,
    async createBucket(name): Promise<void> {
      await client.send(new CreateBucketCommand({ Bucket: name }))
      buckets.add(name)
    },
    async unfinishedUploads(Bucket, Prefix): Promise<number> {
      const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix }))
      return Uploads.length
    },
    empty: (bucket, prefix) => empty(client, bucket, prefix),
    async close(): Promise<void> {
      for (const bucket of buckets) {
        await empty(client, bucket, '')
        await client.send(new DeleteBucketCommand({ Bucket: bucket }))
      }
      client.destroy()
    },
  }
}

/** A root of its own in a bucket of the gateway, for one test. */
export interface CephRoot extends CephAddress, AsyncDisposable {
  readonly bucket: string
  readonly root: string
  /** How many multipart uploads below it are neither completed nor aborted. */
  unfinishedUploads(): Promise<number>
}

let shared: Promise<{ readonly ceph: Ceph; readonly bucket: string }> | undefined

/** A new root in the one bucket of this process. What is below it is removed once it is disposed of; the bucket ends with the gateway. */
export async function cephRoot(): Promise<CephRoot> {
  shared ??= startCeph().then(async (ceph) => {
    const bucket = `tests-${randomUUID()}`
    await ceph.createBucket(bucket)
    return { ceph, bucket }
  })
  const { ceph, bucket } = await shared
  const { endpoint, region, accessKey, secretKey, log } = ceph
  const root = randomUUID()
  return {
    ...{ endpoint, region, accessKey, secretKey, log, bucket, root },
    unfinishedUploads: () => ceph.unfinishedUploads(bucket, `${root}/`),
    [Symbol.asyncDispose]: () => ceph.empty(bucket, `${root}/`),
  }
}

async function empty(client: S3Client, Bucket: string, Prefix: string): Promise<void> {
  for (;;) {
    const { Uploads = [], IsTruncated: moreUploads } = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix }))
    for (const { Key, UploadId } of Uploads) await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }))
    const { Contents = [], IsTruncated: moreObjects } = await client.send(new ListObjectsV2Command({ Bucket, Prefix }))
    if (Contents.length > 0) await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: Contents.map(({ Key }) => ({ Key })) } }))
    if (moreUploads !== true && moreObjects !== true) break
  }
}

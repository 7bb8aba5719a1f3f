import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  S3Client,
  AbortMultipartUploadCommand,
} from '@aws-sdk/client-s3'
import { describe, inject } from 'vitest'
import type { CephAddress } from './start-ceph.js'

export interface Ceph extends CephAddress {
  createBucket(name: string): Promise<void>
  /** Removes the buckets that were created through this, with all that is in them. The gateway goes on for other tests, and ends with the run. */
  close(): Promise<void>
}

/** The gateway of this run, started if it is not yet. */
export async function startCeph(): Promise<Ceph> {
  const response = await fetch(inject('ceph'))
  if (!response.ok) throw new Error(await response.text())
  const address = (await response.json()) as CephAddress
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
    async close(): Promise<void> {
      for (const bucket of buckets) await removeBucket(client, bucket)
      client.destroy()
    },
  }
}

async function removeBucket(client: S3Client, Bucket: string): Promise<void> {
  for (;;) {
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket }))
    for (const { Key, UploadId } of Uploads) await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }))
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }))
    if (Contents.length > 0) await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: Contents.map(({ Key }) => ({ Key })) } }))
    if (Uploads.length + Contents.length === 0) break
  }
  await client.send(new DeleteBucketCommand({ Bucket }))
}

/** The programs of the gateway, and how a Debian machine gets them. */
const programs = { 'ceph-mon': 'ceph-mon', 'ceph-osd': 'ceph-osd', radosgw: 'radosgw', 'radosgw-admin': 'radosgw', ceph: 'ceph-common', bash: 'bash' }

/**
 * `describe`, for tests that need the gateway. Where a program of it is missing they are skipped, by a name that tells what to
 * install, unless `REQUIRE_BACKENDS` lists `ceph` or is `all`: then they run, and fail.
 */
export function describeWithCeph(title: string, body: () => void): void {
  const missing = Object.entries(programs).filter(([program]) => !isInstalled(program))
  if (missing.length === 0 || isRequired()) {
    describe(title, body)
    return
  }
  const packages = [...new Set(missing.map(([, name]) => name))].join(' ')
  describe.skip(`${title} [needs ceph: apt-get install --no-install-recommends ${packages}]`, body)
}

function isRequired(): boolean {
  const required = (process.env['REQUIRE_BACKENDS'] ?? '').split(',').map((name) => name.trim())
  return required.includes('all') || required.includes('ceph')
}

function isInstalled(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

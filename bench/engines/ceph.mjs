import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { freePort } from '@registry/services/free-port'
import { startLocalEngine } from './local-engine.mjs'

const script = fileURLToPath(new URL('../../scripts/services/radosgw.sh', import.meta.url))
const [region, accessKey, secretKey] = ['default', 'AKTEST', 'SKTESTSKTEST']
/** It keeps objects in memory. */
const mostBytes = 8 * 2 ** 30

/** Starts a Ceph Object Gateway of its own with an empty bucket, which ends with this process at the latest and leaves nothing. */
export async function startCeph(bucket) {
  const folder = await mkdtemp(join(tmpdir(), 'registry-ceph-'))
  const ports = ['--monitor-port', await freePort(), '--port', await freePort()].map(String)
  const engine = await startLocalEngine('The Ceph Object Gateway', 'bash', [script, folder, '--memory', String(mostBytes), ...ports, '--until-stdin-ends', '--remove'])
  const { endpoint } = engine
  const client = new S3Client({ endpoint, region, credentials: { accessKeyId: accessKey, secretAccessKey: secretKey }, forcePathStyle: true })
  try {
    await client.send(new CreateBucketCommand({ Bucket: bucket }))
  } catch (error) {
    await engine.close()
    throw error
  } finally {
    client.destroy()
  }
  return { s3: { endpoint, region, bucket, access_key: accessKey, secret_key: secretKey }, close: engine.close }
}

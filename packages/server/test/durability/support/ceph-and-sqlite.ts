import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { S3DriverOptions } from '@registry/driver-s3'
import { cephRoot } from '@registry/services/ceph'
import { onTestFinished } from 'vitest'
import { main, type Served } from './pairs.js'

export interface CephAndSqlite extends Served {
  readonly driver: S3DriverOptions
  /** How many puts have left parts. */
  unfinishedUploads(): Promise<number>
}

/** Objects on the Ceph Object Gateway, below a root that is emptied with the test, and the index in SQLite on a disk. */
export async function cephAndSqlite(): Promise<CephAndSqlite> {
  const place = await cephRoot()
  onTestFinished(() => place[Symbol.asyncDispose]())
  const { endpoint, region, bucket, root, accessKey, secretKey } = place
  return {
    driver: { endpoint, region, bucket, root, accessKey, secretKey },
    unfinishedUploads: () => place.unfinishedUploads(),
    serve(disk) {
      const config = join(disk, 'config.yml')
      const s3 = { endpoint, region, bucket, root, access_key: accessKey, secret_key: secretKey }
      // JSON is YAML.
      writeFileSync(config, JSON.stringify({ dev: { storage: 's3', s3, index: 'sqlite', sqlite: { file: join(disk, 'index.sqlite') } } }))
      return [process.execPath, main, 'serve', '--port', '0', '--config', config, '--log-level', 'error']
    },
  }
}

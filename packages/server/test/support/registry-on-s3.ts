import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type RegistryProcess, startRegistryProcess } from './registry-process.js'
import { temporaryFolder } from './temporary-folder.js'

/** A bucket, and who may use it. */
export interface Bucket {
  readonly endpoint: string
  readonly bucket: string
  readonly root?: string
  readonly region: string
  readonly accessKey: string
  readonly secretKey: string
}

/** Starts `registry serve` with its blobs in a bucket, and with SQLite. `options` are further ones of its configuration. */
export async function startRegistryOnS3(store: Bucket, options: Readonly<Record<string, unknown>> = {}): Promise<RegistryProcess> {
  const folder = temporaryFolder()
  const config = join(folder, 'config.yml')
  const { endpoint, bucket, root, region, accessKey, secretKey } = store
  const s3 = { endpoint, bucket, root, region, access_key: accessKey, secret_key: secretKey }
  // JSON is YAML.
  writeFileSync(config, JSON.stringify({ dev: { storage: 's3', s3, index: 'sqlite', sqlite: { file: join(folder, 'index.sqlite') }, ...options } }))
  return startRegistryProcess(undefined, ['--config', config])
}

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Driver, Index } from '@registry/core'
import { s3Driver } from '@registry/driver-s3'
import { dynamodbIndex } from '@registry/index-dynamodb'
import { cephRoot } from '@registry/services/ceph'
import { dynamodbTables } from '@registry/services/dynamodb-tables'
import { onTestFinished } from 'vitest'
import { main } from '../../durability/support/pairs.js'
import { type ServerProcess, startServer } from '../../durability/support/server-process.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

export interface ReplicaOptions {
  /** By how many milliseconds its clock is ahead. Default 0. */
  readonly ahead?: number
  /** Where it finds DynamoDB. Default: DynamoDB Local itself. */
  readonly dynamodb?: string
}

/** What any number of replicas share: objects on the Ceph Object Gateway, and two tables of DynamoDB Local. */
export interface SharedStorage {
  /** Where DynamoDB Local is. */
  readonly dynamodb: string
  /** Starts one more registry on them, as a process. */
  startReplica(options?: ReplicaOptions): Promise<ServerProcess>
  /** Opens both in this process. */
  open(): Promise<{ readonly driver: Driver; readonly index: Index }>
  dropTables(): Promise<void>
}

/** A place of its own on both, which is gone after the test. */
export async function sharedStorage(): Promise<SharedStorage> {
  // One after the other: two services that look for free ports at the same moment may find the same one.
  const place = await cephRoot()
  const tables = await dynamodbTables()
  onTestFinished(() => Promise.all([place[Symbol.asyncDispose](), tables[Symbol.asyncDispose]()]).then(() => {}))
  const folder = temporaryFolder()
  const { endpoint, region, bucket, root, accessKey, secretKey } = place
  const s3 = { endpoint, region, bucket, root, access_key: accessKey, secret_key: secretKey }
  const ofTables = { database: tables.database, region: tables.region, access_key: tables.accessKey, secret_access_key: tables.secretKey }
  let started = 0
  return {
    dynamodb: tables.endpoint,
    async startReplica({ ahead = 0, dynamodb = tables.endpoint } = {}): Promise<ServerProcess> {
      const config = join(folder, `config-${started++}.yml`)
      const own = { ...ofTables, endpoint: dynamodb }
      // JSON is YAML.
      writeFileSync(config, JSON.stringify({ dev: { storage: 's3', s3, index: 'dynamodb', dynamodb: own } }))
      const clock = ahead === 0 ? [] : ['--import', new URL(`./shifted-clock.mjs?ahead=${ahead}`, import.meta.url).href]
      return startServer([process.execPath, ...clock, main, 'serve', '--port', '0', '--config', config, '--log-level', 'error'])
    },
    async open() {
      const [driver, index] = await Promise.all([
        s3Driver({ endpoint, region, bucket, root, accessKey, secretKey, sweep: false }),
        dynamodbIndex({ ...tables, secretAccessKey: tables.secretKey }),
      ])
      return { driver, index }
    },
    dropTables: () => tables.drop(),
  }
}

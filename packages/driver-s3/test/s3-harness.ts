import { randomUUID } from 'node:crypto'
import type { Driver } from '@registry/core'
import type { Harness, Namespace } from '@registry/core/conformance'
import { s3Driver, type S3DriverOptions } from '../src/index.js'

/** A store that runs. */
export interface RunningStore {
  readonly endpoint: string
  readonly bucket: string
  readonly accessKey: string
  readonly secretKey: string
}

/** What a driver needs to know of the store. */
export function optionsFor({ endpoint, bucket, accessKey, secretKey }: RunningStore): S3DriverOptions {
  return { endpoint, bucket, accessKey, secretKey, region: 'us-east-1' }
}

/** Namespaces that are a root each. Their limit is one that can be tried: 88 MiB. */
export function s3Harness(store: () => RunningStore): Harness<Driver> {
  return async (): Promise<Namespace<Driver>> => {
    const options = { ...optionsFor(store()), root: `conformance/${randomUUID()}` }
    return {
      open: () => s3Driver({ ...options, objectBytes: 88 * 2 ** 20 }),
      async destroy() {
        const driver = await s3Driver(options)
        const keys: string[] = []
        for await (const { key } of driver.list()) keys.push(key)
        await driver.delete(keys)
        await driver.close()
      },
    }
  }
}

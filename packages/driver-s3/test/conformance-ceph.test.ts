import { afterAll, beforeAll, it } from 'vitest'
import { driverConformance } from '@registry/core/conformance'
import { s3Harness, type RunningStore } from './s3-harness.js'
import { describeWithCeph, startCeph, type Ceph } from '@registry/services/ceph'

let ceph: Ceph
let store: RunningStore

driverConformance({
  name: 's3 on the Ceph Object Gateway',
  harness: s3Harness(() => store),
  describe: (title, body) => {
    describeWithCeph(title, () => {
      beforeAll(async () => {
        ceph = await startCeph()
        store = { ...ceph, bucket: 'conformance' }
        await ceph.createBucket(store.bucket)
      }, 120_000)
      afterAll(() => ceph.close(), 120_000)
      body()
    })
  },
  // Ten thousand objects, each with its request, take a while.
  it: (title, body) => {
    it(title, body, 300_000)
  },
})

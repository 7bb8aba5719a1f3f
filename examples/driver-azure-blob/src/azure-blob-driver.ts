import { setMaxListeners } from 'node:events'
import { StorageSharedKeyCredential } from '@azure/storage-blob'
import { assertObjectKey, type Call, callsOf, type CallOptions, type Driver, RegistryError } from '@registry/core'
import { blobNames } from './blob-names.js'
import { containerClient, ensureContainer } from './container.js'
import { deleteObjects } from './delete.js'
import { headObject } from './head.js'
import { listObjects } from './list.js'
import { openObject } from './open.js'
import { type AzureBlobOptions, checkOptions, driverName } from './options.js'
import { presignObject } from './presign.js'
import { putObject } from './put.js'
import { requestsWithin } from './requests.js'
import type { Store } from './store.js'

/**
 * Keeps each object in a blob of a container of Azure Blob Storage. Makes the container where it is missing.
 *
 * @throws `CONFIG` for options that are missing or wrong, `ACCESS_DENIED` or `UNAVAILABLE` where the container cannot be asked for
 */
export async function azureBlobDriver(given: AzureBlobOptions): Promise<Driver> {
  const options = checkOptions(given)
  const container = containerClient(options)
  const requests = requestsWithin(options.requestTimeout)
  await ensureContainer(container, requests)
  const store: Store = { options, container, names: blobNames(options.root), requests }
  const calls = callsOf(driverName, `the driver of container ${options.container}`)
  const presign = container.credential instanceof StorageSharedKeyCredential

  const during = async <Value>(
    operation: string, keys: readonly string[], callOptions: CallOptions, work: (call: Call) => Promise<Value>,
  ): Promise<Value> =>
    calls.run(operation, callOptions, async (call) => {
      keys.forEach(assertObjectKey)
      // Requests of one call that go on at the same time all listen, which is no leak.
      setMaxListeners(0, call.signal)
      return work(call)
    })

  return {
    contract: 1,
    name: driverName,
    capabilities: Object.freeze({ presign, limits: Object.freeze({ objectBytes: options.objectBytes }) }),
    head: (key, callOptions = {}) => during('head', [key], callOptions, ({ signal }) => headObject(store, key, 'head', signal)),
    put: (key, body, callOptions = {}) => during('put', [key], callOptions, (call) => putObject(store, key, body, callOptions, call)),
    delete: (keys, callOptions = {}) => during('delete', keys, callOptions, ({ signal }) => deleteObjects(store, keys, signal)),
    async open(key, callOptions = {}) {
      const call = calls.begin('open', callOptions)
      try {
        assertObjectKey(key)
        return await openObject(store, key, callOptions.range, call)
      } catch (error) {
        call.abort(error)
        call.end()
        throw error
      }
    },
    async *list(listOptions = {}) {
      const call = calls.begin('list', listOptions)
      try {
        yield* listObjects(store, listOptions, call.signal)
      } finally {
        call.end()
      }
    },
    presign: (key, presignOptions) => during('presign', [key], presignOptions, async () => {
      if (presign) return presignObject(store, key, presignOptions)
      throw new RegistryError('UNSUPPORTED', 'URLs need the key of the account, not a SAS', { driver: driverName, operation: 'presign', key })
    }),
    close: () => calls.close(),
  }
}

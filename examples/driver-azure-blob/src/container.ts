import { BlobServiceClient, type ContainerClient, RestError, StorageSharedKeyCredential } from '@azure/storage-blob'
import { messageOf, RegistryError } from '@registry/core'
import { isContainerMissing } from './azure-errors.js'
import { type CheckedOptions, driverName } from './options.js'
import type { Requests } from './requests.js'

/** The client of the container. It does no I/O. */
export function containerClient(options: CheckedOptions): ContainerClient {
  try {
    return serviceClient(options).getContainerClient(options.container)
  } catch (cause) {
    const message = `connectionString or endpoint is not one of Azure storage: ${messageOf(cause)}`
    throw new RegistryError('CONFIG', message, { driver: driverName, operation: 'open', cause })
  }
}

/** Asks for the container, and makes it where it is missing. A SAS that may not make one is fine where it is there. */
export async function ensureContainer(container: ContainerClient, requests: Requests): Promise<void> {
  await requests.send({ operation: 'open' }, undefined, async (abortSignal) => {
    try {
      await container.listBlobsFlat({ abortSignal }).byPage({ maxPageSize: 1 }).next()
    } catch (error) {
      if (!isContainerMissing(error)) throw error
      await container.create({ abortSignal }).catch(alreadyThere)
    }
  })
}

function serviceClient({ connectionString, account = '', accountKey = '', endpoint, retries, requestTimeout }: CheckedOptions): BlobServiceClient {
  const pipeline = { retryOptions: { maxTries: retries + 1, retryDelayInMs: 200, maxRetryDelayInMs: requestTimeout } }
  if (connectionString !== undefined) return BlobServiceClient.fromConnectionString(connectionString, pipeline)
  const credential = new StorageSharedKeyCredential(account, accountKey)
  return new BlobServiceClient(endpoint ?? `https://${account}.blob.core.windows.net`, credential, pipeline)
}

function alreadyThere(error: unknown): void {
  if (!(error instanceof RestError && error.code === 'ContainerAlreadyExists')) throw error
}

import { randomUUID } from 'node:crypto'
import { ContainerClient, StorageSharedKeyCredential } from '@azure/storage-blob'
import type { Driver } from '@registry/core'
import type { Harness } from '@registry/core/conformance'
import { azureBlobDriver, type AzureBlobOptions } from '../src/index.js'
import { account, accountKey, type Azurite } from '@registry/services/azurite'

/** Options that lead to a container of one test. */
export function optionsFor(azurite: Azurite): AzureBlobOptions {
  return { account, accountKey, endpoint: azurite.endpoint, container: `test-${randomUUID()}` }
}

export function containerOf({ endpoint, container }: AzureBlobOptions): ContainerClient {
  return new ContainerClient(`${endpoint ?? ''}/${container}`, new StorageSharedKeyCredential(account, accountKey))
}

/** A container for each case. */
export function azureBlobHarness(azurite: () => Azurite, more: Partial<AzureBlobOptions>): Harness<Driver> {
  return async () => {
    const options = { ...optionsFor(azurite()), ...more }
    return {
      open: () => azureBlobDriver(options),
      destroy: async () => {
        await containerOf(options).deleteIfExists()
      },
    }
  }
}

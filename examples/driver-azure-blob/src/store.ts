import type { ContainerClient } from '@azure/storage-blob'
import type { BlobNames } from './blob-names.js'
import type { CheckedOptions } from './options.js'
import type { Requests } from './requests.js'

/** What the methods of a driver share. */
export interface Store {
  readonly options: CheckedOptions
  readonly container: ContainerClient
  readonly names: BlobNames
  readonly requests: Requests
}

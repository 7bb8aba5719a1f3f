export { azureBlobDriver } from './azure-blob-driver.js'
export { driver } from './module.js'
export type { AzureBlobOptions } from './options.js'

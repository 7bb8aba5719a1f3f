import type { DriverModule } from '@registry/core'
import { azureBlobDriver } from './azure-blob-driver.js'
import { type AzureBlobOptions, driverName, optionsSchema } from './options.js'

/** What the server looks for in a package. */
export const driver: DriverModule<AzureBlobOptions> = { contract: 1, name: driverName, options: optionsSchema, open: azureBlobDriver }

import type { DriverModule } from '@registry/core'
import { fileDriver, type FileDriverOptions } from './file-driver.js'

/** How the server finds this driver: `storage: file`. */
export const driver: DriverModule<FileDriverOptions> = {
  contract: 1,
  name: 'file',
  options: {
    root: { type: 'path', default: './data', description: 'Folder of the objects. It is made where it is missing.' },
    objectBytes: { type: 'integer', minimum: 1, default: 8_796_093_022_208, description: 'The most bytes that one object may have.' },
  },
  open: fileDriver,
}

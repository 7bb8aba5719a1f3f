import type { DriverModule } from '@registry/core'
import { fileDriver, type FileDriverOptions } from './file-driver.js'

/** How the server finds this driver: `storage: file`. */
export const driver: DriverModule<FileDriverOptions> = {
  contract: 1,
  name: 'file',
  options: {
    root: { type: 'string', required: true, description: 'Directory that holds the objects. It is made where it is missing.' },
  },
  open: fileDriver,
}

import { copyDatabase } from './copy.js'
import { translated } from './errors.js'

/**
 * Copies the index in a file, as it is at one moment, while processes work on it. When it resolves, the copy is on the disk.
 *
 * @param copy - path of the new file; one that is there is replaced
 * @throws `ACCESS_DENIED`, `CORRUPT`, `NO_SPACE`, `UNAVAILABLE`
 */
export async function copyIndex(file: string, copy: string): Promise<void> {
  try {
    copyDatabase(file, copy)
  } catch (error) {
    throw translated(error, file, 'copy')
  }
}

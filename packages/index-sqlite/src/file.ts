import { mkdir, open, stat } from 'node:fs/promises'
import path from 'node:path'
import { fileError } from './errors.js'

/**
 * Makes an empty file that only this user can read, and its directories, unless they are there.
 * SQLite would make it readable to others, and gives its log the same mode.
 */
export async function createFile(file: string): Promise<void> {
  const directory = path.dirname(file)
  const firstMade = await mkdir(directory, { recursive: true, mode: 0o700 })
  try {
    // Only ever created, never opened: closing a second descriptor of a database drops the locks of this whole process.
    await (await open(file, 'wx', 0o600)).close()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    if (!(await stat(file)).isFile()) throw fileError(file, 'CONFIG', 'it is no file', 'choose another path', { operation: 'open' })
  }
  // Made durable from the file upwards; also where it was there already, since whoever made it may have died before this.
  const last = firstMade === undefined ? directory : path.dirname(firstMade)
  for (let each = directory; ; each = path.dirname(each)) {
    await syncDirectory(each)
    if (each === last) return
  }
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

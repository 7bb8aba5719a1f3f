import { mkdir, open, realpath, stat } from 'node:fs/promises'
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
  await syncUpwards(directory, firstMade)
  const real = await realpath(directory)
  if (real !== directory) await syncUpwards(real, undefined)
}

/**
 * Makes a directory survive a power loss: from the file upwards, each fsync makes the name of the one below it durable.
 * What was there may be as new as the file, made by a process that died before this; but we may not be allowed to open all of it.
 */
async function syncUpwards(directory: string, firstMade: string | undefined): Promise<void> {
  const mustSync = firstMade === undefined ? directory : path.dirname(firstMade)
  let must = true
  for (let each = directory; ; each = path.dirname(each)) {
    const synced = syncDirectory(each)
    await (must ? synced : synced.catch(() => undefined))
    if (each === mustSync) must = false
    if (each === path.dirname(each)) return
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

import { access, constants, mkdir, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { RegistryError } from '@registry/core'
import { syncDirectory } from './durable-directories.js'
import { errnoOf, fileError } from './errors.js'

/**
 * Makes the root where it is missing, and everything above it, and sees that it can be used.
 *
 * @returns its absolute path
 * @throws `CONFIG` where there is something else in its place, `ACCESS_DENIED` where it cannot be made or written
 */
export async function openRoot(option: string): Promise<string> {
  if (option === '') throw new RegistryError('CONFIG', 'root: expected the path of a directory, got an empty text', { driver: 'file' })
  const root = resolve(option)
  try {
    const first = await mkdir(root, { recursive: true, mode: 0o700 })
    await syncParents(root, first)
    await access(root, constants.R_OK | constants.W_OK | constants.X_OK)
    if (!(await stat(root)).isDirectory()) throw notDirectory(root)
    return root
  } catch (error) {
    if (['EEXIST', 'ENOTDIR'].includes(errnoOf(error))) throw notDirectory(root, error)
    throw RegistryError.is(error) ? error : fileError(error, root, { operation: 'open the root' })
  }
}

/**
 * Fsyncs what holds the entries of the root and of everything above it; `first` is the highest that was made now.
 * What was there may be new as well, made by a process that died before its fsync; but we may not be allowed to open what holds it.
 */
async function syncParents(root: string, first: string | undefined): Promise<void> {
  let made = first !== undefined
  for (let child = root; child !== dirname(child); child = dirname(child)) {
    const synced = syncDirectory(dirname(child))
    await (made ? synced : synced.catch(() => undefined))
    if (child === first) made = false
  }
}

function notDirectory(root: string, cause?: unknown): RegistryError {
  return new RegistryError('CONFIG', `root: ${root} cannot be a directory, since it or something above it is a file`, { driver: 'file', cause })
}

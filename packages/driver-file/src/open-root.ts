import { access, constants, realpath, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { RegistryError } from '@registry/core'
import { syncDirectory } from './durable-directories.js'
import { errnoOf, fileError } from './errors.js'
import { makeDirectories } from './make-directories.js'

/**
 * Makes the root where it is missing, and everything above it, and sees that it can be used.
 *
 * @returns its absolute path, without symbolic links: the root itself may be one, and what it led to at the start stays the root
 * @throws `CONFIG` where it is no path or there is something else in its place, `ACCESS_DENIED` where it cannot be made or written
 */
export async function openRoot(option: string): Promise<string> {
  if (option === '') throw new RegistryError('CONFIG', 'root: expected the path of a directory, got an empty text', { driver: 'file' })
  if (option.includes('\0')) throw new RegistryError('CONFIG', 'root: expected the path of a directory, got one with a NUL, which no path has', { driver: 'file' })
  const root = resolve(option)
  try {
    const first = await makeDirectories(root)
    await syncParents(root, first)
    await access(root, constants.R_OK | constants.W_OK | constants.X_OK)
    if (!(await stat(root)).isDirectory()) throw notDirectory(root)
    const real = await realpath(root)
    if (real !== root) await syncParents(real, undefined)
    return real
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
  const message = `root: ${root} cannot be a directory, since it or something above it is a file or a link to nothing`
  return new RegistryError('CONFIG', message, { driver: 'file', cause })
}

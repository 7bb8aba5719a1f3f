import { randomUUID } from 'node:crypto'
import { access, constants, lstat, open, readdir, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { RegistryError } from '@registry/core'
import { errnoOf, ifPresent, told, type FileCall } from './errors.js'
import { linkRefused } from './links.js'
import { makeDirectories } from './make-directories.js'
import { isCertainlyDead, ownMark } from './process-mark.js'

/** A file that nobody else has, open for writing. */
export interface TemporaryFile {
  readonly path: string
  readonly handle: FileHandle
}

/**
 * Where objects are written before they get their names: one folder below the root, so that a start finds what dead processes left
 * by reading that folder alone. No key has an `@`, so that no list shows it.
 */
export interface TemporaryFiles {
  create(about: FileCall): Promise<TemporaryFile>
}

const day = 24 * 60 * 60 * 1000

/**
 * Removes what dead processes left. It makes nothing: a start needs no room on the disk.
 *
 * @throws `CONFIG` where a file is in place of the folder, `ACCESS_DENIED` where it may not be used or is a link
 */
export async function temporaryFiles(root: string): Promise<TemporaryFiles> {
  const folder = join(root, '@tmp')
  const mark = await ownMark()
  await removeLeftovers(folder, mark)
  return {
    async create(about) {
      const path = join(folder, `${mark}.${randomUUID()}.tmp`)
      return { path, handle: await told(openNew(path, folder), folder, about) }
    },
  }
}

/** The folder is there but for the first time. It need not survive a power loss: what is in it does not matter then. */
async function openNew(path: string, folder: string): Promise<FileHandle> {
  const create = (): Promise<FileHandle> => open(path, 'wx', 0o600)
  try {
    return await create()
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error
    await makeDirectories(folder)
    return create()
  }
}

async function removeLeftovers(folder: string, mark: string): Promise<void> {
  const about: FileCall = { operation: 'open the root' }
  const stats = await told(ifPresent(lstat(folder)), folder, about)
  if (stats === undefined) return
  if (stats.isSymbolicLink()) throw linkRefused(folder, about)
  if (!stats.isDirectory()) throw new RegistryError('CONFIG', `root: ${folder} is in place of a directory: remove it`, { driver: 'file' })
  await told(access(folder, constants.R_OK | constants.W_OK | constants.X_OK), folder, about)
  for (const name of await told(readdir(folder), folder, about)) {
    const path = join(folder, name)
    // What cannot be removed costs room and nothing else; another process may be removing it as well.
    if (await isLeftover(path, name, mark)) await rm(path, { force: true }).catch(() => undefined)
  }
}

/**
 * Another process may be writing here at this moment. Its file goes only if it is certainly dead, or if nothing was written to the file
 * for a day. Should that writer live after all, its rename fails, and with it a put that was never acknowledged.
 */
async function isLeftover(path: string, name: string, mark: string): Promise<boolean> {
  if (!name.endsWith('.tmp')) return false
  const stats = await lstat(path).catch(() => undefined)
  if (stats?.isFile() !== true) return false
  return Date.now() - stats.mtimeMs > day || (await isCertainlyDead(name.slice(0, name.indexOf('.')), mark))
}

import { readlinkSync, type Stats } from 'node:fs'
import { lstat, realpath, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { RegistryError } from '@registry/core'
import { ifPresent, told, type FileCall } from './errors.js'

/**
 * Symbolic links below the root are refused, never followed: they may leave the root, and a rename through one may leave the file system.
 * To take them for absent would be worse: a registry that is rebuilt from storage would forget what lies behind.
 *
 * Whoever can put a link here owns the data anyway, so that a link which appears between this look and the call behind it is no concern.
 *
 * @param key - a key, or a folder that ends in a slash
 */
export async function refuseLinkedFolders(root: string, key: string, operation: string): Promise<void> {
  const segments = key.split('/').slice(0, -1)
  const folder = join(root, ...segments)
  // One call, where all is well. What else it may say, or why it fails, is found out folder by folder.
  if (segments.length === 0 || (await realpath(folder).catch(() => undefined)) === folder) return
  let path = root
  for (const segment of segments) {
    path = join(path, segment)
    // Where this fails, the call that follows fails as well, and tells why.
    const stats = await lstat(path).catch(() => undefined)
    if (stats === undefined) return
    if (stats.isSymbolicLink()) throw linkRefused(path, { operation, key })
  }
}

/**
 * The same for an object that is open, and not read yet. Linux tells where an open file is without looking at the disk: where that is
 * the path of the key, no link led there.
 */
export async function refuseLinkedFile({ fd }: FileHandle, root: string, key: string, operation: string): Promise<void> {
  if (placeOf(fd) !== join(root, key)) await refuseLinkedFolders(root, key, operation)
}

function placeOf(descriptor: number): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`)
  } catch {
    return undefined
  }
}

/** Facts about what is at the path of the key, `undefined` where nothing is. */
export async function statsOf(root: string, key: string, operation: string): Promise<Stats | undefined> {
  await refuseLinkedFolders(root, key, operation)
  const path = join(root, key)
  const stats = await told(ifPresent(lstat(path)), path, { operation, key })
  if (stats?.isSymbolicLink() === true) throw linkRefused(path, { operation, key })
  return stats
}

export function linkRefused(path: string, { operation, key }: FileCall): RegistryError {
  const message = `${operation} ${path}: this is a symbolic link, and none is followed below the root; put what it leads to in its place`
  return new RegistryError('ACCESS_DENIED', message, { driver: 'file', operation, key })
}

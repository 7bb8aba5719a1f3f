import { lstat, readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { isKeySegment, type CallOptions, type ListOptions, type ObjectInfo } from '@registry/core'
import { ifPresent, told } from './errors.js'
import { linkRefused, refuseLinkedFolders } from './links.js'

interface Selection extends CallOptions {
  readonly prefix: string
  readonly after: string
}

/**
 * The objects below the root, ascending by the bytes of the whole key.
 * Keys are ASCII, so that JavaScript's order of strings is the order of their bytes.
 */
export async function* listObjects(root: string, { prefix = '', after = '', signal }: ListOptions): AsyncGenerator<ObjectInfo, void> {
  const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1)
  // No key can have another prefix, and a path made of it could leave the root.
  if (folder !== '' && !folder.slice(0, -1).split('/').every(isKeySegment)) return
  await refuseLinkedFolders(root, folder, 'list')
  yield* listFolder(root, folder, { prefix, after, signal })
}

/** `folder` is empty or ends in a slash. */
async function* listFolder(root: string, folder: string, selection: Selection): AsyncGenerator<ObjectInfo, void> {
  const { prefix, after, signal } = selection
  for (const { name, isLink } of await namesIn(resolve(root, folder))) {
    signal?.throwIfAborted()
    const key = folder + name
    // It may stand for an object, and for a folder of them.
    if (isLink && (selects(key, prefix, after) || mayHold(`${key}/`, prefix, after))) throw linkRefused(join(root, key), { operation: 'list', key })
    if (isLink) continue
    if (name.endsWith('/')) {
      if (mayHold(key, prefix, after)) yield* listFolder(root, key, selection)
    } else if (selects(key, prefix, after)) {
      const path = join(root, key)
      const stats = await told(ifPresent(lstat(path)), path, { operation: 'list', key })
      if (stats) yield { key, size: stats.size, modified: stats.mtime }
    }
  }
}

interface Name {
  readonly name: string
  readonly isLink: boolean
}

/** Names in the order of the keys that they begin or are: a folder with its slash, so that `a-b` comes before `a/`. */
async function namesIn(directory: string): Promise<Name[]> {
  const entries = await told(ifPresent(readdir(directory, { withFileTypes: true })), directory, { operation: 'list' })
  return (entries ?? [])
    .filter((entry) => isKeySegment(entry.name) && (entry.isFile() || entry.isDirectory() || entry.isSymbolicLink()))
    .map((entry) => ({ name: entry.isDirectory() ? `${entry.name}/` : entry.name, isLink: entry.isSymbolicLink() }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

function selects(key: string, prefix: string, after: string): boolean {
  return key.startsWith(prefix) && key > after
}

/** Whether a key below `folder`, which is below the last slash of the prefix, can have the prefix and be behind `after`. */
function mayHold(folder: string, prefix: string, after: string): boolean {
  return folder.startsWith(prefix) && (folder > after || after.startsWith(folder))
}

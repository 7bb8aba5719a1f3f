import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isKeySegment, type CallOptions, type ListOptions, type ObjectInfo } from '@registry/core'
import { ifPresent, told } from './errors.js'

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
  yield* listFolder(root, folder, { prefix, after, signal })
}

/** `folder` is empty or ends in a slash. */
async function* listFolder(root: string, folder: string, selection: Selection): AsyncGenerator<ObjectInfo, void> {
  const { prefix, after, signal } = selection
  for (const name of await namesIn(join(root, folder))) {
    signal?.throwIfAborted()
    const key = folder + name
    if (name.endsWith('/')) {
      if (mayHold(key, prefix, after)) yield* listFolder(root, key, selection)
    } else if (key.startsWith(prefix) && key > after) {
      const path = join(root, key)
      const stats = await told(ifPresent(stat(path)), path, { operation: 'list', key })
      if (stats) yield { key, size: stats.size, modified: stats.mtime }
    }
  }
}

/** Names in the order of the keys that they begin or are: a folder with its slash, so that `a-b` comes before `a/`. */
async function namesIn(directory: string): Promise<string[]> {
  const entries = await told(ifPresent(readdir(directory, { withFileTypes: true })), directory, { operation: 'list' })
  return (entries ?? [])
    .filter((entry) => isKeySegment(entry.name) && (entry.isFile() || entry.isDirectory()))
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    .sort()
}

/** Whether a key below `folder`, which is below the last slash of the prefix, can have the prefix and be behind `after`. */
function mayHold(folder: string, prefix: string, after: string): boolean {
  return folder.startsWith(prefix) && (folder > after || after.startsWith(folder))
}

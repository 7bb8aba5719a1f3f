import { unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { syncDirectory } from './durable-directories.js'
import { ifPresent, told } from './errors.js'
import { statsOf } from './links.js'

/**
 * Removes the files, and resolves when that survives a power loss.
 *
 * Directories stay, also when they are empty: another process may be about to rename a file into one, and has it open for its fsync.
 * An empty directory costs one block, and its name is likely to be used again.
 */
export async function deleteObjects(root: string, keys: readonly string[], signal: AbortSignal | undefined): Promise<void> {
  const operation = 'delete'
  const directories = new Set<string>()
  for (const key of keys) {
    signal?.throwIfAborted()
    const path = join(root, key)
    const stats = await statsOf(root, key, operation)
    // A folder of keys is no object.
    if (stats?.isDirectory() === false) await told(ifPresent(unlink(path)), path, { operation, key })
    directories.add(dirname(path))
  }
  // Also where nothing was removed: whoever removed it may not have reached this, and we say that it is gone.
  for (const directory of directories) {
    await told(ifPresent(syncDirectory(directory)), directory, { operation, outcome: 'unknown' })
  }
}

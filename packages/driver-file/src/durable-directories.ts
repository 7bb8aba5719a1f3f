import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { makeDirectories } from './make-directories.js'

/** Directories below a root, made so that they survive a power loss. */
export interface DurableDirectories {
  /** Makes the directory and what is missing above it. */
  make(directory: string): Promise<void>
  /** Resolves when the entries of the directory, and the directory itself, survive a power loss. */
  settle(directory: string): Promise<void>
}

/**
 * Whether this process made a directory says nothing: another may have made it a moment ago, and not have reached its fsync.
 * So a directory counts as durable once this process has fsynced what holds its entry, and no sooner.
 *
 * @param remembered - where more directories than these are in use, some fsyncs are done again
 */
export function durableDirectories(root: string, remembered: number = 10_000): DurableDirectories {
  const durable = new Set([root])
  return {
    async make(directory) {
      await makeDirectories(directory)
    },
    async settle(directory) {
      await syncDirectory(directory)
      const settled: string[] = []
      for (let child = directory; !durable.has(child); child = dirname(child)) {
        await syncDirectory(dirname(child))
        settled.push(child)
      }
      if (durable.size + settled.length > remembered) {
        durable.clear()
        durable.add(root)
      }
      for (const child of settled) durable.add(child)
    },
  }
}

/** Makes the entries of a directory survive a power loss. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
